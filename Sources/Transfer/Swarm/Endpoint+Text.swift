// Addresses as people write them: RFC 4291 section 2.2 in, RFC 5952 out.

extension IPAddress: LosslessStringConvertible {
  /// No spelling of an address is longer, in bytes.
  private static let longestText = 45

  /// Dotted decimal with no leading zeros, or any IPv6 form without a zone; `nil` for everything else.
  public init?(_ text: String) {
    var text = text
    let parsed: IPAddress? = text.withUTF8 { bytes in
      guard !bytes.isEmpty, bytes.count <= Self.longestText else { return nil }
      if bytes.contains(UInt8(ascii: ":")) { return Self.ipv6(bytes[...]) }
      return Self.ipv4(bytes[...]).map(IPAddress.init(ipv4:))
    }
    guard let parsed else { return nil }
    self = parsed
  }

  private static func ipv4(_ text: Slice<UnsafeBufferPointer<UInt8>>) -> UInt32? {
    var address: UInt32 = 0
    var count = 0
    for part in text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false) {
      guard count < 4, let byte = decimal(part, digits: 3, maximum: 255) else { return nil }
      address = address << 8 | UInt32(byte)
      count += 1
    }
    return count == 4 ? address : nil
  }

  private static func ipv6(_ text: Slice<UnsafeBufferPointer<UInt8>>) -> IPAddress? {
    // What stands before and behind "::", in 16-bit groups.
    var groups: [UInt64] = []
    var gap: Int?
    var rest = text
    if rest.starts(with: "::".utf8) {
      gap = 0
      rest = rest.dropFirst(2)
    }
    while !rest.isEmpty {
      guard groups.count < 8 else { return nil }
      let part = rest.prefix { $0 != UInt8(ascii: ":") }
      rest = rest[part.endIndex...]
      if rest.isEmpty, part.contains(UInt8(ascii: ".")) {
        guard let tail = ipv4(part) else { return nil }
        groups += [UInt64(tail >> 16), UInt64(tail & 0xffff)]
        break
      }
      guard let group = hexadecimal(part) else { return nil }
      groups.append(group)
      guard !rest.isEmpty else { break }
      rest = rest.dropFirst()
      if rest.first == UInt8(ascii: ":") {
        guard gap == nil else { return nil }
        gap = groups.count
        rest = rest.dropFirst()
      } else if rest.isEmpty {
        return nil
      }
    }
    if let gap {
      // "::" stands for at least one group.
      guard groups.count < 8 else { return nil }
      groups.insert(contentsOf: repeatElement(0, count: 8 - groups.count), at: gap)
    }
    guard groups.count == 8 else { return nil }
    return IPAddress(
      ipv6High: groups[..<4].reduce(0) { $0 << 16 | $1 }, low: groups[4...].reduce(0) { $0 << 16 | $1 })
  }

  private static func hexadecimal(_ text: Slice<UnsafeBufferPointer<UInt8>>) -> UInt64? {
    guard (1...4).contains(text.count) else { return nil }
    var value: UInt64 = 0
    for byte in text {
      guard let digit = Character(UnicodeScalar(byte)).hexDigitValue else { return nil }
      value = value << 4 | UInt64(digit)
    }
    return value
  }

  /// Digits alone, and no zero in front of others: some programs read that as octal.
  fileprivate static func decimal(_ text: some Collection<UInt8>, digits: Int, maximum: Int) -> Int? {
    guard let first = text.first, text.count <= digits, text.count == 1 || first != UInt8(ascii: "0") else {
      return nil
    }
    var value = 0
    for byte in text {
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
      value = value * 10 + Int(byte - UInt8(ascii: "0"))
    }
    return value <= maximum ? value : nil
  }

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
      let port = IPAddress.decimal(text.utf8[text.utf8.index(after: colon)...], digits: 5, maximum: 65535)
    else { return nil }
    var host = text[..<colon]
    let isBracketed = host.utf8.first == UInt8(ascii: "[") && host.utf8.last == UInt8(ascii: "]")
    if isBracketed { host = host.dropFirst().dropLast() }
    // An IPv6 form needs brackets, and nothing else may have them.
    guard host.utf8.contains(UInt8(ascii: ":")) == isBracketed, let address = IPAddress(String(host)) else {
      return nil
    }
    self.init(address, port: UInt16(port))
  }

  public var description: String {
    address.isIPv4 ? "\(address):\(port)" : "[\(address)]:\(port)"
  }
}
