/// The text of a URL as it may be shown: without a user's name and password, and not without end.
package enum RedactedURL {
  /// Bytes.
  package static let lengthLimit = 300

  /// O(length). Not escaped.
  package static func text(_ url: String) -> String {
    var bytes = Array(url.utf8)
    if let colon = bytes.firstIndex(of: UInt8(ascii: ":")), bytes[(colon + 1)...].starts(with: "//".utf8) {
      let authority = bytes[(colon + 3)...].prefix { !"/?#".utf8.contains($0) }
      if let at = authority.lastIndex(of: UInt8(ascii: "@")) {
        bytes.removeSubrange(authority.startIndex...at)
      }
    }
    let isLong = bytes.count > lengthLimit
    return String(decoding: bytes.prefix(lengthLimit), as: UTF8.self) + (isLong ? "…" : "")
  }

  /// The same, fit for a terminal.
  package static func escaped(_ url: String) -> String { Escaping.escaped(text(url)) }
}
