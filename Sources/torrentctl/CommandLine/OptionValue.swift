import Transfer

/// Something an option's text is read as.
protocol OptionValue {
  /// What was expected, to stand behind "is not": "a size (…)".
  static var expected: String { get }
  init?(argument: String)
}

/// A path that is not empty.
struct PathText: OptionValue {
  let text: String
  static let expected = "a path"

  init?(argument: String) {
    if argument.isEmpty { return nil }
    text = argument
  }
}

/// A whole number of at least 1.
struct Count: OptionValue, Hashable, Sendable {
  let value: Int
  static let expected = "a whole number of at least 1"

  init?(argument: String) {
    guard let value = DecimalText.integer(argument), value >= 1 else { return nil }
    self.value = value
  }
}

/// A numeric IP address.
struct NumericAddress: OptionValue, Hashable, Sendable {
  let address: IPAddress
  static let expected = "an IP address (192.0.2.7, 2001:db8::7)"

  init?(argument: String) {
    guard let address = IPAddress(argument) else { return nil }
    self.address = address
  }
}

/// A TCP port; 0 lets the system choose.
struct PortNumber: OptionValue, Hashable, Sendable {
  let value: UInt16
  static let expected = "a port (0 to 65535)"

  init?(argument: String) {
    guard let value = DecimalText.integer(argument).flatMap(UInt16.init(exactly:)) else { return nil }
    self.value = value
  }
}

/// A share ratio: bytes uploaded for each byte of the content.
struct Ratio: OptionValue, Hashable, Sendable {
  let value: Double
  static let expected = "a ratio (1.5)"

  init?(argument: String) {
    guard let number = DecimalText(argument[...]), number.digits <= 9 else { return nil }
    value = Double(number.whole) + Double(number.fraction) / Double(number.scale)
  }
}

/// An unsigned decimal number with an optional fraction: digits only, no sign, no exponent, no spaces.
struct DecimalText: Hashable, Sendable {
  let whole: Int
  /// The digits behind the point as a number.
  let fraction: Int
  /// How many there are.
  let digits: Int

  /// 10 to the power of `digits`.
  var scale: Int { (0..<digits).reduce(1) { scale, _ in scale * 10 } }

  init?(_ text: Substring) {
    let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    guard let first = parts.first, let whole = Self.integer(first) else { return nil }
    self.whole = whole
    guard parts.count == 2 else {
      fraction = 0
      digits = 0
      return
    }
    guard parts[1].utf8.count <= 9, let fraction = Self.integer(parts[1]) else { return nil }
    self.fraction = fraction
    digits = parts[1].utf8.count
  }

  /// A whole number: at least one digit, nothing but digits, no overflow.
  static func integer(_ text: some StringProtocol) -> Int? {
    guard !text.isEmpty, text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else {
      return nil
    }
    return Int(text)
  }
}
