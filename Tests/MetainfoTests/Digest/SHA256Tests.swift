import TestKit
import Testing

@testable import Metainfo

@Suite("SHA-256")
struct SHA256Tests {
  static func hex(_ digest: InlineArray<32, UInt8>) -> String {
    hexadecimal(digest.indices.map { digest[$0] })
  }

  /// Each way that this processor has by itself, and the ones that are used together.
  static let ways = DigestBackend.available.map { [$0] } + [SHA256.fastest(of: DigestBackend.available)]

  static func digest(_ message: [UInt8], _ way: [DigestBackend] = [.swift]) -> String {
    var sha256 = SHA256(SHA256.functions(of: way).single)
    sha256.update(message)
    return hex(sha256.finish())
  }

  @Test("the vectors of FIPS 180", arguments: ways)
  func vectors(way: [DigestBackend]) {
    let vectors = [
      ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
      ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
      (
        "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
      ),
      (
        "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
        "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"
      ),
    ]
    for (message, expected) in vectors { #expect(Self.digest(Array(message.utf8), way) == expected) }
  }

  @Test("a million times the letter a, in uneven parts", arguments: ways)
  func million(way: [DigestBackend]) {
    var sha256 = SHA256(SHA256.functions(of: way).single)
    let part = [UInt8](repeating: UInt8(ascii: "a"), count: 1237)
    var left = 1_000_000
    while left > 0 {
      sha256.update(part[..<min(left, part.count)])
      left -= min(left, part.count)
    }
    #expect(Self.hex(sha256.finish()) == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
  }

  @Test("a finished value starts anew", arguments: ways)
  func reuse(way: [DigestBackend]) {
    var sha256 = SHA256(SHA256.functions(of: way).single)
    sha256.update(Array("something else".utf8))
    _ = sha256.finish()
    sha256.update(Array("abc".utf8))
    #expect(Self.hex(sha256.finish()) == Self.digest(Array("abc".utf8)))
  }

  @Test("every length around the padding, against the system's sha256sum")
  func lengths() throws {
    let seed = UInt64.random(in: 0 ... .max)
    var random = SeededGenerator(seed: seed)
    let lengths = Array(0...260) + (0..<20).map { _ in Int.random(in: 0...70_000, using: &random) }
    let messages = lengths.map { length in (0..<length).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    }
    let expected = try systemDigests("sha256sum", of: messages)
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
      let shift = Int.random(in: 0...63, using: &random)
      let shifted = [UInt8](repeating: 0xff, count: shift) + message
      var sha256 = SHA256(SHA256.functions(of: way).single)
      var at = shift
      while at < shifted.count {
        let end = min(shifted.count, at + Int.random(in: 0...150, using: &random))
        sha256.update(shifted[at..<end])
        at = end
      }
      #expect(
        Self.hex(sha256.finish()) == Self.digest(message), "\(count) bytes, shift \(shift), seed \(seed)")
    }
  }

  @Test("a batch gives the digest of each message, of a shorter last one too", arguments: ways)
  func batch(way: [DigestBackend]) {
    let seed = UInt64.random(in: 0 ... .max)
    var random = SeededGenerator(seed: seed)
    for messageLength in [1, 32, 55, 56, 63, 64, 65, 200] {
      for count in Array(0...9) + [13, 17] {
        let last = Int.random(in: 0..<messageLength, using: &random)
        let bytes = (0..<messageLength * count + last).map { _ in UInt8(truncatingIfNeeded: random.next()) }
        let expected = stride(from: 0, to: bytes.count, by: messageLength).map {
          Self.digest(Array(bytes[$0..<min($0 + messageLength, bytes.count)]))
        }
        #expect(
          Self.batch(bytes, messageLength, way) == expected.joined(),
          "\(count) of \(messageLength) bytes and one of \(last), seed \(seed)")
      }
    }
  }

  @Test("a batch of blocks of 16 KiB, at any alignment", arguments: ways)
  func blocks(way: [DigestBackend]) {
    let seed = UInt64.random(in: 0 ... .max)
    var random = SeededGenerator(seed: seed)
    let shift = Int.random(in: 0...63, using: &random)
    var bytes = [UInt8](repeating: 0, count: shift + 11 * 16384 + 5000)
    for index in bytes.indices { bytes[index] = UInt8(truncatingIfNeeded: random.next()) }
    let expected = stride(from: shift, to: bytes.count, by: 16384).map {
      Self.digest(Array(bytes[$0..<min($0 + 16384, bytes.count)]))
    }
    var digests = [UInt8](repeating: 0, count: 12 * SHA256.length)
    bytes.withUnsafeBytes { bytes in
      digests.withUnsafeMutableBytes {
        SHA256.digests(
          of: UnsafeRawBufferPointer(rebasing: bytes[shift...]), messageLength: 16384, into: $0,
          SHA256.functions(of: way))
      }
    }
    #expect(hexadecimal(digests) == expected.joined(), "shift \(shift), seed \(seed)")
  }

  @Test("the digests of a batch may take the place of its messages", arguments: ways)
  func inPlace(way: [DigestBackend]) {
    let seed = UInt64.random(in: 0 ... .max)
    var random = SeededGenerator(seed: seed)
    var bytes = (0..<64 * 21).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    let expected = Self.batch(bytes, 64, [.swift])
    bytes.withUnsafeMutableBytes {
      SHA256.digests(of: UnsafeRawBufferPointer($0), messageLength: 64, into: $0, SHA256.functions(of: way))
    }
    #expect(hexadecimal(bytes[..<(32 * 21)]) == expected, "seed \(seed)")
  }

  @Test("a batch stops where there is no room for one more digest")
  func batchRoom() {
    let bytes = [UInt8](repeating: 7, count: 640)
    var digests = [UInt8](repeating: 0xee, count: 100)
    bytes.withUnsafeBytes { bytes in
      digests.withUnsafeMutableBytes { SHA256.digests(of: bytes, messageLength: 64, into: $0) }
    }
    #expect(hexadecimal(digests) == Self.digest([UInt8](repeating: 7, count: 64)).repeated(3) + "eeeeeeee")
  }

  static func batch(_ bytes: [UInt8], _ messageLength: Int, _ way: [DigestBackend]) -> String {
    let count = (bytes.count + messageLength - 1) / messageLength
    var digests = [UInt8](repeating: 0, count: count * SHA256.length)
    bytes.withUnsafeBytes { bytes in
      digests.withUnsafeMutableBytes {
        SHA256.digests(of: bytes, messageLength: messageLength, into: $0, SHA256.functions(of: way))
      }
    }
    return hexadecimal(digests)
  }
}

extension String {
  fileprivate func repeated(_ count: Int) -> String { String(repeating: self, count: count) }
}
