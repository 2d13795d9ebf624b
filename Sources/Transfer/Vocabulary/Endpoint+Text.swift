import Text

// Addresses as people write them: RFC 4291 section 2.2 in, RFC 5952 out.

extension IPAddress: LosslessStringConvertible {
  /// As `init(text:)`.
  public init?(_ description: String) { self.init(text: description) }

  /// The canonical form of RFC 5952: lower case, the longest run of zero groups shortened.
  public var description: String {
    if isIPv4 { return bytes.map { "\($0)" }.joined(separator: ".") }
    let groups = [high, low].flatMap { half in
      [48, 32, 16, 0].map { UInt16(truncatingIfNeeded: half >> $0) }
    }
    let gap = Self.longestRunOfZeros(groups)
    func text(_ range: Range<Int>) -> String {
      groups[range].map { String($0, radix: 16) }.joined(separator: ":")
    }
    guard gap.count > 1 else { return text(0..<8) }
    return text(0..<gap.lowerBound) + "::" + text(gap.upperBound..<8)
  }

  /// The first of the longest runs.
  private static func longestRunOfZeros(_ groups: [UInt16]) -> Range<Int> {
    var longest = 0..<0
    var start = 0
    for (index, group) in groups.enumerated() {
      if group != 0 { start = index + 1 }
      if index + 1 - start > longest.count { longest = start..<index + 1 }
    }
    return longest
  }
}

extension Endpoint: LosslessStringConvertible {
  /// "1.2.3.4:5" or "[::1]:5"; `nil` for everything else, host names included.
  public init?(_ text: String) {
    guard let colon = text.utf8.lastIndex(of: UInt8(ascii: ":")),
      let port = Self.port(text.utf8[text.utf8.index(after: colon)...])
    else { return nil }
    var host = text[..<colon]
    let isBracketed = host.utf8.first == UInt8(ascii: "[") && host.utf8.last == UInt8(ascii: "]")
    if isBracketed { host = host.dropFirst().dropLast() }
    // An IPv6 form needs brackets, and nothing else may have them.
    guard host.utf8.contains(UInt8(ascii: ":")) == isBracketed, let address = IPAddress(String(host)) else {
      return nil
    }
    self.init(address, port: port)
  }

  /// Digits alone, and no zero in front of others.
  private static func port(_ text: Substring.UTF8View) -> UInt16? {
    guard text.count == 1 || text.first != UInt8(ascii: "0") else { return nil }
    return DecimalNumber.parse(text, upTo: 65535).map { UInt16($0) }
  }

  public var description: String {
    address.isIPv4 ? "\(address):\(port)" : "[\(address)]:\(port)"
  }
}
