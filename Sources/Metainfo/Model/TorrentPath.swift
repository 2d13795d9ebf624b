/// A relative path from a torrent, which can't leave the folder it is used in.
///
/// Components are UTF-8 and never empty, `.`, `..`, longer than 255 bytes, or with `/` or NUL inside.
public struct TorrentPath: Hashable, Sendable {
  /// At least one component.
  public let components: [String]

  /// `nil` when a component is unsafe.
  public init?(_ components: [String]) {
    guard !components.isEmpty else { return nil }
    for component in components {
      guard !component.isEmpty, component != ".", component != "..", component.utf8.count <= 255,
        !component.utf8.contains(where: { $0 == 0 || $0 == UInt8(ascii: "/") })
      else { return nil }
    }
    self.components = components
  }

  public var name: String { components[components.count - 1] }
}

extension TorrentPath: CustomStringConvertible {
  /// Components joined by `/`. Not escaped: see `Escaping` before it is shown to anyone.
  public var description: String { components.joined(separator: "/") }
}
