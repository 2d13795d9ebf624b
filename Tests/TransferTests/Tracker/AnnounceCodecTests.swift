import Bencode
import Metainfo
import Testing

@testable import Transfer

private let ownID = PeerID(Array("-TC0100-abcdefghijkl".utf8))!
private let own = (peerID: ownID, port: UInt16(6881))

private func decode(_ text: String) throws -> AnnounceResponse {
  try AnnounceResponse(decoding: Array(text.utf8), own: own)
}

private func decode(_ value: BencodeValue) throws -> AnnounceResponse {
  try AnnounceResponse(decoding: value.encoded(), own: own)
}

private func v4(_ a: UInt8, _ b: UInt8, _ c: UInt8, _ d: UInt8, _ port: UInt16) -> Endpoint {
  Endpoint(IPAddress([a, b, c, d])!, port: port)
}

@Suite struct AnnounceRequestTests {
  private func request(_ event: AnnounceEvent?) -> AnnounceRequest {
    AnnounceRequest(
      infoHash: InfoHash([0, 0x20, 0x41, 0x7e, 0xff] + [UInt8](repeating: 0x2f, count: 15))!, peerID: ownID,
      port: 6881, totals: TransferTotals(uploaded: 1, downloaded: 2, left: 3), event: event, key: 0xab)
  }

  @Test func query() throws {
    let url = request(.started).url(at: try HTTPURL("http://t/announce"))
    #expect(
      url.target == "/announce?info_hash=%00%20A~%FF" + String(repeating: "%2F", count: 15)
        + "&peer_id=-TC0100-abcdefghijkl&port=6881&uploaded=1&downloaded=2&left=3&compact=1&numwant=200"
        + "&key=000000ab&event=started")
  }

  @Test func ownQueryIsKept() throws {
    var request = request(nil)
    request.trackerID = Array("a&b".utf8)
    let target = request.url(at: try HTTPURL("http://t/announce?passkey=x")).target
    #expect(target.hasPrefix("/announce?passkey=x&info_hash="))
    #expect(target.hasSuffix("&key=000000ab&trackerid=a%26b"))
  }

  @Test func whoLeavesWantsNobody() throws {
    #expect(request(.stopped).url(at: try HTTPURL("http://t/")).target.contains("&numwant=0&"))
  }
}

@Suite struct AnnounceResponseTests {
  @Test func everything() throws {
    let response = try decode([
      "interval": 900, "min interval": 300, "complete": 5, "incomplete": 7, "tracker id": "xyz",
      "warning message": "soon gone", "peers": .string([10, 0, 0, 1, 0x1a, 0xe1, 10, 0, 0, 2, 0, 80]),
      "peers6": .string([0x20, 1] + [UInt8](repeating: 0, count: 13) + [9, 1, 0]),
    ])
    #expect(response.interval == .seconds(900))
    #expect(response.minimumInterval == .seconds(300))
    #expect(response.complete == 5)
    #expect(response.incomplete == 7)
    #expect(response.trackerID == Array("xyz".utf8))
    #expect(response.warning == "soon gone")
    #expect(
      response.peers == [
        v4(10, 0, 0, 1, 6881), v4(10, 0, 0, 2, 80), Endpoint(IPAddress(text: "2001::9")!, port: 256),
      ])
  }

  @Test func dictionaryModel() throws {
    let response = try decode([
      "interval": 900,
      "peers": [
        ["ip": "10.0.0.1", "port": 6881, "peer id": "-XX0000-000000000000"], ["ip": "2001::9", "port": 1],
      ],
    ])
    #expect(response.peers == [v4(10, 0, 0, 1, 6881), Endpoint(IPAddress(text: "2001::9")!, port: 1)])
  }

  @Test("T01 bodies that are no tracker's answer")
  func notAnswers() {
    #expect(throws: AnnounceError.empty) { try decode("") }
    #expect(throws: AnnounceError.notAnAnswer) { try decode("le") }
    #expect(throws: AnnounceError.notAnAnswer) { try decode("de") }
    #expect(throws: AnnounceError.notAnAnswer) { try decode("d3:foo3:bare") }
    for text in ["<html>hello</html>", "d8:interval", "d5:peers999999:ae", "i5"] {
      #expect { try decode(text) } throws: {
        if case .notBencode? = $0 as? AnnounceError { true } else { false }
      }
    }
  }

  @Test("T01 failure reason, as it came and cut to a length")
  func failureReason() {
    #expect(throws: AnnounceError.refused("no \u{1b}[31mway")) {
      try decode("d14:failure reason11:no \u{1b}[31mwaye")
    }
    let long = BencodeValue.dictionary([
      Array("failure reason".utf8): .string([UInt8](repeating: 97, count: 100_000))
    ])
    #expect(throws: AnnounceError.refused(String(repeating: "a", count: 400))) { try decode(long) }
  }

  @Test(
    "T01 statuses that are no success; the reason may still be in the body", arguments: [404, 410, 500, 503])
  func statuses(_ status: Int) throws {
    let head = try #require(HTTPResponseHead(statusLine: Array("HTTP/1.1 \(status) Oh no".utf8)[...]))
    #expect(throws: AnnounceError.status(status, "Oh no")) {
      try AnnounceError.response(to: head, body: Array("<html>".utf8), own: own)
    }
    #expect(throws: AnnounceError.refused("gone")) {
      try AnnounceError.response(to: head, body: Array("d14:failure reason4:gonee".utf8), own: own)
    }
  }

  @Test("T02 peers of odd lengths and useless addresses are skipped")
  func badCompact() throws {
    let good: [UInt8] = [10, 0, 0, 1, 0, 1]
    for rest in 1...5 {
      #expect(
        try decode(["peers": .string(good + [UInt8](repeating: 9, count: rest))]).peers == [
          v4(10, 0, 0, 1, 1)
        ])
    }
    let useless: [UInt8] =
      [10, 0, 0, 2, 0, 0] + [0, 0, 0, 0, 0, 1] + [224, 0, 0, 1, 0, 1] + [255, 255, 255, 255, 0, 1] + good
    #expect(try decode(["peers": .string(useless + good)]).peers == [v4(10, 0, 0, 1, 1)])
    #expect(try decode(["peers6": .string([UInt8](repeating: 0, count: 17) + [1])]).peers == [])
  }

  @Test("T02 bad dictionaries are skipped")
  func badDictionaries() throws {
    let response = try decode([
      "peers": [
        ["port": 1], ["ip": "10.0.0.2"], ["ip": "10.0.0.2", "port": 0], ["ip": "10.0.0.2", "port": -1],
        ["ip": "10.0.0.2", "port": 65536], ["ip": "10.0.0.2", "port": "1"],
        ["ip": "peer.example", "port": 1],
        ["ip": 5, "port": 1], ["ip": .string([0xff, 0xfe]), "port": 1], 7, [], "x",
        ["ip": "10.0.0.1", "port": 65535],
      ]
    ])
    #expect(response.peers == [v4(10, 0, 0, 1, 65535)])
    #expect(try decode("d5:peersi7ee").peers == [])
    #expect(try decode("d5:peersdee").peers == [])
  }

  @Test("T02 own address is left out")
  func ownAddress() throws {
    let response = try decode([
      "external ip": .string([1, 2, 3, 4]), "peers": .string([1, 2, 3, 4, 0x1a, 0xe1, 1, 2, 3, 4, 0, 1]),
    ])
    #expect(response.peers == [v4(1, 2, 3, 4, 1)])
    let named = try decode(["peers": [["ip": "10.0.0.1", "port": 1, "peer id": .string(ownID.bytes)]]])
    #expect(named.peers == [])
  }

  @Test("T02 100,000 peers: 200 are taken")
  func manyPeers() throws {
    let compact = (0..<100_000).flatMap { (i: Int) -> [UInt8] in
      [10, UInt8(i >> 16), UInt8(i >> 8 & 255), UInt8(i & 255), 0, 1]
    }
    let response = try decode([
      "peers": .string(compact), "peers6": .string([UInt8](repeating: 1, count: 18)),
    ])
    #expect(response.peers.count == 200)
    #expect(Set(response.peers).count == 200)
    let list = (0..<20_000).map { i in
      BencodeValue.dictionary([
        Array("ip".utf8): .string(Array("10.0.\(i >> 8).\(i & 255)".utf8)), Array("port".utf8): 1,
      ])
    }
    #expect(try decode(["peers": .list(list)]).peers.count == 200)
  }

  @Test(
    "T03 intervals are brought between a minute and a day",
    arguments: [
      ("", 1800), ("8:intervali0e", 60), ("8:intervali-1e", 60), ("8:intervali59e", 60),
      ("8:intervali61e", 61),
      ("8:intervali86401e", 86400), ("8:intervali9223372036854775808e", 86400),
      ("8:intervali-9223372036854775809e", 60), ("8:interval2:60", 1800),
    ])
  func intervals(_ field: String, _ seconds: Int) throws {
    #expect(try decode("d\(field)5:peers0:e").interval == .seconds(seconds))
  }

  @Test("T03 min interval of a year is a day")
  func minimumInterval() throws {
    #expect(try decode("d12:min intervali31536000e5:peers0:e").minimumInterval == .seconds(86400))
    #expect(try decode("d12:min intervali0e5:peers0:e").minimumInterval == .seconds(60))
    #expect(try decode("d5:peers0:e").minimumInterval == .seconds(60))
  }

  @Test("any bytes are an answer or an error, never a trap") func noise() {
    var random = SplitMix64(seed: 20)
    let seed: [UInt8] = Array(
      "d8:intervali900e5:peersld2:ip8:10.0.0.14:porti1eee6:peers618:aaaaaaaaaaaaaaaaaae".utf8)
    for _ in 0..<5000 {
      var bytes = seed
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
      }
      if let response = try? AnnounceResponse(decoding: bytes, own: own) {
        #expect(response.peers.count <= 2)
      }
    }
  }
}
