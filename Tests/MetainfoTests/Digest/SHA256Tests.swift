import Testing

@testable import Metainfo

@Suite("SHA-256")
struct SHA256Tests {
  static func hex(_ digest: InlineArray<32, UInt8>) -> String {
    hexadecimal(digest.indices.map { digest[$0] })
  }

  static func digest(_ message: [UInt8]) -> String { hex(SHA256.digest(of: message)) }

  @Test("the vectors of FIPS 180")
  func vectors() {
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
    for (message, expected) in vectors { #expect(Self.digest(Array(message.utf8)) == expected) }
  }

  @Test("a million times the letter a, in uneven parts")
  func million() {
    var sha256 = SHA256()
    let part = [UInt8](repeating: UInt8(ascii: "a"), count: 1237)
    var left = 1_000_000
    while left > 0 {
      sha256.update(part[..<min(left, part.count)])
      left -= min(left, part.count)
    }
    #expect(Self.hex(sha256.finish()) == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
  }

  @Test("a finished value starts anew")
  func reuse() {
    var sha256 = SHA256()
    sha256.update(Array("something else".utf8))
    _ = sha256.finish()
    sha256.update(Array("abc".utf8))
    #expect(Self.hex(sha256.finish()) == Self.digest(Array("abc".utf8)))
  }

  @Test("every length around the padding, against the system's sha256sum")
  func lengths() throws {
    let seed = UInt64.random(in: 0 ... .max)
    var random = Seeded(seed)
    let lengths = Array(0...260) + (0..<20).map { _ in Int.random(in: 0...70_000, using: &random) }
    let messages = lengths.map { length in (0..<length).map { _ in UInt8.random(in: 0...255, using: &random) }
    }
    for (message, digest) in zip(messages, try systemDigests("sha256sum", of: messages)) {
      #expect(Self.digest(message) == digest, "\(message.count) bytes, seed \(seed)")
    }
  }

  @Test("any alignment and any split gives the digest of the whole")
  func splits() {
    let seed = UInt64.random(in: 0 ... .max)
    var random = Seeded(seed)
    for _ in 0..<200 {
      let count = Int.random(in: 0...700, using: &random)
      let message = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
      let shift = Int.random(in: 0...63, using: &random)
      let shifted = [UInt8](repeating: 0xff, count: shift) + message
      var sha256 = SHA256()
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

  @Test("a batch gives the digest of each message, of a shorter last one too")
  func batch() {
    let seed = UInt64.random(in: 0 ... .max)
    var random = Seeded(seed)
    for messageLength in [1, 32, 55, 56, 63, 64, 65, 128, 1000, 16384] {
      for count in Array(0...19) + [33] {
        let last = Int.random(in: 0..<messageLength, using: &random)
        let bytes = (0..<messageLength * count + last).map { _ in UInt8.random(in: 0...255, using: &random) }
        let expected = stride(from: 0, to: bytes.count, by: messageLength).map {
          Self.digest(Array(bytes[$0..<min($0 + messageLength, bytes.count)]))
        }
        #expect(
          Self.batch(bytes, messageLength) == expected.joined(),
          "\(count) of \(messageLength) bytes and one of \(last), seed \(seed)")
      }
    }
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

  static func batch(_ bytes: [UInt8], _ messageLength: Int) -> String {
    let count = (bytes.count + messageLength - 1) / messageLength
    var digests = [UInt8](repeating: 0, count: count * SHA256.length)
    bytes.withUnsafeBytes { bytes in
      digests.withUnsafeMutableBytes { SHA256.digests(of: bytes, messageLength: messageLength, into: $0) }
    }
    return hexadecimal(digests)
  }
}

extension String {
  fileprivate func repeated(_ count: Int) -> String { String(repeating: self, count: count) }
}
