import Text

/// A relative path from a torrent, which can't leave the folder it is used in.
///
/// Components are UTF-8 (without U+10FF80 to U+10FFFF, which `SystemText` has a use for) and never empty, `.`, `..`, longer than 255 bytes, or with `/` or NUL inside. Everything
/// else that Linux lets a name be is kept, a backslash or `~` or a control character too: such a name was a
/// file's name where the torrent was made, and nothing here gives those characters a meaning.
public struct TorrentPath: Sendable {
  /// Bytes of the longest component: what Linux file systems take.
  public static let maximumComponentLength = 255
  /// Components of the deepest path.
  public static let maximumDepth = 100
  /// Components of the deepest path in a `file tree` (BEP 52) that is written: each is a level of the bencoding, of which
  /// libtorrent reads a hundred, and five more are around it.
  static let maximumTreeDepth = 95

  /// At least one component.
  public let components: [String]

  /// `nil` when a component is unsafe, or there are none or too many.
  public init?(_ components: [String]) {
    guard !components.isEmpty, components.count <= Self.maximumDepth else { return nil }
    for component in components {
      guard !component.isEmpty, component != ".", component != "..",
        component.utf8.count <= Self.maximumComponentLength, SystemText.isVerbatim(component),
        !component.utf8.contains(where: { $0 == 0 || $0 == UInt8(ascii: "/") })
      else { return nil }
    }
    self.components = components
  }

  /// Whether a run of bytes is a component that can be used as it is. O(length).
  static func isPlain(_ bytes: [UInt8], _ component: Range<Int>) -> Bool {
    let length = component.count
    guard (1...maximumComponentLength).contains(length), component.upperBound <= bytes.count else {
      return false
    }
    // What the loop can tell of all bytes without leaving it: whether one is forbidden, or beyond ASCII.
    var isForbidden = false
    var combined: UInt8 = 0
    bytes.withUnsafeBufferPointer { bytes in
      for index in component {
        let byte = bytes[index]
        isForbidden = isForbidden || byte == 0 || byte == UInt8(ascii: "/")
        combined |= byte
      }
    }
    guard !isForbidden else { return false }
    if length <= 2, bytes[component].allSatisfy({ $0 == UInt8(ascii: ".") }) { return false }
    return combined < 0x80 || text(bytes[component]) != nil
  }

  /// How BitComet's pad files begin, which it made before BEP 47 gave them an attribute.
  static let paddingPrefix = "_____padding_file_"

  /// The component as text if it can be used as it is.
  static func plainComponent(_ component: ArraySlice<UInt8>) -> String? {
    guard (1...maximumComponentLength).contains(component.count),
      !component.contains(where: { $0 == 0 || $0 == UInt8(ascii: "/") }),
      component.count > 2 || !component.allSatisfy({ $0 == UInt8(ascii: ".") })
    else { return nil }
    return text(component)
  }

  /// The text of valid UTF-8 without the code points that stand for other bytes on disk.
  static func text(_ component: ArraySlice<UInt8>) -> String? {
    guard let text = String(validating: component, as: UTF8.self), SystemText.isVerbatim(text) else {
      return nil
    }
    return text
  }

  /// For components that are known to be safe.
  init(unchecked components: [String]) { self.components = components }

  public var name: String { components[components.count - 1] }
}

extension TorrentPath: Hashable {
  /// Equal means the same bytes, as in a file system: `é` in one code point and in two are different names.
  public static func == (a: TorrentPath, b: TorrentPath) -> Bool {
    a.components.count == b.components.count
      && zip(a.components, b.components).allSatisfy { $0.utf8.elementsEqual($1.utf8) }
  }

  public func hash(into hasher: inout Hasher) {
    for var component in components {
      component.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
      // Keeps "ab"/"c" and "a"/"bc" apart.
      hasher.combine(0 as UInt8)
    }
  }
}

extension TorrentPath: CustomStringConvertible {
  /// Components joined by `/`. Not escaped: see `Escaping` before it is shown to anyone.
  public var description: String { components.joined(separator: "/") }
}
