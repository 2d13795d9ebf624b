/// Reads the parts of JSON text (RFC 8259) one after another; strict, without recursion, each byte once.
struct JSONScanner: ~Copyable {
  private let text: [UInt8]
  /// Bytes that have been read.
  private(set) var position = 0

  init(_ text: [UInt8]) { self.text = text }

  func error(_ reason: String, at offset: Int? = nil) -> JSONError {
    JSONError(reason, at: offset ?? position, in: text)
  }

  /// The next byte, `nil` at the end.
  var next: UInt8? { position < text.count ? text[position] : nil }

  /// Steps over blanks, and says what comes then.
  mutating func skipSpace() -> UInt8? {
    while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
    return next
  }

  /// Steps over that byte and blanks in front of it.
  mutating func expect(_ byte: UInt8, _ what: String) throws(JSONError) {
    guard skipSpace() == byte else { throw error("expected \(what)") }
    position += 1
  }

  /// Steps over `,` or the closing bracket; says whether an element follows.
  mutating func goesOn(until close: UInt8) throws(JSONError) -> Bool {
    let byte = skipSpace()
    guard byte == UInt8(ascii: ",") || byte == close else {
      throw error("expected a comma or \(Character(Unicode.Scalar(close)))")
    }
    position += 1
    return byte != close
  }

  /// The digits of a whole number, with its sign.
  mutating func integer() throws(JSONError) -> ArraySlice<UInt8> {
    let start = position
    if next == UInt8(ascii: "-") { position += 1 }
    let first = position
    while let byte = next, byte &- UInt8(ascii: "0") < 10 { position += 1 }
    guard position > first else { throw error("expected a digit") }
    if text[first] == UInt8(ascii: "0"), position > first + 1 {
      throw error("number with a leading zero", at: start)
    }
    if let byte = next, byte == UInt8(ascii: ".") || byte | 0x20 == UInt8(ascii: "e") {
      throw error("bencode has whole numbers only", at: start)
    }
    return text[start..<position]
  }

  /// Appends the content of a string, which is valid UTF-8 then.
  mutating func string(into content: inout [UInt8]) throws(JSONError) {
    try expect(UInt8(ascii: "\""), "a string")
    while true {
      let run = position
      var isASCII = true
      while let byte = next, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 {
        if byte >= 0x80 { isASCII = false }
        position += 1
      }
      if !isASCII { try checkUTF8(run..<position) }
      content += text[run..<position]
      switch next {
      case UInt8(ascii: "\""):
        position += 1
        return
      case UInt8(ascii: "\\"): try escape(into: &content)
      case .none: throw error("string without an end")
      default: throw error("control character in a string")
      }
    }
  }

  private func checkUTF8(_ range: Range<Int>) throws(JSONError) {
    do throws(UTF8.ValidationError) {
      _ = try UTF8Span(validating: text.span.extracting(range))
    } catch let invalid {
      throw error("invalid UTF-8", at: range.lowerBound + invalid.byteOffsets.lowerBound)
    }
  }

  private mutating func escape(into content: inout [UInt8]) throws(JSONError) {
    let start = position
    position += 1
    guard let letter = next else { throw error("string without an end") }
    position += 1
    switch letter {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): content.append(letter)
    case UInt8(ascii: "b"): content.append(0x08)
    case UInt8(ascii: "f"): content.append(0x0C)
    case UInt8(ascii: "n"): content.append(0x0A)
    case UInt8(ascii: "r"): content.append(0x0D)
    case UInt8(ascii: "t"): content.append(0x09)
    case UInt8(ascii: "u"):
      var scalar = try codeUnit(start)
      if scalar & 0xFC00 == 0xD800, next == UInt8(ascii: "\\") {
        position += 1
        guard next == UInt8(ascii: "u") else { throw error("half of a surrogate pair", at: start) }
        position += 1
        let low = try codeUnit(start)
        guard low & 0xFC00 == 0xDC00 else { throw error("half of a surrogate pair", at: start) }
        scalar = 0x10000 + (scalar & 0x3FF) << 10 + low & 0x3FF
      }
      guard let scalar = Unicode.Scalar(scalar), let encoded = UTF8.encode(scalar) else {
        throw error("half of a surrogate pair", at: start)
      }
      content += encoded
    default: throw error("unknown escape", at: start)
    }
  }

  /// Four hexadecimal digits.
  private mutating func codeUnit(_ start: Int) throws(JSONError) -> UInt32 {
    var unit: UInt32 = 0
    for _ in 0..<4 {
      guard let digit = next.flatMap(Self.hexadecimalValue) else {
        throw error("escape without four hexadecimal digits", at: start)
      }
      unit = unit << 4 | UInt32(digit)
      position += 1
    }
    return unit
  }

  /// The value of a hexadecimal digit in either case.
  static func hexadecimalValue(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}
