import Metainfo
import Testing
import Text

/// What reading a magnet link accepts, and what it makes of it.
@Suite("Magnet links") struct MagnetLinkTests {
  static let v1 = String(repeating: "cd", count: 20)
  static let v2 = String(repeating: "cd", count: 32)
  static let start = "magnet:?xt=urn:btih:\(v1)"

  private func parse(_ text: String) throws -> MagnetLink { try MagnetLink(parsing: text) }

  private func tail(_ text: String) throws -> MagnetLink { try parse(Self.start + text) }

  @Test("M19 a hash in hexadecimal or base 32, in any case, escaped or not")
  func hashes() throws {
    let expected = try #require(InfoHash([UInt8](repeating: 0xcd, count: 20)))
    for text in [
      Self.start, "magnet:?xt=urn%3Abtih%3A\(Self.v1)", "magnet:?xt=urn:btih:\(Self.v1.dropLast())%64",
      "MAGNET:?XT=URN:BTIH:\(Self.v1.uppercased())", "magnet:?dn=x&xt.1=urn:btih:\(Self.v1)",
      "\(Self.start)&xt=urn:btih:\(Self.v1.uppercased())",
    ] {
      #expect(try parse(text).infoHashes == InfoHashes(expected), "\(text)")
    }
    for text in ["MFRGCYTBMJQWEYLCMFRGCYTBMJQWEYLC", "mfrgcytbmjqweylcmfrgcytbmjqweylc"] {
      #expect(
        try parse("magnet:?xt=urn:btih:\(text)").infoHashes.v1 == InfoHash("abababababababababab".utf8))
    }
    #expect(try parse("magnet:?xt=urn:btih:abaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa").infoHashes.v1 != nil)
  }

  @Test("M19 hashes of version 2, and of both")
  func versionTwo() throws {
    let second = try parse("magnet:?xt=urn:btmh:1220\(Self.v2)").infoHashes
    #expect(second.v1 == nil)
    #expect(second.v2 == InfoHashV2([UInt8](repeating: 0xcd, count: 32)))
    let both = try parse("magnet:?xt.1=urn:btmh:1220\(Self.v2)&xt.2=urn:btih:\(Self.v1)").infoHashes
    #expect(both.v1 != nil && both.v2 == second.v2)
  }

  @Test(
    "M19 what names no torrent is refused, saying what and where",
    arguments: [
      ("magnet:?xt=urn%%3A", MagnetError.Kind.invalidEscape, 14),
      ("magnet:?dn=foo&dht=127.0.0.1:43", .missingInfoHash, 0),
      ("magnet:?xt=blah&dn=foo&dht=127.0.0.1:43", .missingInfoHash, 0),
      ("magnet:?xt=urn:btih:abababab", .invalidInfoHash, 8),
      ("magnet:?dn=x&xt=urn:btih:ababababababababababab", .invalidInfoHash, 13),
      ("magnet:?xt=urn:btih: abababababababababab", .invalidInfoHash, 8),
      ("magnet:?xt=urn:btih:abaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n", .invalidInfoHash, 8),
      ("magnet:?xt=urn:btih:\(String(repeating: "c", count: 39))g", .invalidInfoHash, 8),
      ("magnet:?xt=urn:btih:\(String(repeating: "A", count: 31))1", .invalidInfoHash, 8),
      ("magnet:?xt=urn:btmh:1220\(v2.dropLast())", .invalidInfoHash, 8),
      ("magnet:?xt=urn:btmh:1220\(v2.dropLast(2))", .invalidInfoHash, 8),
      ("magnet:?xt=urn:btmh:1221\(v2)", .invalidInfoHash, 8),
      ("magnet:?xt=urn:btmh:\(v2)", .invalidInfoHash, 8),
      ("magnet:?xt=urn:btmh:", .invalidInfoHash, 8),
      (
        "magnet:?tr=udp%3A%2F%2Ft%A80&xt=urn:btih:a38d02c287893842a39737aa866e00828aA80", .invalidInfoHash, 29
      ),
      ("magnet:?ws=udp%3A%2F%2Ftracker%\u{f7}A80", .missingInfoHash, 0),
      ("magnet:?tr=", .missingInfoHash, 0), ("magnet:?", .missingInfoHash, 0),
      ("magnet:?&&=&x", .missingInfoHash, 0),
      ("", .notMagnet, 0), ("magnet:", .notMagnet, 0), ("http://x/?xt=urn:btih:\(v1)", .notMagnet, 0),
      ("\(start)&xt=urn:btih:\(String(repeating: "0", count: 40))", .conflictingInfoHashes, 61),
    ])
  func refused(text: String, kind: MagnetError.Kind, offset: Int) throws {
    let error = try #require(throws: MagnetError.self) { try parse(text) }
    #expect(error.kind == kind)
    #expect(error.offset == offset)
    #expect(Escaping.escaped(error.description) == error.description)
  }

  @Test("M19 a link that is too long is refused before it is read")
  func tooLong() throws {
    let link = Self.start + "&dn=" + String(repeating: "a", count: MagnetLink.maximumLength)
    #expect(try #require(throws: MagnetError.self) { try parse(link) }.kind == .tooLong)
  }

  @Test("M19 trackers and web seeds, repeated, numbered and escaped")
  func urls() throws {
    #expect(
      try tail("&tr=http://1&tr=http://2&tr=http://3&tr=http://3").trackers
        == ["http://1", "http://2", "http://3"])
    #expect(
      try tail("&tr.0=udp://1&tr.1=http://2&tr=http://3").trackers == ["udp://1", "http://2", "http://3"])
    #expect(try tail("&tr=udp%3A%2F%2Ft.example%3A80%2Fa+b").trackers == ["udp://t.example:80/a+b"])
    #expect(try tail("&amp;tr=http://1").trackers == ["http://1"])
    #expect(
      try tail("&ws=http://foo.com/bar&ws=http://bar.com/foo").webSeeds
        == ["http://foo.com/bar", "http://bar.com/foo"])
    #expect(try tail("&tr=&tr=%20&ws=").warnings == [])
    for text in ["&tr.a=udp://1&tr.1=http://2", "&tr=http://%zz&tr=http://2", "&tr=%ff&tr=http://2"] {
      let link = try tail(text)
      #expect(link.trackers == ["http://2"], "\(text)")
      #expect(link.warnings.count == 1)
    }
  }

  @Test("M19 names are decoded as forms are, and kindly")
  func names() throws {
    #expect(try tail("&dn=Ubuntu+11.04+%28Final%29").name == "Ubuntu 11.04 (Final)")
    #expect(try tail("&dn=%E6%BD%AE").name == "潮")
    #expect(try tail("&dn=100%+of+a=b&dn=other").name == "100% of a=b")
    #expect(try tail("&dn=").name == nil)
    #expect(try tail("&dn=%ff").name == "\u{fffd}")
  }

  @Test("sizes")
  func sizes() throws {
    #expect(try tail("&xl=3245").exactLength == 3245)
    for text in ["-1", "+1", "1e3", "99999999999999999999", "9007199254740993", "%"] {
      let link = try tail("&xl=\(text)")
      #expect(link.exactLength == nil, "\(text)")
      #expect(link.warnings.count == 1)
    }
  }

  @Test("M19 peers and nodes, of which those that are none are left out")
  func peers() throws {
    let link = try tail(
      "&x.pe=127.0.0.1:43&x.pe=<invalid1>&x.pe=<invalid2>:100&x.pe=[::1]:45&x.pe=%5B::2%5D:46")
    #expect(link.peers.map(\.description) == ["127.0.0.1:43", "[::1]:45", "[::2]:46"])
    #expect(link.warnings.count == 2)
    let nodes = try tail("&dht=127.0.0.1:43&dht=router.example:1337").nodes
    #expect(
      nodes == [
        BootstrapNode(host: "127.0.0.1", port: 43), BootstrapNode(host: "router.example", port: 1337),
      ])
    for text in [
      "", ":1", "a:", "a:0", "a:65536", "a:+1", "::1:45", "[a]:1", "[::1]", "a b:1", "[]:1", "a:1:1",
    ] {
      #expect(MagnetLink.Peer(text) == nil, "\(text)")
    }
    #expect(MagnetLink.Peer(host: "::1", port: 6881)?.description == "[::1]:6881")
    #expect(MagnetLink.Peer(host: "a:b", port: 6881) == nil)
  }

  @Test(
    "M19 the files that are wanted, without what is no index",
    arguments: [
      ("so=0,2,4,6-8", [0...0, 2...2, 4...4, 6...8], 0), ("so=0,2-4,3-5", [0...0, 2...5], 0),
      ("so=2-4&so=1", [1...4], 0), ("so=7-4,100000000&so=10", [10...10], 2), ("so=-4&so=1", [1...1], 1),
      ("so=3-&so=1", [1...1], 1), ("so=a&so=1", [1...1], 1), ("so=&so=,,1", [1...1], 0), ("so=&so=", nil, 0),
      ("so=\"1,2\"", nil, 2), ("so=0-16777215", [0...16_777_215], 0), ("so=16777216", nil, 1),
      ("so=99999999999999999999", nil, 1), ("so=5,1-1%2C2", [1...2, 5...5], 0),
    ] as [(String, [ClosedRange<Int>]?, Int)])
  func selection(text: String, expected: [ClosedRange<Int>]?, warnings: Int) throws {
    let link = try tail("&" + text)
    #expect(link.selection == expected)
    #expect(link.warnings.count == warnings)
  }

  @Test("parameters without a meaning here are named in a warning, of which there is a bounded number")
  func unknown() throws {
    let link = try tail("&kt=a&x.y\u{1b}=b&flag" + String(repeating: "&q=1", count: 1000))
    #expect(link.warnings.count == MetainfoWarning.maximumCount)
    #expect(link.warnings[0].description == "kt: ignored: unknown")
    for warning in link.warnings { #expect(Escaping.escaped(warning.description) == warning.description) }
  }

  @Test("a link that is written reads the same")
  func roundTrip() throws {
    let hash = try #require(InfoHash(UInt8(0)..<20))
    let second = try #require(InfoHashV2(UInt8(0)..<32))
    let link = MagnetLink(
      infoHashes: InfoHashes(hash, v2: second), name: "a & b + 潮=%41", exactLength: 5,
      trackers: ["http://t/announce?a=b&c=d", "udp://[::1]:6969"], webSeeds: ["http://w/x y"],
      peers: [MagnetLink.Peer("[::1]:6881"), MagnetLink.Peer("seed.example:1")].compactMap { $0 },
      nodes: [BootstrapNode(host: "::2", port: 6881)].compactMap { $0 }, selection: [0...0, 3...5])
    #expect(
      link.description
        == "magnet:?xt=urn:btih:\(hash)&xt=urn:btmh:1220\(second)&dn=a%20%26%20b%20%2B%20%E6%BD%AE%3D%2541&xl=5"
        + "&tr=http%3A%2F%2Ft%2Fannounce%3Fa%3Db%26c%3Dd&tr=udp%3A%2F%2F%5B%3A%3A1%5D%3A6969"
        + "&ws=http%3A%2F%2Fw%2Fx%20y&x.pe=[::1]:6881&x.pe=seed.example:1&dht=[::2]:6881&so=0,3-5")
    #expect(try MagnetLink(parsing: link.description) == link)
  }

  @Test("the link of a torrent names what is in it")
  func ofATorrent() throws {
    let link = MagnetLink(try Torrent(decoding: Sample.fixture("libtorrent-tiers.torrent")))
    #expect(link.infoHashes.v1?.description == "bc4f5db0f4ddac1b473a46209383de52e85a66c6")
    #expect(link.infoHashes.v2 == nil)
    #expect(link.name == "data")
    #expect(
      link.trackers
        == ["http://127.0.0.1:6969/announce", "udp://[::1]:6969", "http://tracker.example/announce"])
    #expect(link.webSeeds == ["http://127.0.0.1:8080/seed/"])
    #expect(link.nodes == [BootstrapNode(host: "127.0.0.1", port: 6881)])
    #expect(try MagnetLink(parsing: link.description) == link)
  }
}
