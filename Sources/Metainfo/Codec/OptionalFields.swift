import Bencode
import Text

/// The fields outside of the info dictionary. None of them matters so much that a torrent is refused for it:
/// what is not as it should be counts as absent, with a warning.
struct OptionalFields {
  private let root: BencodeNode
  private(set) var warnings: [MetainfoWarning] = []

  init(_ root: BencodeNode) { self.root = root }

  /// Text in whatever encoding, which is UTF-8 by now; other bytes become U+FFFD. What some programs write beside it, the
  /// same in UTF-8 for certain, counts where it is there.
  mutating func text(_ key: String) -> String? {
    if let twin = root[key + ".utf-8"]?.text { return twin }
    guard let node = root[key] else { return nil }
    guard let string = node.string else {
      ignore(key, "not a string")
      return nil
    }
    return String(decoding: string, as: UTF8.self)
  }

  mutating func integer(_ key: String) -> Int? {
    guard let node = root[key] else { return nil }
    guard let integer = node.integer.flatMap(Int.init(exactly:)) else {
      ignore(key, node.kind == .integer ? "out of range" : "not an integer")
      return nil
    }
    return integer
  }

  /// URLs given as one string or a list of them (BEP 19).
  mutating func urls(_ key: String) -> [String] {
    guard let node = root[key] else { return [] }
    switch node.kind {
    case .string: return url(node, key).map { [$0] } ?? []
    case .list:
      var urls: [String] = []
      for element in node.elements { if let url = url(element, key) { urls.append(url) } }
      return urls
    case .integer, .dictionary:
      ignore(key, "neither a string nor a list")
      return []
    }
  }

  /// BEP 12: `announce-list` counts and `announce` doesn't, unless the list is empty.
  mutating func announceTiers() -> AnnounceTiers {
    var tiers: [[String]] = []
    if let list = root["announce-list"] {
      if list.kind != .list { ignore("announce-list", "not a list") }
      for tier in list.elements {
        var urls: [String] = []
        // Some programs write the tiers' only tracker where the tier should be.
        if tier.kind == .string, let url = url(tier, "announce-list") { urls.append(url) }
        for element in tier.elements { if let url = url(element, "announce-list") { urls.append(url) } }
        tiers.append(urls)
      }
    }
    let listed = AnnounceTiers(tiers)
    guard listed.isEmpty else { return listed }
    return AnnounceTiers([urls("announce")])
  }

  /// BEP 5: a list of pairs of host and port.
  mutating func nodes() -> [BootstrapNode] {
    guard let list = root["nodes"] else { return [] }
    if list.kind != .list { ignore("nodes", "not a list") }
    var nodes: [BootstrapNode] = []
    for pair in list.elements {
      if let node = BootstrapNode(decoding: pair) {
        nodes.append(node)
      } else {
        ignore("nodes", "not a pair of host and port")
      }
    }
    return nodes
  }

  /// `nil` for an empty string, which some programs write for "none".
  private mutating func url(_ node: BencodeNode, _ key: String) -> String? {
    guard let text = node.text else {
      ignore(key, "not text")
      return nil
    }
    return text.trimmingWhitespace()
  }

  private mutating func ignore(_ field: String, _ reason: String) {
    guard warnings.count < MetainfoWarning.maximumCount else { return }
    warnings.append(.ignored(field: field, reason: reason))
  }
}
