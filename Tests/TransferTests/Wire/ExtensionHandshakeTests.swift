import Bencode
import Testing

@testable import Transfer

@Suite("The extension handshake")
struct ExtensionHandshakeTests {
  private func decode(_ text: String) throws(WireError) -> ExtensionHandshake {
    try ExtensionHandshake(decoding: Array(text.utf8))
  }

  @Test("What libtorrent and Transmission send is read")
  func others() throws {
    let libtorrent = try decode(
      "d1:md11:lt_donthavei7e12:ut_holepunchi4e11:ut_metadatai2e6:ut_pexi1e11:upload_onlyi3ee"
        + "13:metadata_sizei31235e4:reqqi2000e1:v17:libtorrent/2.0.106:yourip4:\u{7f}\0\0\u{1}e")
    #expect(libtorrent.messages["ut_pex"] == 1 && libtorrent.messages.count == 5)
    #expect(libtorrent.client == "libtorrent/2.0.10" && libtorrent.requestQueue == 2000)
    #expect(libtorrent.yourAddress == .loopbackIPv4 && libtorrent.port == nil)
    let transmission = try decode(
      "d1:ei1e1:md11:ut_metadatai3e6:ut_pexi1ee13:metadata_sizei215e1:pi51413e4:reqqi512e11:upload_onlyi0e"
        + "1:v18:Transmission 4.0.6e")
    #expect(transmission.port == 51413 && transmission.requestQueue == 512)
    #expect(transmission.client == "Transmission 4.0.6")
  }

  @Test("What is written is read back")
  func roundTrip() throws {
    var handshake = ExtensionHandshake(client: "torrentctl 0.1.0", requestQueue: 2000)
    #expect(try ExtensionHandshake(decoding: handshake.encoded) == handshake)
    handshake.messages = ["ut_metadata": 255, "ut_pex": 1]
    handshake.port = 6881
    handshake.yourAddress = .loopbackIPv6
    #expect(try ExtensionHandshake(decoding: handshake.encoded) == handshake)
    #expect(
      throws: Never.self, "canonical: \(handshake)"
    ) { try BencodeDocument(handshake.encoded, reading: .strict) }
  }

  @Test("W16 numbers out of their range are clamped, or not said")
  func ranges() throws {
    for (text, queue) in [
      ("-1", nil), ("0", nil), ("1", 1), ("65535", 65_535), ("65536", 65_535), ("2147483648", 65_535),
      ("9223372036854775807", 65_535), ("9223372036854775808", nil), ("-9223372036854775808", nil),
      ("99999999999999999999", nil),
    ] as [(String, Int?)] {
      #expect(try decode("d4:reqqi\(text)ee").requestQueue == queue, "reqq \(text)")
    }
    #expect(try decode("d4:reqq3:500e").requestQueue == nil)
    for (text, port) in [("-1", nil), ("0", nil), ("1", 1), ("65535", 65_535), ("65536", nil)]
      as [(String, UInt16?)]
    {
      #expect(try decode("d1:pi\(text)ee").port == port, "p \(text)")
    }
  }

  @Test("W16 an address of neither four nor sixteen bytes is none")
  func addresses() throws {
    for count in 0...20 {
      let text = "d6:yourip\(count):" + String(repeating: "a", count: count) + "e"
      #expect((try decode(text).yourAddress != nil) == (count == 4 || count == 16), "\(count) bytes")
    }
    #expect(try decode("d6:youripi7ee").yourAddress == nil)
  }

  @Test("W16 ids 0, 256 and such as are taken don't name a message")
  func ids() throws {
    let handshake = try decode("d1:md1:ai0e1:bi255e1:ci256e1:di-1e1:ei255e1:fi7e1:gi7e1:h1:7e4:reqqi3ee")
    #expect(handshake.messages == ["b": 255, "f": 7])
    #expect(handshake.requestQueue == 3)
    #expect(try decode("d1:mi7ee").messages.isEmpty)
    #expect(try decode("d1:mlee").messages.isEmpty)
    let many = (0..<255).map { "3:\(100 + $0)i\($0 + 1)e" }.joined()
    #expect(try decode("d1:md\(many)ee").messages.count == 64)
    let long = String(repeating: "x", count: 65)
    #expect(try decode("d1:md65:\(long)i1eee").messages.isEmpty)
  }

  @Test("A client's name is text of a length that can be shown, or none")
  func clients() throws {
    #expect(try decode("d1:v0:e").client == nil)
    #expect(try decode("d1:v65:\(String(repeating: "x", count: 65))e").client == nil)
    #expect(
      try ExtensionHandshake(decoding: Array("d1:v2:".utf8) + [0xff, 0xfe] + Array("e".utf8)).client == nil)
  }

  @Test("W16 what is nested 50,000 deep, too long or no dictionary is an error, and never a trap")
  func malformed() throws {
    let deep = "d1:m" + String(repeating: "l", count: 50_000) + String(repeating: "e", count: 50_001)
    let full = "d1:m" + String(repeating: "l", count: 8_000) + String(repeating: "e", count: 8_001)
    let tokens = "d1:ml" + String(repeating: "i1e", count: 2_000) + "ee"
    for text in ["", "i1e", "le", "4:spam", "d", "d1:mde", "e", deep, full, tokens, "d1:v99999:e"] {
      #expect(throws: WireError.invalid(message: .extensionHandshake), "\(text.prefix(20))") {
        try decode(text)
      }
    }
  }

  @Test("The longest that is read, and a byte more")
  func longest() throws {
    let decoder = FrameDecoder(pieceCount: 1)
    func frame(_ count: Int) -> [UInt8] {
      let text = "d1:x\(count - 12):" + String(repeating: "y", count: count - 12) + "e"
      let dictionary = Array(text.utf8)
      #expect(dictionary.count == count - 1 || dictionary.count == count)
      let length = UInt32(dictionary.count + 2)
      return (0..<4).map { UInt8(truncatingIfNeeded: length >> (24 - 8 * $0)) } + [20, 0] + dictionary
    }
    let right = frame(ExtensionHandshake.longest - 10)
    #expect(
      try decoder.decode(right.span.bytes)
        == .message(.extensionHandshake(ExtensionHandshake()), consumed: right.count))
    // The header is enough to tell.
    let wrong = Array(frame(ExtensionHandshake.longest + 10).prefix(6))
    #expect(throws: WireError.invalid(message: .extensionHandshake)) { try decoder.decode(wrong.span.bytes) }
  }

  @Test("Any bytes are a handshake or an error")
  func anyBytes() {
    var random = SplitMix64(seed: 11)
    let start = Array("d1:md6:ut_pexi1ee1:pi6881e4:reqqi250e1:v5:tc 0.6:yourip4:abcde".utf8)
    for round in 0..<20_000 {
      var bytes = start
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 32...126, using: &random)
      }
      guard let handshake = try? ExtensionHandshake(decoding: bytes) else { continue }
      let again = try? ExtensionHandshake(decoding: handshake.encoded)
      #expect(again == handshake, "seed 11, round \(round)")
    }
  }
}
