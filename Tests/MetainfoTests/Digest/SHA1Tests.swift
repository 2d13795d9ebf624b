import Testing

@testable import Metainfo

@Suite("SHA-1")
struct SHA1Tests {
  static let backends = [SHA1Backend.swift, .shaNI].filter(SHA1Backend.isAvailable)

  static func hex(_ digest: InlineArray<20, UInt8>) -> String { InfoHash(digest).description }

  static func digest(_ message: [UInt8], _ backend: SHA1Backend) -> String {
    var sha1 = SHA1(backend: backend)
    sha1.update(message)
    return hex(sha1.finish())
  }

  @Test("the vectors of FIPS 180", arguments: backends)
  func vectors(backend: SHA1Backend) {
    let vectors = [
      ("", "da39a3ee5e6b4b0d3255bfef95601890afd80709"),
      ("abc", "a9993e364706816aba3e25717850c26c9cd0d89d"),
      (
        "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
        "84983e441c3bd26ebaae4aa1f95129e5e54670f1"
      ),
      (
        "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
        "a49b2446a02c645bf419f995b67091253a04a259"
      ),
    ]
    for (message, expected) in vectors { #expect(Self.digest(Array(message.utf8), backend) == expected) }
  }

  @Test("a million times the letter a, in uneven parts", arguments: backends)
  func million(backend: SHA1Backend) {
    var sha1 = SHA1(backend: backend)
    let part = [UInt8](repeating: UInt8(ascii: "a"), count: 1237)
    var left = 1_000_000
    while left > 0 {
      sha1.update(part[..<min(left, part.count)])
      left -= min(left, part.count)
    }
    #expect(Self.hex(sha1.finish()) == "34aa973cd4c4daa4f61eeb2bdbad27316534016f")
  }

  @Test("a finished value starts anew", arguments: backends)
  func reuse(backend: SHA1Backend) {
    var sha1 = SHA1(backend: backend)
    sha1.update(Array("something else".utf8))
    _ = sha1.finish()
    sha1.update(Array("abc".utf8))
    #expect(Self.hex(sha1.finish()) == "a9993e364706816aba3e25717850c26c9cd0d89d")
  }

  @Test("every length around the padding, against the system's sha1sum")
  func lengths() throws {
    let seed = UInt64.random(in: 0 ... .max)
    var random = Seeded(seed)
    let messages = (Array(0...260) + [1000, 16384, 65537, 300_001]).map { length in
      (0..<length).map { _ in UInt8.random(in: 0...255, using: &random) }
    }
    let expected = try systemDigests("sha1sum", of: messages)
    for backend in Self.backends {
      for (message, digest) in zip(messages, expected) {
        #expect(Self.digest(message, backend) == digest, "\(backend), \(message.count) bytes, seed \(seed)")
      }
    }
  }

  @Test("any alignment and any split gives the digest of the whole", arguments: backends)
  func splits(backend: SHA1Backend) {
    let seed = UInt64.random(in: 0 ... .max)
    var random = Seeded(seed)
    for _ in 0..<200 {
      let count = Int.random(in: 0...700, using: &random)
      let message = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
      let expected = Self.digest(message, .swift)
      let shift = Int.random(in: 0...63, using: &random)
      let shifted = [UInt8](repeating: 0xff, count: shift) + message
      var sha1 = SHA1(backend: backend)
      var at = shift
      while at < shifted.count {
        let end = min(shifted.count, at + Int.random(in: 0...150, using: &random))
        sha1.update(shifted[at..<end])
        at = end
      }
      #expect(Self.hex(sha1.finish()) == expected, "\(count) bytes, shift \(shift), seed \(seed)")
    }
  }

  @Test("two messages side by side, of equal and of different lengths", arguments: backends)
  func pairs(backend: SHA1Backend) {
    let seed = UInt64.random(in: 0 ... .max)
    var random = Seeded(seed)
    for (a, b) in [(0, 0), (0, 70), (64, 64), (128, 128), (1000, 1000), (1000, 999), (63, 640), (4096, 17)] {
      let first = (0..<a).map { _ in UInt8.random(in: 0...255, using: &random) }
      let second = (0..<b).map { _ in UInt8.random(in: 0...255, using: &random) }
      let pair = first.withUnsafeBytes { one in
        second.withUnsafeBytes { two in SHA1.digests(of: one, and: two, backend: backend) }
      }
      #expect(Self.hex(pair.0) == Self.digest(first, .swift), "\(a) and \(b) bytes, seed \(seed)")
      #expect(Self.hex(pair.1) == Self.digest(second, .swift), "\(a) and \(b) bytes, seed \(seed)")
    }
  }
}
