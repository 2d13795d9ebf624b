/// Makes text from outside fit to be shown: nothing in it can move a terminal's cursor, change its colours or
/// turn the direction of reading.
package enum Escaping {
  /// The text with controls, line breaks, direction marks, unassigned and private characters written out, as
  /// in `\n` or `\u{202E}`. O(length).
  package static func escaped(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: { !isPlain($0) }) else { return text }
    var result = ""
    for scalar in text.unicodeScalars { append(scalar, to: &result) }
    return result
  }

  /// As above for bytes that may not be UTF-8; those that aren't appear as in `\xFF`.
  package static func escaped(_ bytes: some Sequence<UInt8>) -> String {
    escaped(replacingInvalid(bytes) { "\\x" + $0 })
  }

  /// The text of the bytes, each byte that is no part of valid UTF-8 replaced by what `replacement` makes of its
  /// two hexadecimal digits.
  package static func replacingInvalid(_ bytes: some Sequence<UInt8>, by replacement: (String) -> String)
    -> String
  {
    let text = SystemText.text(Array(bytes))
    guard !SystemText.isVerbatim(text) else { return text }
    var result = ""
    for scalar in text.unicodeScalars {
      if let byte = SystemText.byte(of: scalar) {
        result += replacement(hexadecimal(UInt32(byte), digits: 2))
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  private static func append(_ scalar: Unicode.Scalar, to result: inout String) {
    switch scalar {
    case "\n": result += "\\n"
    case "\r": result += "\\r"
    case "\t": result += "\\t"
    case let scalar where isPlain(scalar): result.unicodeScalars.append(scalar)
    default:
      if let byte = SystemText.byte(of: scalar) {
        result += "\\x" + hexadecimal(UInt32(byte), digits: 2)
      } else {
        result += "\\u{" + hexadecimal(scalar.value, digits: 2) + "}"
      }
    }
  }

  private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.isASCII { return scalar.value >= 0x20 && scalar.value != 0x7F }
    switch scalar.properties.generalCategory {
    // Joiners belong to the spelling of several scripts and to emoji.
    case .format: return scalar == "\u{200C}" || scalar == "\u{200D}"
    case .control, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate, .unassigned: return false
    default: return true
    }
  }

  private static func hexadecimal(_ value: UInt32, digits: Int) -> String {
    let text = String(value, radix: 16, uppercase: true)
    return String(repeating: "0", count: max(0, digits - text.count)) + text
  }
}
