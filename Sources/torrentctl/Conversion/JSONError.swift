/// Why text is not JSON, or not what can be bencoded, and where.
struct JSONError: Error, Hashable, Sendable, CustomStringConvertible {
  let reason: String
  /// Counted from 1.
  let line: Int
  /// Characters from the start of the line, counted from 1.
  let column: Int

  /// - Parameters:
  ///   - offset: of the first byte that is wrong, in `text`.
  init(_ reason: String, at offset: Int, in text: [UInt8]) {
    let before = text.prefix(offset)
    let lineStart = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
    self.reason = reason
    line = before.count { $0 == UInt8(ascii: "\n") } + 1
    // Bytes that go on with a character don't count.
    column = before[lineStart...].count { $0 & 0xC0 != 0x80 } + 1
  }

  var description: String { "\(reason) at line \(line), column \(column)" }
}
