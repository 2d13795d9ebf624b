/// A length of time: `90s`, `5m`, `1h30m`, `2d`, `500ms`; a bare number counts seconds.
struct TimeSpan: OptionValue, Hashable, Sendable {
  let milliseconds: Int
  static let expected = "a duration (90s, 5m, 1h30m)"

  var seconds: Double { Double(milliseconds) / 1000 }

  private static let units: [(name: String, milliseconds: Int)] = [
    ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1),
  ]
  /// Ten years; more is a slip, and arithmetic on it stays far from overflow.
  private static let longest = 3650 * 86_400_000

  init?(argument: String) {
    var rest = argument[...]
    var total = 0
    // Units go from large to small, each at most once.
    var allowed = Self.units[...]
    repeat {
      let digits = rest.prefix { $0.isNumber }
      rest = rest.dropFirst(digits.count)
      let name = rest.prefix { $0.isLetter }
      rest = rest.dropFirst(name.count)
      guard let number = DecimalText.integer(digits) else { return nil }
      let isBare = name.isEmpty && rest.isEmpty && total == 0 && allowed.count == Self.units.count
      guard let unit = allowed.firstIndex(where: { $0.name == (isBare ? "s" : name.lowercased()) }) else {
        return nil
      }
      let part = number.multipliedReportingOverflow(by: allowed[unit].milliseconds)
      guard !part.overflow, part.partialValue <= Self.longest else { return nil }
      total += part.partialValue
      allowed = allowed[(unit + 1)...]
    } while !rest.isEmpty
    guard total > 0, total <= Self.longest else { return nil }
    milliseconds = total
  }
}
