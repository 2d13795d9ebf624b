/// What the system gives as bytes (arguments, names of files) as text, and back, with nothing lost.
///
/// Linux asks for no encoding, and a name that isn't UTF-8 is a name all the same. A byte of such a name that is no part of
/// valid UTF-8 stands in the text as a code point of its own, U+10FF80 to U+10FFFF, which nobody uses. One that is used
/// after all is taken for four such bytes, so that every text has one meaning. A byte below 0x80 is never stood in for: no
/// `/` or NUL comes out of a text that shows none.
package enum SystemText {
  private static let base: UInt32 = 0x10FF00

  /// The text of these bytes. O(bytes).
  package static func text(_ bytes: some Collection<UInt8>) -> String {
    if let text = String(validating: bytes, as: UTF8.self), isVerbatim(text) { return text }
    var result = String.UnicodeScalarView()
    var rest = Array(bytes)[...]
    while !rest.isEmpty {
      var parser = Unicode.UTF8.ForwardParser()
      var iterator = rest.makeIterator()
      let length: Int
      switch parser.parseScalar(from: &iterator) {
      case .valid(let encoded):
        length = encoded.count
        let scalar = Unicode.UTF8.decode(encoded)
        if byte(of: scalar) == nil {
          result.append(scalar)
        } else {
          for byte in rest.prefix(length) { result.append(standIn(for: byte)) }
        }
      case .error(let count):
        length = count
        for byte in rest.prefix(length) { result.append(standIn(for: byte)) }
      case .emptyInput: length = rest.count
      }
      rest.removeFirst(min(length, rest.count))
    }
    return String(result)
  }

  /// The bytes that the text stands for. O(length).
  package static func bytes(_ text: String) -> [UInt8] {
    guard !isVerbatim(text) else { return Array(text.utf8) }
    var bytes: [UInt8] = []
    for scalar in text.unicodeScalars {
      if let byte = byte(of: scalar) { bytes.append(byte) } else { bytes += UTF8.encode(scalar)! }
    }
    return bytes
  }

  /// Whether the text is UTF-8 for the system as well: none of its bytes is stood in for. O(length).
  package static func isVerbatim(_ text: String) -> Bool {
    // The stand-ins are F4 8F BE xx and F4 8F BF xx in UTF-8.
    guard text.utf8.contains(0xF4) else { return true }
    return !text.unicodeScalars.contains { byte(of: $0) != nil }
  }

  /// The byte that a code point stands for; `nil` for one that stands for itself.
  static func byte(of scalar: Unicode.Scalar) -> UInt8? {
    scalar.value >= base + 0x80 ? UInt8(truncatingIfNeeded: scalar.value) : nil
  }

  /// For a byte of 0x80 or more: those below are valid wherever they stand.
  private static func standIn(for byte: UInt8) -> Unicode.Scalar {
    Unicode.Scalar(base + UInt32(byte)) ?? "\u{FFFD}"
  }
}
