import Metainfo

/// A URL, as far as it can be told from other text.
struct URLText: OptionValue {
  let url: String
  static let expected = "a URL (http://tracker.example/announce)"

  init?(argument: String) {
    guard Self.isURL(argument[...]) else { return nil }
    url = argument
  }

  /// A scheme, `://`, something behind it, and no white space.
  static func isURL(_ text: Substring) -> Bool {
    guard let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")), colon > text.startIndex else {
      return false
    }
    let scheme = text[..<colon].utf8
    let rest = text[colon...]
    return rest.hasPrefix("://") && rest.utf8.count > 3
      && scheme.allSatisfy { byte in
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
          || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || "+-.".utf8.contains(byte)
      } && text.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7f }
  }
}

/// The trackers of a tier, separated by commas.
struct TierText: OptionValue {
  let urls: [String]
  static let expected = "a URL, or several with commas between them (http://tracker.example/announce)"

  init?(argument: String) {
    let parts = argument.split(separator: ",", omittingEmptySubsequences: false)
    guard parts.allSatisfy(URLText.isURL) else { return nil }
    urls = parts.map(String.init)
  }
}

/// A URL and the one to be put in its place: `OLD=NEW`. A URL may have `=` inside; the one that counts has a URL
/// behind it.
struct URLPair: OptionValue {
  let old: String
  let new: String
  static let expected = "OLD=NEW (http://old.example/announce=http://new.example/announce)"

  init?(argument: String) {
    for equals in argument.indices where argument[equals] == "=" {
      let (old, new) = (argument[..<equals], argument[argument.index(after: equals)...])
      if URLText.isURL(new), !old.isEmpty {
        self.old = String(old)
        self.new = String(new)
        return
      }
    }
    return nil
  }
}

/// A DHT node.
struct NodeText: OptionValue {
  let node: BootstrapNode
  static let expected = HostPort.expected

  init?(argument: String) {
    guard let place = HostPort(argument: argument),
      let node = BootstrapNode(host: place.host, port: place.port)
    else { return nil }
    self.node = node
  }
}

/// The name of a torrent: one component of a path.
struct NameText: OptionValue {
  let path: TorrentPath
  static let expected = "a file name (1 to 255 bytes, no '/', not '.' or '..')"

  init?(argument: String) {
    guard let path = TorrentPath([argument]) else { return nil }
    self.path = path
  }
}
