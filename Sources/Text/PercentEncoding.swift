/// Percent-encoding of parts and values of URLs (RFC 3986, 2.1).
package enum PercentEncoding {
  /// A "%" that two hexadecimal digits don't follow; where it stands in what was to be decoded.
  package struct Malformed: Error { package let offset: Int }

  private static let digits = Array("0123456789ABCDEF".utf8)

  /// Each byte as itself when unreserved, else as `%XX`: any bytes become a safe value. O(bytes).
  package static func encoded(_ bytes: some Sequence<UInt8>) -> String {
    encode(Array(bytes), keeping: isUnreserved)
  }

  /// For a path and query that are meant to be encoded already: only what can't stand in a request line
  /// (spaces, control characters, bytes outside ASCII) is encoded. O(bytes).
  package static func completed(_ bytes: some Sequence<UInt8>) -> String {
    encode(Array(bytes)) { $0 > 0x20 && $0 < 0x7f }
  }

  /// The bytes that the text stands for. O(bytes).
  package static func decoded(_ text: ArraySlice<UInt8>) throws(Malformed) -> [UInt8] {
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

  /// The same for any text: a "%" that no escape begins with stands for itself. O(bytes).
  package static func decodedLeniently(_ text: ArraySlice<UInt8>) -> [UInt8] {
    decodeLeniently(text, plus: UInt8(ascii: "+"))
  }

  /// As forms are decoded, `+` being a space; a "%" that no escape begins with stands for itself. O(bytes).
  package static func decodedForm(_ text: ArraySlice<UInt8>) -> [UInt8] {
    decodeLeniently(text, plus: UInt8(ascii: " "))
  }

  private static func encode(_ bytes: [UInt8], keeping isKept: (UInt8) -> Bool) -> String {
    var out: [UInt8] = []
    out.reserveCapacity(bytes.count)
    for byte in bytes {
      if isKept(byte) {
        out.append(byte)
      } else {
        out.append(UInt8(ascii: "%"))
        out.append(digits[Int(byte >> 4)])
        out.append(digits[Int(byte & 15)])
      }
    }
    return String(decoding: out, as: UTF8.self)
  }

  private static func decodeLeniently(_ text: ArraySlice<UInt8>, plus: UInt8) -> [UInt8] {
    var bytes: [UInt8] = []
    var position = text.startIndex
    while position < text.endIndex {
      let byte = text[position]
      if byte == UInt8(ascii: "%"), let decoded = escape(text[position...]) {
        bytes.append(decoded)
        position += 3
      } else {
        bytes.append(byte == UInt8(ascii: "+") ? plus : byte)
        position += 1
      }
    }
    return bytes
  }

  /// The byte that the text's first three characters stand for.
  private static func escape(_ text: ArraySlice<UInt8>) -> UInt8? {
    let digits = text.dropFirst().prefix(2)
    guard digits.count == 2, let high = Hexadecimal.value(digits[digits.startIndex]),
      let low = Hexadecimal.value(digits[digits.startIndex + 1])
    else { return nil }
    return high << 4 | low
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
