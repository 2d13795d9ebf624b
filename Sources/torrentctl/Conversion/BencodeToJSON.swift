import Bencode

/// Writes bencode as JSON (RFC 8259) from which `JSONToBencode` makes the same bytes again, if they were canonical.
///
/// | bencode | JSON |
/// | --- | --- |
/// | list | array |
/// | dictionary | object, keys in the order of the document, also one that occurs twice |
/// | integer that a double holds (at most 2⁵³ - 1 either way) | number |
/// | any other integer | `{"$integer": "DIGITS"}` |
/// | string of valid UTF-8 | string |
/// | any other string | `{"$hex": "DIGITS"}` |
/// | key that begins with `$` | the key with another `$` in front |
/// | key that is not UTF-8 | `$hex:DIGITS` |
///
/// So a `$` at the start of a member's name always means something, and nothing else does. Programs that read
/// numbers as doubles lose nothing (RFC 7493).
struct BencodeToJSON<Failure: Error> {
  private var text: [UInt8] = []
  private var depth = 0
  private let bytes: [UInt8]
  /// As deep as a document can be.
  private let blanks = [UInt8](repeating: UInt8(ascii: " "), count: 2 * BencodeLimits.maximumDepth)
  private let send: ([UInt8]) throws(Failure) -> Void

  /// Bytes of text that are handed over at a time, or a little more.
  private static var portion: Int { 64 * 1024 }

  /// Writes the whole document and hands the text over in portions; it ends with a line feed. O(bytes), and no more
  /// memory than a portion and four times the longest string.
  static func convert(_ document: BencodeDocument, to send: ([UInt8]) throws(Failure) -> Void) throws(Failure)
  {
    try withoutActuallyEscaping(send) { (send) throws(Failure) in
      var writer = BencodeToJSON(bytes: document.bytes, send: send)
      try writer.value(document.root)
      writer.text.append(UInt8(ascii: "\n"))
      try writer.send(writer.text)
    }
  }

  private init(bytes: [UInt8], send: @escaping ([UInt8]) throws(Failure) -> Void) {
    self.bytes = bytes
    self.send = send
    text.reserveCapacity(2 * Self.portion)
  }

  /// Recursion is as deep as the document, which its limits bound.
  private mutating func value(_ node: BencodeNode) throws(Failure) {
    switch node.kind {
    case .integer:
      integer(node.range)
    case .string:
      if let range = node.stringRange { string(range) }
    case .list:
      open("[")
      var isFirst = true
      for element in node.elements {
        startElement(&isFirst)
        try value(element)
      }
      close("]", isEmpty: isFirst)
    case .dictionary:
      open("{")
      var isFirst = true
      for (key, element) in node.entries {
        startElement(&isFirst)
        name(key.startIndex..<key.endIndex)
        put(": ")
        try value(element)
      }
      close("}", isEmpty: isFirst)
    }
    if text.count >= Self.portion {
      try send(text)
      text.removeAll(keepingCapacity: true)
    }
  }

  private mutating func integer(_ range: Range<Int>) {
    var digits = bytes[range].dropFirst().dropLast()
    let isNegative = digits.first == UInt8(ascii: "-")
    if isNegative { digits.removeFirst() }
    // The reader accepts zeros that aren't needed, and -0; a number of JSON has neither.
    digits = digits.drop { $0 == UInt8(ascii: "0") }
    let isExact =
      digits.count < 16
      || digits.count == 16 && !"9007199254740991".utf8.lexicographicallyPrecedes(digits)
    if !isExact { put(#"{"$integer": ""#) }
    if digits.isEmpty {
      put("0")
    } else {
      if isNegative { put("-") }
      text += digits
    }
    if !isExact { put(#""}"#) }
  }

  private mutating func string(_ range: Range<Int>) {
    if isUTF8(range) {
      put("\"")
      escape(range)
      put("\"")
    } else {
      put(#"{"$hex": ""#)
      hexadecimal(range)
      put(#""}"#)
    }
  }

  private mutating func name(_ range: Range<Int>) {
    put("\"")
    if isUTF8(range) {
      if bytes[range].first == UInt8(ascii: "$") { put("$") }
      escape(range)
    } else {
      put("$hex:")
      hexadecimal(range)
    }
    put("\"")
  }

  private func isUTF8(_ range: Range<Int>) -> Bool {
    (try? UTF8Span(validating: bytes.span.extracting(range))) != nil
  }

  /// What is valid UTF-8, as the content of a JSON string.
  private mutating func escape(_ range: Range<Int>) {
    var run = range.lowerBound
    var position = run
    while position < range.upperBound {
      let byte = bytes[position]
      if JSONEscaping.isPlainASCII(byte) {
        position += 1
        continue
      }
      text += bytes[run..<position]
      var rest = bytes[position..<range.upperBound].makeIterator()
      var parser = Unicode.UTF8.ForwardParser()
      guard case .valid(let encoded) = parser.parseScalar(from: &rest) else { return }
      JSONEscaping.append(Unicode.UTF8.decode(encoded), to: &text)
      position += encoded.count
      run = position
    }
    text += bytes[run..<position]
  }

  private mutating func hexadecimal(_ range: Range<Int>) {
    text.reserveCapacity(text.count + 2 * range.count)
    for byte in bytes[range] {
      text.append(JSONEscaping.digit(byte >> 4))
      text.append(JSONEscaping.digit(byte & 15))
    }
  }

  private mutating func open(_ bracket: StaticString) {
    put(bracket)
    depth += 1
  }

  private mutating func startElement(_ isFirst: inout Bool) {
    if !isFirst { put(",") }
    isFirst = false
    newLine()
  }

  private mutating func close(_ bracket: StaticString, isEmpty: Bool) {
    depth -= 1
    if !isEmpty { newLine() }
    put(bracket)
  }

  private mutating func newLine() {
    put("\n")
    text += blanks[..<(2 * min(depth, BencodeLimits.maximumDepth))]
  }

  private mutating func put(_ part: StaticString) {
    text.append(contentsOf: UnsafeBufferPointer(start: part.utf8Start, count: part.utf8CodeUnitCount))
  }
}
