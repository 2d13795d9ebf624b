/// Writes JSON as UTF-8. O(length of the text).
struct JSONWriter {
  private(set) var bytes: [UInt8] = []
  private let isPretty: Bool
  private var depth: Int

  /// - Parameter depth: How many lists and objects are around what is written.
  init(isPretty: Bool, depth: Int = 0) {
    self.isPretty = isPretty
    self.depth = depth
  }

  mutating func write(_ value: JSON) {
    switch value {
    case .null: put("null")
    case .bool(let bool): put(bool ? "true" : "false")
    case .integer(let number): put(String(number))
    // JSON has no word for the others.
    case .number(let number): put(number.isFinite ? number.description : "null")
    case .string(let text): write(text)
    case .array(let elements):
      list("[", elements, "]") { $0.write($1) }
    case .object(let members):
      list("{", members, "}") { writer, member in
        writer.write(member.name)
        writer.put(writer.isPretty ? ": " : ":")
        writer.write(member.value)
      }
    }
  }

  private mutating func list<Element>(
    _ open: String, _ elements: [Element], _ close: String, _ write: (inout JSONWriter, Element) -> Void
  ) {
    put(open)
    depth += 1
    var isFirst = true
    for element in elements {
      if !isFirst { put(",") }
      isFirst = false
      newLine()
      write(&self, element)
    }
    depth -= 1
    if !isFirst { newLine() }
    put(close)
  }

  private mutating func write(_ text: String) {
    JSONEscaping.append(text, to: &bytes)
  }

  private mutating func newLine() {
    if isPretty { put("\n" + String(repeating: "  ", count: depth)) }
  }

  private mutating func put(_ text: String) { bytes.append(contentsOf: text.utf8) }
}
