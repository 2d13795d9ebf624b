import TestKit
import Testing

@testable import Metainfo

@Suite("SHA-1")
struct SHA1Tests {
  /// Each way that this processor has by itself, and the ones that are used together.
  static let ways = DigestBackend.available.map { [$0] } + [SHA1.fastest(of: DigestBackend.available)]

  static func hex(_ digest: InlineArray<20, UInt8>) -> String { InfoHash(digest).description }

  static func digest(_ message: [UInt8], _ way: [DigestBackend]) -> String {
    var sha1 = SHA1(SHA1.functions(of: way).single)
    sha1.update(message)
    return hex(sha1.finish())
  }

  @Test("the vectors of FIPS 180", arguments: ways)
  func vectors(way: [DigestBackend]) {
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
    for (message, expected) in vectors { #expect(Self.digest(Array(message.utf8), way) == expected) }
  }

  @Test("a million times the letter a, in uneven parts", arguments: ways)
  func million(way: [DigestBackend]) {
    var sha1 = SHA1(SHA1.functions(of: way).single)
    let part = [UInt8](repeating: UInt8(ascii: "a"), count: 1237)
    var left = 1_000_000
    while left > 0 {
      sha1.update(part[..<min(left, part.count)])
      left -= min(left, part.count)
    }
    #expect(Self.hex(sha1.finish()) == "34aa973cd4c4daa4f61eeb2bdbad27316534016f")
  }

  @Test("a finished value starts anew", arguments: ways)
  func reuse(way: [DigestBackend]) {
    var sha1 = SHA1(SHA1.functions(of: way).single)
    sha1.update(Array("something else".utf8))
    _ = sha1.finish()
    sha1.update(Array("abc".utf8))
    #expect(Self.hex(sha1.finish()) == "a9993e364706816aba3e25717850c26c9cd0d89d")
  }

  @Test("every length around the padding, against the system's sha1sum")
  func lengths() throws {
    let seed = UInt64.random(in: 0 ... .max)
    var random = SeededGenerator(seed: seed)
    let messages = (Array(0...260) + [1000, 16384, 65537, 300_001]).map { length in
      (0..<length).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    }
    let expected = try systemDigests("sha1sum", of: messages)
    for way in Self.ways {
      for (message, digest) in zip(messages, expected) {
        #expect(Self.digest(message, way) == digest, "\(way), \(message.count) bytes, seed \(seed)")
      }
    }
  }

  @Test("any alignment and any split gives the digest of the whole", arguments: ways)
  func splits(way: [DigestBackend]) {
    let seed = UInt64.random(in: 0 ... .max)
    var random = SeededGenerator(seed: seed)
    for _ in 0..<200 {
      let count = Int.random(in: 0...700, using: &random)
      let message = (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) }
      let expected = Self.digest(message, [.swift])
      let shift = Int.random(in: 0...63, using: &random)
      let shifted = [UInt8](repeating: 0xff, count: shift) + message
      var sha1 = SHA1(SHA1.functions(of: way).single)
      var at = shift
      while at < shifted.count {
        let end = min(shifted.count, at + Int.random(in: 0...150, using: &random))
        sha1.update(shifted[at..<end])
        at = end
      }
      #expect(Self.hex(sha1.finish()) == expected, "\(count) bytes, shift \(shift), seed \(seed)")
    }
  }
}
