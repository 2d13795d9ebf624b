import Bencode
import Text

/// A key of a .torrent whose value differs between two of them.
public struct KeyDifference: Hashable, Sendable {
  /// What became of the key.
  public enum Change: String, Hashable, Sendable, CaseIterable {
    case added, removed, changed
  }

  /// The key, behind `info` for one of the info dictionary. Not escaped; what is not UTF-8 is as in `\xFF`.
  public let key: [String]
  public let change: Change
  /// Whether it is in the info dictionary, so that the info-hash differs for it.
  public let isHashed: Bool
  /// The values, or what there is to say of them where they are large; `nil` where there is none. Escaped.
  public let before: String?
  public let after: String?

  /// Bytes of a value that is shown as it is.
  static let longestShown = 200

  /// Every key of two documents that differs, those outside of the info dictionary first, each in the order of
  /// their bytes. Of a key that occurs twice the first counts. O(bytes).
  static func all(_ a: BencodeNode, _ b: BencodeNode) -> [KeyDifference] {
    let info = Array("info".utf8)[...]
    let (infoA, infoB) = (a["info"], b["info"])
    return differences(a, b, path: [], isHashed: false, except: info)
      + (infoA.flatMap { infoA in
        infoB.map { differences(infoA, $0, path: ["info"], isHashed: true, except: nil) }
      } ?? [])
  }

  private static func differences(
    _ a: BencodeNode, _ b: BencodeNode, path: [String], isHashed: Bool, except: ArraySlice<UInt8>?
  ) -> [KeyDifference] {
    let (valuesA, valuesB) = (values(a), values(b))
    let keys = Set(valuesA.keys).union(valuesB.keys).sorted { $0.lexicographicallyPrecedes($1) }
    return keys.compactMap { key in
      guard key != except else { return nil }
      let (before, after) = (valuesA[key], valuesB[key])
      if let before, let after, before.rawBytes == after.rawBytes { return nil }
      return KeyDifference(
        key: path + [Escaping.replacingInvalid(key) { "\\x" + $0 }],
        change: before == nil ? .added : after == nil ? .removed : .changed, isHashed: isHashed,
        before: before.map(shown), after: after.map(shown))
    }
  }

  private static func values(_ node: BencodeNode) -> [ArraySlice<UInt8>: BencodeNode] {
    Dictionary(node.entries.map { ($0.key, $0.value) }) { first, _ in first }
  }

  private static func shown(_ value: BencodeNode) -> String {
    switch value.kind {
    case .integer: return Escaping.escaped(value.rawBytes.dropFirst().dropLast().prefix(longestShown))
    case .string:
      let bytes = value.string ?? []
      guard bytes.count <= longestShown, let text = value.text else { return "\(bytes.count) bytes" }
      return "\"\(RedactedURL.escaped(text))\""
    case .list:
      // Trackers and web seeds are lists of text, or of lists of it.
      let texts = texts(in: value, limit: 10)
      let shown = texts.map { "\"\(RedactedURL.escaped($0))\"" }.joined(separator: ", ")
      return texts.isEmpty || shown.utf8.count > longestShown ? "a list of \(value.count)" : "[\(shown)]"
    case .dictionary: return "a dictionary of \(value.count)"
    }
  }

  /// The strings of a list and of the lists in it; none when there are too many or there is anything else.
  private static func texts(in list: BencodeNode, limit: Int) -> [String] {
    var texts: [String] = []
    for element in list.elements {
      if let text = element.text {
        texts.append(text)
      } else if element.kind == .list {
        for inner in element.elements {
          guard let text = inner.text, texts.count <= limit else { return [] }
          texts.append(text)
        }
      } else {
        return []
      }
      if texts.count > limit { return [] }
    }
    return texts
  }
}
