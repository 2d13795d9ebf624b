import Text

extension IPAddress {
  /// Reads "a.b.c.d" (four decimal numbers without leading zeros) or an IPv6 address in any form of RFC 4291
  /// ("::1", "2001:db8::7", "::ffff:10.0.0.1"), without brackets and without a zone.
  public init?(text: String) {
    let bytes = Array(text.utf8)
    guard bytes.count <= 45 else { return nil }
    guard let parsed = bytes.contains(UInt8(ascii: ":")) ? Self.ipv6(bytes[...]) : Self.ipv4(bytes[...])
    else {
      return nil
    }
    self.init(parsed)
  }

  private static func ipv4(_ text: ArraySlice<UInt8>) -> [UInt8]? {
    let parts = text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard parts.count == 4 else { return nil }
    let numbers = parts.compactMap { part -> UInt8? in
      // "010" is 8 to some readers and 10 to others.
      guard part.count == 1 || part.first != UInt8(ascii: "0") else { return nil }
      return DecimalNumber.parse(part, upTo: 255).map { UInt8($0) }
    }
    return numbers.count == 4 ? numbers : nil
  }

  private static func ipv6(_ text: ArraySlice<UInt8>) -> [UInt8]? {
    let colon = UInt8(ascii: ":")
    // "::" stands once for as many zeros as are missing.
    guard
      let gap = zip(text.indices, text.indices.dropFirst()).first(where: {
        text[$0] == colon && text[$1] == colon
      })
    else {
      guard let all = groups(text), all.count == 16 else { return nil }
      return all
    }
    guard let head = groups(text[..<gap.0], mayEndInIPv4: false), let tail = groups(text[(gap.1 + 1)...]),
      head.count + tail.count <= 14
    else { return nil }
    return head + [UInt8](repeating: 0, count: 16 - head.count - tail.count) + tail
  }

  /// Groups of up to four hexadecimal digits between colons; the last may be an IPv4 address.
  private static func groups(_ text: ArraySlice<UInt8>, mayEndInIPv4: Bool = true) -> [UInt8]? {
    guard !text.isEmpty else { return [] }
    var bytes: [UInt8] = []
    let parts = text.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
    for (place, part) in parts.enumerated() {
      if mayEndInIPv4, place == parts.count - 1, part.contains(UInt8(ascii: ".")) {
        guard let four = ipv4(part) else { return nil }
        bytes += four
        continue
      }
      guard (1...4).contains(part.count) else { return nil }
      var value: UInt16 = 0
      for byte in part {
        guard let digit = Hexadecimal.value(byte) else { return nil }
        value = value << 4 | UInt16(digit)
      }
      bytes += [UInt8(value >> 8), UInt8(value & 0xff)]
    }
    return bytes
  }
}
