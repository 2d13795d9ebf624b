/// Numbers as people read them.
enum Quantity {
  /// Bytes in powers of 1024: `0 B`, `1023 B`, `1.5 KiB`, `12.0 GiB`.
  static func size(_ bytes: Int) -> String {
    var text: [UInt8] = []
    append(size: bytes, to: &text)
    return String(decoding: text, as: UTF8.self)
  }

  /// The same as text in UTF-8, for tables of very many.
  static func append(size bytes: Int, to text: inout [UInt8]) {
    if bytes < 1024 {
      append(max(0, bytes), to: &text)
      text += " B".utf8
      return
    }
    var value = Double(bytes) / 1024
    var unit = 0
    // 1023.95 would show as 1024.0.
    while value >= 1023.95, unit < units.count - 1 {
      value /= 1024
      unit += 1
    }
    let tenths = Int((value * 10).rounded())
    append(tenths / 10, to: &text)
    text.append(UInt8(ascii: "."))
    text.append(UInt8(ascii: "0") + UInt8(tenths % 10))
    text.append(UInt8(ascii: " "))
    text += units[unit].utf8
  }

  private static let units = ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB"]

  private static func append(_ number: Int, to text: inout [UInt8]) {
    if number >= 10 { append(number / 10, to: &text) }
    text.append(UInt8(ascii: "0") + UInt8(number % 10))
  }

  static func rate(_ bytesPerSecond: Int) -> String { size(bytesPerSecond) + "/s" }

  /// Rounded down to a tenth, so that 100.0 means all of it.
  static func percent(_ part: Int, of whole: Int) -> String {
    guard whole > 0 else { return "100.0%" }
    let thousandths = Int((Double(part) / Double(whole) * 1000).rounded(.down))
    let capped = part < whole ? min(thousandths, 999) : 1000
    return "\(capped / 10).\(capped % 10)%"
  }

  /// `5s`, `4m07s`, `3h20m`, `12d04h`; `--` for what is not finite or beyond a hundred days.
  static func duration(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds >= 0, seconds < 8_640_000 else { return "--" }
    let total = Int(seconds.rounded())
    func padded(_ n: Int) -> String { n < 10 ? "0\(n)" : "\(n)" }
    if total < 60 { return "\(total)s" }
    if total < 3600 { return "\(total / 60)m\(padded(total % 60))s" }
    if total < 86_400 { return "\(total / 3600)h\(padded(total / 60 % 60))m" }
    return "\(total / 86_400)d\(padded(total / 3600 % 24))h"
  }

  /// How long something took: `0.3 s` below a minute, then as `duration`.
  static func seconds(_ seconds: Double) -> String {
    seconds < 60 ? decimal(max(0, seconds), digits: 1) + " s" : duration(seconds)
  }

  /// `1 file`, `2 files`.
  static func count(_ number: Int, _ noun: String) -> String {
    "\(number) \(noun)\(number == 1 ? "" : "s")"
  }

  /// A number that is not negative, with a fixed count of digits behind the point.
  static func decimal(_ value: Double, digits: Int) -> String {
    let scale = (0..<digits).reduce(1) { scale, _ in scale * 10 }
    guard value.isFinite, value >= 0, value < 1e15 else { return "--" }
    let scaled = Int((value * Double(scale)).rounded())
    let fraction = String(scaled % scale)
    return "\(scaled / scale)." + String(repeating: "0", count: digits - fraction.count) + fraction
  }

  /// Rising numbers as runs, of which the first few are named: `3`, `0-9, 12`, `0, 2, 4, 6, 8, …`.
  static func ranges(_ numbers: [Int]) -> String {
    var runs: [ClosedRange<Int>] = []
    for number in numbers {
      if let last = runs.last, last.upperBound == number - 1 {
        runs[runs.count - 1] = last.lowerBound...number
      } else {
        runs.append(number...number)
      }
    }
    let named = runs.prefix(5).map {
      $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)"
    }
    return (named + (runs.count > 5 ? ["…"] : [])).joined(separator: ", ")
  }
}
