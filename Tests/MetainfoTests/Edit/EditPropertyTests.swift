import Bencode
import TestKit
import Testing

@testable import Metainfo

/// Random edits of random torrents, next to the plainest imaginable account of what they should do.
@Suite struct EditPropertyTests {
  private struct Account {
    var tiers: [[String]] = []
    var webSeeds: [String] = []
    var nodes: [BootstrapNode] = []
    var comment: String?
    var createdBy: String?
    var creationDate: Int?

    mutating func apply(_ change: TorrentChange) {
      switch change {
      case .setTrackers(let new): tiers = new.tiers
      case .addTrackers(let urls, let tier):
        let fresh = urls.reduce(into: [String]()) { fresh, url in
          if !tiers.joined().contains(url), !fresh.contains(url) { fresh.append(url) }
        }
        if let tier, tiers.indices.contains(tier - 1) {
          tiers[tier - 1] += fresh
        } else {
          tiers.append(fresh)
        }
      case .removeTracker(let url): tiers = tiers.map { $0.filter { $0 != url } }
      case .replaceTracker(let old, let new):
        guard old != new else { break }
        let isKnown = tiers.joined().contains(new)
        tiers = tiers.map { $0.compactMap { $0 == old ? (isKnown ? nil : new) : $0 } }
      case .setWebSeeds(let urls): webSeeds = urls
      case .addWebSeed(let url): if !webSeeds.contains(url) { webSeeds.append(url) }
      case .removeWebSeed(let url): webSeeds.removeAll { $0 == url }
      case .setNodes(let all): nodes = all
      case .addNode(let node): if !nodes.contains(node) { nodes.append(node) }
      case .removeNode(let node): nodes.removeAll { $0 == node }
      case .comment(let text): comment = text
      case .createdBy(let text): createdBy = text
      case .creationDate(let seconds): creationDate = seconds
      case .name, .isPrivate, .source: break
      }
      tiers.removeAll { $0.isEmpty }
    }
  }

  private static let urls = (0..<6).map { "http://t\($0)/" }
  private static let touched: Set = [
    "announce", "announce-list", "url-list", "nodes", "comment", "created by", "creation date",
  ]

  @Test("random edits do what they say, and nothing to the info dictionary, unknown keys and their order")
  func random() throws {
    let seed = UInt64.random(in: 0 ... .max)
    var source = SeededGenerator(seed: seed)
    for round in 0..<400 {
      var account = Account()
      let raw = torrent(&account, &source)
      let changes = (0..<Int.random(in: 0...6, using: &source)).map { _ in change(&source) }
      let edited = try TorrentEditor(raw.bytes).applying(changes)
      for change in changes { account.apply(change) }
      let context = "seed \(seed), round \(round): \(changes)"
      let result = edited.torrent
      #expect(result.announce.tiers == account.tiers, "\(context)")
      #expect(result.webSeeds == account.webSeeds, "\(context)")
      #expect(result.nodes == account.nodes, "\(context)")
      #expect(result.comment == account.comment, "\(context)")
      #expect(result.createdBy == account.createdBy, "\(context)")
      #expect(result.creationDate == account.creationDate, "\(context)")
      #expect(result.infoHashes == edited.original.infoHashes, "\(context)")
      let after = try RawTorrent(edited.bytes)
      #expect(after.except(Self.touched) == raw.except(Self.touched), "\(context)")
      #expect(edited.isChanged == (edited.bytes != raw.bytes), "\(context)")
      // What was done is not done again.
      if changes.count == 1 {
        #expect(try TorrentEditor(edited.bytes).applying(changes).bytes == edited.bytes, "\(context)")
      }
    }
  }

  /// A torrent with some of the fields, some unknown keys, and now and then in no order.
  private func torrent(_ account: inout Account, _ source: inout SeededGenerator) -> RawTorrent {
    var entries: [(key: String, value: BencodeValue)] = []
    var info = Sample.single
    for key in ["aaa", "mmm", "zzz"] where Bool.random(using: &source) { info[key] = value(&source) }
    entries.append(("info", Sample.value(info)))
    for key in ["aaa", "b", "comment2", "mmm", "zzz"] where Bool.random(using: &source) {
      entries.append((key, value(&source)))
    }
    let urls = Self.urls.shuffled(using: &source).prefix(Int.random(in: 0...4, using: &source))
    account.tiers = urls.reduce(into: []) { tiers, url in
      if Bool.random(using: &source), !tiers.isEmpty {
        tiers[tiers.count - 1].append(url)
      } else {
        tiers.append([url])
      }
    }
    if let first = urls.first {
      if urls.count > 1 || Bool.random(using: &source) {
        entries.append(("announce-list", .list(account.tiers.map { .list($0.map(BencodeValue.text)) })))
        if Bool.random(using: &source) { entries.append(("announce", .text(first))) }
      } else {
        entries.append(("announce", .text(first)))
      }
    }
    if Bool.random(using: &source) {
      account.webSeeds = Array(Self.urls.shuffled(using: &source).prefix(2))
      entries.append(("url-list", .list(account.webSeeds.map(BencodeValue.text))))
    }
    if Bool.random(using: &source) {
      account.nodes = [node(&source)]
      entries.append(("nodes", .list(account.nodes.map { [.text($0.host), .integer(Int64($0.port))] })))
    }
    if Bool.random(using: &source) {
      account.comment = "old"
      entries.append(("comment", "old"))
    }
    if Bool.random(using: &source) {
      account.creationDate = 1
      entries.append(("creation date", 1))
    }
    if Int.random(in: 0..<3, using: &source) == 0 {
      entries.shuffle(using: &source)
    } else {
      entries.sort { $0.key < $1.key }
    }
    return RawTorrent(entries)
  }

  private func change(_ source: inout SeededGenerator) -> TorrentChange {
    func url() -> String { Self.urls.randomElement(using: &source) ?? "" }
    let optional = Bool.random(using: &source)
    switch Int.random(in: 0..<13, using: &source) {
    case 0: return .setTrackers(AnnounceTiers(Self.urls.shuffled(using: &source).prefix(2).map { [$0] }))
    case 1: return .addTrackers([url(), url()], tier: optional ? Int.random(in: 1...3, using: &source) : nil)
    case 2, 3: return .removeTracker(url())
    case 4: return .replaceTracker(url(), with: url())
    case 5: return .setWebSeeds(Array(Self.urls.shuffled(using: &source).prefix(optional ? 0 : 2)))
    case 6: return .addWebSeed(url())
    case 7: return .removeWebSeed(url())
    case 8: return .setNodes(optional ? [] : [node(&source)])
    case 9: return optional ? .addNode(node(&source)) : .removeNode(node(&source))
    case 10: return .comment(optional ? nil : "new")
    case 11: return .createdBy(optional ? nil : "me")
    default: return .creationDate(optional ? nil : 2)
    }
  }

  private func node(_ source: inout SeededGenerator) -> BootstrapNode {
    let port = UInt16.random(in: 1...3, using: &source)
    guard let node = BootstrapNode(host: "n", port: port) else { preconditionFailure("a host and a port") }
    return node
  }

  private func value(_ source: inout SeededGenerator) -> BencodeValue {
    switch Int.random(in: 0..<4, using: &source) {
    case 0: .integer(Int64.random(in: .min ... .max, using: &source))
    case 1: .string((0..<5).map { _ in UInt8.random(in: 0...255, using: &source) })
    case 2: [1, "two"]
    default: ["k": ["deep": []]]
    }
  }
}
