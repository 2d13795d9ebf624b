import Bencode

/// Makes canonical bencode of JSON as `BencodeToJSON` writes it, or as people do.
///
/// Members may be in any order. What bencode can't say is an error: `true`, `false`, `null`, fractions, exponents, `-0`,
/// a name that occurs twice, integers of more than 20 digits, and more than 100 levels, which nothing here would read
/// again.
struct JSONToBencode: ~Copyable {
  private var json: JSONScanner
  private var bytes: [UInt8] = []
  /// The content of the string or name that was read last.
  private var content: [UInt8] = []

  /// Arrays and objects inside one another: what a document of bencode may have.
  private static let maximumDepth = BencodeLimits().depth
  /// Digits of an integer: what the reader of bencode takes.
  private static let maximumDigits = 20

  /// The bencode of one JSON value. O(bytes) when the members of objects are sorted, otherwise O(bytes · depth) and
  /// O(n log n) for n members.
  static func encode(_ text: [UInt8]) throws(JSONError) -> [UInt8] {
    var encoder = JSONToBencode(json: JSONScanner(text))
    encoder.bytes.reserveCapacity(text.count)
    try encoder.value(depth: 0)
    guard encoder.json.skipSpace() == nil else { throw encoder.json.error("text after the value") }
    return encoder.bytes
  }

  private init(json: consuming JSONScanner) { self.json = json }

  private mutating func value(depth: Int) throws(JSONError) {
    switch json.skipSpace() {
    case UInt8(ascii: "\""):
      content.removeAll(keepingCapacity: true)
      try json.string(into: &content)
      string()
    case UInt8(ascii: "["):
      try checkDepth(depth)
      try array(depth: depth + 1)
    case UInt8(ascii: "{"):
      try checkDepth(depth)
      try object(depth: depth + 1)
    case UInt8(ascii: "-"), (UInt8(ascii: "0")...UInt8(ascii: "9"))?:
      let start = json.position
      try integer(try json.integer(), at: start)
    case UInt8(ascii: "t"), UInt8(ascii: "f"), UInt8(ascii: "n"):
      throw json.error("bencode has no true, false or null")
    default:
      throw json.error("expected a value")
    }
  }

  private func checkDepth(_ depth: Int) throws(JSONError) {
    guard depth < Self.maximumDepth else { throw json.error("more than \(Self.maximumDepth) levels") }
  }

  /// Writes `content` as a string.
  private mutating func string() {
    bytes += String(content.count).utf8
    bytes.append(UInt8(ascii: ":"))
    bytes += content
  }

  /// `digits` are those of a number without leading zeros, with its sign.
  private mutating func integer(_ digits: ArraySlice<UInt8>, at start: Int) throws(JSONError) {
    let isNegative = digits.first == UInt8(ascii: "-")
    let magnitude = isNegative ? digits.dropFirst() : digits
    guard magnitude.count <= Self.maximumDigits else {
      throw json.error("integer of more than \(Self.maximumDigits) digits", at: start)
    }
    guard !isNegative || magnitude.first != UInt8(ascii: "0") else {
      throw json.error("bencode has no negative zero", at: start)
    }
    bytes.append(UInt8(ascii: "i"))
    bytes += digits
    bytes.append(UInt8(ascii: "e"))
  }

  private mutating func array(depth: Int) throws(JSONError) {
    try json.expect(UInt8(ascii: "["), "[")
    bytes.append(UInt8(ascii: "l"))
    if json.skipSpace() == UInt8(ascii: "]") {
      try json.expect(UInt8(ascii: "]"), "]")
    } else {
      repeat { try value(depth: depth) } while try json.goesOn(until: UInt8(ascii: "]"))
    }
    bytes.append(UInt8(ascii: "e"))
  }

  private mutating func object(depth: Int) throws(JSONError) {
    try json.expect(UInt8(ascii: "{"), "{")
    if json.skipSpace() == UInt8(ascii: "}") {
      try json.expect(UInt8(ascii: "}"), "}")
      bytes += "de".utf8
      return
    }
    var entries = EncodedEntries(after: bytes.count + 1)
    repeat {
      _ = json.skipSpace()
      let start = json.position
      content.removeAll(keepingCapacity: true)
      try json.string(into: &content)
      try json.expect(UInt8(ascii: ":"), "a colon")
      if content.first == UInt8(ascii: "$") {
        if entries.isEmpty, try tagged(start) { return }
        try unescapeName(start)
      }
      if entries.isEmpty { bytes.append(UInt8(ascii: "d")) }
      let key = bytes.count
      string()
      entries.addKey(key, content: bytes.count - content.count..<bytes.count, at: start)
      try value(depth: depth)
    } while try json.goesOn(until: UInt8(ascii: "}"))
    if let offset = entries.sort(&bytes) { throw json.error("name that occurs twice", at: offset) }
    bytes.append(UInt8(ascii: "e"))
  }

  /// Reads the rest of an object that stands for a string or an integer, if the name in `content` says that it is one.
  private mutating func tagged(_ start: Int) throws(JSONError) -> Bool {
    let isHexadecimal = content.elementsEqual("$hex".utf8)
    guard isHexadecimal || content.elementsEqual("$integer".utf8) else { return false }
    _ = json.skipSpace()
    let valueStart = json.position
    content.removeAll(keepingCapacity: true)
    try json.string(into: &content)
    if isHexadecimal {
      try decodeHexadecimal(at: valueStart)
      string()
    } else {
      var number = JSONScanner(content)
      guard (try? number.integer())?.count == content.count else {
        throw json.error("not a whole number", at: valueStart)
      }
      try integer(content[...], at: valueStart)
    }
    guard json.skipSpace() == UInt8(ascii: "}") else {
      throw json.error("a name with a single $ stands alone in its object")
    }
    try json.expect(UInt8(ascii: "}"), "}")
    return true
  }

  /// Makes of the name in `content` the key it stands for.
  private mutating func unescapeName(_ start: Int) throws(JSONError) {
    let prefix = "$hex:".utf8
    if content.starts(with: "$$".utf8) {
      content.removeFirst()
    } else if content.starts(with: prefix) {
      content.removeFirst(prefix.count)
      try decodeHexadecimal(at: start)
    } else if content.elementsEqual("$hex".utf8) || content.elementsEqual("$integer".utf8) {
      throw json.error("a name with a single $ stands alone in its object", at: start)
    } else {
      throw json.error("a key that begins with $ is written with $$", at: start)
    }
  }

  /// Replaces the digits in `content` by the bytes they say.
  private mutating func decodeHexadecimal(at start: Int) throws(JSONError) {
    let count = content.count / 2
    guard content.count == 2 * count else { throw json.error("odd number of hexadecimal digits", at: start) }
    for index in 0..<count {
      guard let high = JSONScanner.hexadecimalValue(content[2 * index]),
        let low = JSONScanner.hexadecimalValue(content[2 * index + 1])
      else { throw json.error("not hexadecimal digits", at: start) }
      content[index] = high << 4 | low
    }
    content.removeLast(content.count - count)
  }
}
