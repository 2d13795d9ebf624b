/// A number of bytes: `262144`, `256KiB`, `1.5MiB`, `2M`, `700MB`.
///
/// As in GNU tools, `K`, `KiB` and so on count in powers of 1024, `KB` in powers of 1000; letters in either case.
struct ByteSize: OptionValue, Hashable, Sendable {
  let bytes: Int
  static let expected = "a size (bytes, or with a unit as in 256KiB, 1MiB)"

  init?(argument: String) {
    let split = argument.firstIndex { $0.isLetter } ?? argument.endIndex
    guard let number = DecimalText(argument[..<split]), let unit = Self.unit(argument[split...]) else {
      return nil
    }
    // A part of a byte is not a size.
    guard number.digits == 0 || unit > 1 else { return nil }
    let whole = number.whole.multipliedReportingOverflow(by: unit)
    let part = number.fraction.multipliedReportingOverflow(by: unit)
    guard !whole.overflow, !part.overflow else { return nil }
    let sum = whole.partialValue.addingReportingOverflow(part.partialValue / number.scale)
    guard !sum.overflow else { return nil }
    bytes = sum.partialValue
  }

  private static func unit(_ text: Substring) -> Int? {
    let text = text.lowercased()
    if text.isEmpty || text == "b" { return 1 }
    guard let prefix = text.first, let power = "kmgt".firstIndex(of: prefix) else { return nil }
    let exponent = "kmgt".distance(from: "kmgt".startIndex, to: power) + 1
    let base: Int
    switch text.dropFirst() {
    case "", "ib": base = 1024
    case "b": base = 1000
    default: return nil
    }
    return (0..<exponent).reduce(1) { unit, _ in unit * base }
  }
}

/// Bytes per second, written like a size, with or without `/s`; 0 means no limit.
struct ByteRate: OptionValue, Hashable, Sendable {
  /// `nil` when there is no limit.
  let bytesPerSecond: Int?
  static let expected = "a rate (bytes per second, or with a unit as in 500KiB, 2MiB; 0 for no limit)"

  init?(argument: String) {
    let text = argument.hasSuffix("/s") ? String(argument.dropLast(2)) : argument
    guard let size = ByteSize(argument: text) else { return nil }
    bytesPerSecond = size.bytes == 0 ? nil : size.bytes
  }
}
