import Bencode
import Text

/// A dictionary of a torrent, whose fields are asked for by key and type; errors name the field.
struct Fields {
  let node: BencodeNode
  /// For errors: the file that this is, or `nil` for another dictionary.
  var place: Place?
  /// Whether the document may have the same key twice in one dictionary.
  let mayRepeat: Bool

  /// Where a file stands in the torrent.
  enum Place: CustomStringConvertible {
    /// In `files` of version 1.
    case file(Int)
    /// In the `file tree` of version 2, by its path.
    case tree([ArraySlice<UInt8>])

    /// As errors call it, escaped.
    var description: String {
      switch self {
      case .file(let number): "files[\(number)]"
      case .tree(let path): "file tree/" + path.map { Escaping.escaped($0) }.joined(separator: "/")
      }
    }
  }

  /// Keys that are sorted everywhere can't repeat, and then nothing needs to be looked for.
  static func mayRepeat(in document: BencodeDocument) -> Bool {
    document.warnings.count >= BencodeWarning.maximumCount
      || document.warnings.contains { $0.code == .duplicateKey || $0.code == .unsortedKeys }
  }

  /// The value of a key, of which there may be only one: programs differ in which of two they believe.
  func find(_ key: String) throws(MetainfoError) -> BencodeNode? {
    guard let value = node[key] else { return nil }
    if mayRepeat, node.entries.count(where: { $0.key.elementsEqual(key.utf8) }) > 1 {
      throw malformed(key, "occurs twice")
    }
    return value
  }

  func string(_ key: String) throws(MetainfoError) -> ArraySlice<UInt8>? {
    guard let value = try find(key) else { return nil }
    guard let string = value.string else { throw malformed(key, "not a string") }
    return string
  }

  func integer(_ key: String) throws(MetainfoError) -> Int? {
    guard let value = try find(key) else { return nil }
    guard value.kind == .integer else { throw malformed(key, "not an integer") }
    guard let integer = value.integer.flatMap(Int.init(exactly:)) else {
      throw malformed(key, "\(Escaping.escaped(value.rawBytes.dropFirst().dropLast())): out of range")
    }
    return integer
  }

  /// A size in bytes from 0 to the largest torrent.
  func length(_ key: String) throws(MetainfoError) -> Int? {
    guard let length = try integer(key) else { return nil }
    guard (0...PieceGeometry.maximumTotalLength).contains(length) else {
      throw malformed(key, "\(length): not within 0 to \(PieceGeometry.maximumTotalLength)")
    }
    return length
  }

  func list(_ key: String) throws(MetainfoError) -> BencodeNode? {
    guard let value = try find(key) else { return nil }
    guard value.kind == .list else { throw malformed(key, "not a list") }
    return value
  }

  func dictionary(_ key: String) throws(MetainfoError) -> BencodeNode? {
    guard let value = try find(key) else { return nil }
    guard value.kind == .dictionary else { throw malformed(key, "not a dictionary") }
    return value
  }

  func required<Value>(_ value: Value?, _ key: String) throws(MetainfoError) -> Value {
    guard let value else { throw malformed(key, "missing") }
    return value
  }

  /// The field as errors call it, such as `files[3].path`.
  func name(_ key: String) -> String { place.map { "\($0).\(key)" } ?? key }

  func malformed(_ key: String, _ reason: String) -> MetainfoError {
    MetainfoError(.malformed, field: name(key), reason)
  }
}
