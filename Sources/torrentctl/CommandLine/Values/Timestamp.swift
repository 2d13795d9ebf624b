/// A moment in whole seconds, written as RFC 3339: `2026-11-21T07:30:00Z`, `2026-11-21 08:30:00+01:00`, or a
/// date alone, which is its midnight in UTC.
struct Timestamp: OptionValue, Hashable, Sendable {
  /// Seconds since 1970 began in UTC.
  let seconds: Int
  static let expected = "a date (2026-11-21, 2026-11-21T07:30:00Z)"

  init(seconds: Int) { self.seconds = seconds }

  init?(argument: String) {
    var reader = Reader(rest: Array(argument.utf8)[...])
    guard let year = reader.number(4), reader.take("-"), let month = reader.number(2), reader.take("-"),
      let day = reader.number(2), (1...12).contains(month), day >= 1, day <= Self.days(in: month, of: year)
    else { return nil }
    var seconds = Self.day(year, month, day) * 86_400
    if !reader.rest.isEmpty {
      guard reader.take("T") || reader.take("t") || reader.take(" "), let hour = reader.number(2),
        reader.take(":"), let minute = reader.number(2), reader.take(":"), let second = reader.number(2),
        hour < 24, minute < 60, second <= 60
      else { return nil }
      if reader.take(".") { guard reader.skipDigits() else { return nil } }
      guard let zone = reader.zone(), reader.rest.isEmpty else { return nil }
      seconds += hour * 3600 + minute * 60 + second - zone
    }
    self.seconds = seconds
  }

  /// `2026-11-21T07:30:00Z`; a year outside 0 to 9999 has no such form, and shows as its number of seconds.
  var text: String {
    let (days, second) = (seconds.floored(by: 86_400), seconds.remainder(floored: 86_400))
    // Days since 1 March of year 0, in eras of 400 years of 146,097 days; years begin in March, so that the leap
    // day is the last of its year.
    guard (-719_528...2_932_896).contains(days) else { return "\(seconds)" }
    let shifted = days + 719_468
    let era = shifted.floored(by: 146_097)
    let dayOfEra = shifted.remainder(floored: 146_097)
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let marchMonth = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * marchMonth + 2) / 5 + 1
    let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    return Self.padded(year, 4) + "-" + Self.padded(month, 2) + "-" + Self.padded(day, 2) + "T"
      + Self.padded(second / 3600, 2) + ":" + Self.padded(second / 60 % 60, 2) + ":"
      + Self.padded(second % 60, 2) + "Z"
  }

  /// `2026-11-21 07:30:00 UTC`.
  var readable: String {
    let text = text
    guard text.hasSuffix("Z") else { return text }
    return text.dropLast().split(separator: "T").joined(separator: " ") + " UTC"
  }

  /// Days from 1970-01-01 to this day of the Gregorian calendar.
  private static func day(_ year: Int, _ month: Int, _ day: Int) -> Int {
    let year = month <= 2 ? year - 1 : year
    let era = year.floored(by: 400)
    let yearOfEra = year.remainder(floored: 400)
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  private static func days(in month: Int, of year: Int) -> Int {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  private static func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }

  private struct Reader {
    var rest: ArraySlice<UInt8>

    mutating func take(_ character: Unicode.Scalar) -> Bool {
      guard rest.first == UInt8(ascii: character) else { return false }
      rest.removeFirst()
      return true
    }

    mutating func number(_ digits: Int) -> Int? {
      let head = rest.prefix(digits)
      guard head.count == digits else { return nil }
      rest = rest.dropFirst(digits)
      return DecimalText.integer(String(decoding: head, as: UTF8.self))
    }

    /// At least one digit.
    mutating func skipDigits() -> Bool {
      let tail = rest.drop { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
      defer { rest = tail }
      return tail.count < rest.count
    }

    /// Seconds east of UTC.
    mutating func zone() -> Int? {
      if take("Z") || take("z") { return 0 }
      let sign = take("-") ? -1 : take("+") ? 1 : 0
      guard sign != 0, let hours = number(2), take(":"), let minutes = number(2), hours < 24, minutes < 60
      else {
        return nil
      }
      return sign * (hours * 3600 + minutes * 60)
    }
  }
}

extension Int {
  /// The quotient rounded down; `divisor` is positive.
  fileprivate func floored(by divisor: Int) -> Int {
    self / divisor - (self % divisor < 0 ? 1 : 0)
  }

  fileprivate func remainder(floored divisor: Int) -> Int {
    let remainder = self % divisor
    return remainder < 0 ? remainder + divisor : remainder
  }
}
