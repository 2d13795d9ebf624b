/// Percent-encoding of values in a link (RFC 3986, 2.1).
enum PercentEncoding {
  /// A "%" that two hexadecimal digits don't follow; where it stands in what was to be decoded.
  struct Malformed: Error { let offset: Int }

  private static let digits = Array("0123456789ABCDEF".utf8)

  /// All but the unreserved characters as `%XX`: any text becomes a safe value.
  static func encoded(_ text: String) -> String {
    var bytes: [UInt8] = []
    for byte in text.utf8 {
      if isUnreserved(byte) {
        bytes.append(byte)
      } else {
        bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  static func decoded(_ text: ArraySlice<UInt8>) throws(Malformed) -> [UInt8] {
    var bytes: [UInt8] = []
    var position = text.startIndex
    while position < text.endIndex {
      if text[position] != UInt8(ascii: "%") {
        bytes.append(text[position])
        position += 1
      } else if let byte = escape(text[position...]) {
        bytes.append(byte)
        position += 3
      } else {
        throw Malformed(offset: position - text.startIndex)
      }
    }
    return bytes
  }

  /// As forms are decoded, `+` being a space; a "%" that no escape begins with stands for itself.
  static func decodedForm(_ text: ArraySlice<UInt8>) -> [UInt8] {
    var bytes: [UInt8] = []
    var position = text.startIndex
    while position < text.endIndex {
      let byte = text[position]
      if byte == UInt8(ascii: "%"), let decoded = escape(text[position...]) {
        bytes.append(decoded)
        position += 3
      } else {
        bytes.append(byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
        position += 1
      }
    }
    return bytes
  }

  /// The byte that the text's first three characters stand for.
  private static func escape(_ text: ArraySlice<UInt8>) -> UInt8? {
    let digits = text.dropFirst().prefix(2)
    return digits.count == 2 ? Hexadecimal.bytes(digits)?.first : nil
  }

  private static func isUnreserved(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
      UInt8(ascii: "~"):
      true
    default: false
    }
  }
}
