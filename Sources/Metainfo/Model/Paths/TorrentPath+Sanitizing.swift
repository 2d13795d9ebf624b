import Text

extension TorrentPath {
  /// Why no safe path can be made of what a torrent says.
  public enum Refusal: Error, Hashable, Sendable {
    /// No component; or, for a name, nothing that could be one.
    case empty
    /// More than `TorrentPath.maximumDepth` components.
    case tooDeep
  }

  /// Makes a safe path of any bytes, always the same one of the same bytes:
  ///
  /// | a component that is | |
  /// | --- | --- |
  /// | `..` | becomes `_`: it leads nowhere |
  /// | empty or `.` | is left out: it names nothing; a path of nothing else is `_` |
  /// | with `/` or NUL inside | gets `_` in their place |
  /// | invalid UTF-8 | gets `%` and two hexadecimal digits in place of each invalid byte |
  /// | longer than 255 bytes | is cut, and `~` with 8 digits of its SHA-1 put before its extension |
  /// | anything else | stays |
  public init(sanitizing raw: some Sequence<ArraySlice<UInt8>>) throws(Refusal) {
    var components: [String] = []
    var count = 0
    for component in raw {
      count += 1
      guard count <= Self.maximumDepth else { throw .tooDeep }
      guard !component.isEmpty, !component.elementsEqual(".".utf8) else { continue }
      components.append(component.elementsEqual("..".utf8) ? "_" : Self.safe(component))
    }
    guard count > 0 else { throw .empty }
    self.init(unchecked: components.isEmpty ? ["_"] : components)
  }

  /// The torrent's own name, of any bytes, by the same rules. One of which nothing is left, for it is empty, `.`, `..` or
  /// made of `/` and NUL, is refused: nobody could tell what it is.
  public init(sanitizingName raw: ArraySlice<UInt8>) throws(Refusal) {
    guard !raw.allSatisfy({ $0 == 0 || $0 == UInt8(ascii: "/") }), !raw.elementsEqual(".".utf8),
      !raw.elementsEqual("..".utf8)
    else { throw .empty }
    try self.init(sanitizing: CollectionOfOne(raw))
  }

  /// Whether the path says exactly what the torrent said.
  public func isVerbatim(_ raw: some Sequence<ArraySlice<UInt8>>) -> Bool {
    raw.elementsEqual(components) { $0.elementsEqual($1.utf8) }
  }

  private static func safe(_ raw: ArraySlice<UInt8>) -> String {
    var name = Escaping.replacingInvalid(raw) { "%" + $0 }
    if name.utf8.contains(where: { $0 == 0 || $0 == UInt8(ascii: "/") }) {
      let bytes = name.utf8.map { $0 == 0 || $0 == UInt8(ascii: "/") ? UInt8(ascii: "_") : $0 }
      name = String(decoding: bytes, as: UTF8.self)
    }
    guard name.utf8.count > maximumComponentLength else { return name }
    let digest = InfoHash(SHA1.digest(of: raw)).description
    return suffixed(name, with: "~" + digest.prefix(8))
  }

  /// The name with a suffix before its extension, cut at a character so that it fits.
  static func suffixed(_ name: String, with suffix: String) -> String {
    var stem = name[...]
    var ending = suffix
    if let dot = name.lastIndex(of: "."), dot != name.startIndex, name[dot...].utf8.count <= 16 {
      stem = name[..<dot]
      ending += name[dot...]
    }
    while stem.utf8.count + ending.utf8.count > maximumComponentLength { stem.unicodeScalars.removeLast() }
    return stem + ending
  }
}
