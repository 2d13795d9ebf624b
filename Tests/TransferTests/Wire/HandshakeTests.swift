import Metainfo
import Testing
import Text

@testable import Transfer

@Suite("Handshakes and peer ids")
struct HandshakeTests {
  private let handshake = Handshake(
    infoHash: InfoHash((0..<20).map { UInt8($0) })!, peerID: PeerID(Array("-TR4060-abcdefghijkl".utf8))!)

  @Test("The bytes of a handshake")
  func bytes() {
    let expected =
      [19] + Array("BitTorrent protocol".utf8) + [0, 0, 0, 0, 0, 0x10, 0, 4] + Array(0..<20)
      + Array("-TR4060-abcdefghijkl".utf8)
    #expect(handshake.encoded == expected)
    #expect(handshake.encoded.count == Handshake.length)
  }

  @Test("Round trip, with and without BEP 6 and 10, and with flags that mean nothing here")
  func roundTrip() throws {
    #expect(try Handshake.decode(handshake.encoded) == handshake)
    for (fast, extensions) in [(false, true), (true, false), (false, false)] {
      let plain = Handshake(
        infoHash: handshake.infoHash, peerID: handshake.peerID, supportsFast: fast,
        supportsExtensions: extensions)
      #expect(try Handshake.decode(plain.encoded) == plain)
    }
    var flags = handshake.encoded
    for index in 20..<28 { flags[index] = 0xff }
    #expect(try Handshake.decode(flags) == handshake)
    #expect(try Handshake.decode(handshake.encoded + [0, 0, 0, 1]) == handshake)
  }

  @Test("W01 every prefix up to 67 bytes needs more; the info-hash is there from byte 48 on")
  func prefixes() throws {
    let bytes = handshake.encoded
    for count in 0..<Handshake.length {
      #expect(try Handshake.decode(bytes[..<count]) == nil)
      let infoHash = try Handshake.infoHash(in: bytes[..<count])
      #expect(infoHash == (count < Handshake.greetingLength ? nil : handshake.infoHash))
    }
  }

  @Test("W01 a wrong length or protocol name is refused at the byte that shows it")
  func notBitTorrent() {
    for index in 0..<20 {
      var bytes = handshake.encoded
      bytes[index] ^= 0x20
      #expect(throws: Never.self) { try Handshake.decode(bytes[..<index]) }
      for count in index + 1...bytes.count {
        #expect(throws: WireError.notBitTorrent) { try Handshake.decode(bytes[..<count]) }
      }
    }
    #expect(throws: WireError.notBitTorrent) { try Handshake.decode(Array("GET / HTTP/1.1".utf8)) }
  }

  @Test("The client's name comes from the id, whatever bytes it has")
  func clients() {
    for (id, name) in [
      ("-TR4060-abcdefghijkl", "Transmission 4.0.6"), ("-LT2110-abcdefghijkl", "libtorrent 2.1.1"),
      ("-XY1234-abcdefghijkl", "XY 1.2.3.4"), ("A2-1-37-0-abcdefghij", "A2-1-37-"),
      ("\u{1b}[31m---------------", "unknown"), ("M7-9\u{7}abcdefghijklmno", "M7-9"),
    ] {
      #expect(PeerID(Array(id.utf8))?.client == name)
    }
    var random = SplitMix64(seed: 5)
    for _ in 0..<1000 {
      let client = PeerID((0..<20).map { _ in UInt8.random(in: 0...255, using: &random) })?.client ?? ""
      #expect(!client.isEmpty && client.unicodeScalars.allSatisfy { (0x20...0x7e).contains($0.value) })
    }
    #expect(PeerID(using: &random) != PeerID(using: &random))
    // The id and the program say the same.
    #expect(PeerID(using: &random).client == Release.name)
    #expect(PeerID([1, 2, 3]) == nil)
  }
}
