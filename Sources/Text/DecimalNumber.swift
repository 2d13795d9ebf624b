/// Numbers written in decimal digits, and nothing but digits: no sign, no space.
package enum DecimalNumber {
  /// `nil` for anything but one or more digits, and for a value above the limit.
  package static func parse(_ bytes: some Sequence<UInt8>, upTo limit: Int) -> Int? {
    var value: Int?
    for byte in bytes {
      guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return nil }
      let (product, overflow) = (value ?? 0).multipliedReportingOverflow(by: 10)
      guard !overflow else { return nil }
      let (sum, carry) = product.addingReportingOverflow(Int(byte - UInt8(ascii: "0")))
      guard !carry, sum <= limit else { return nil }
      value = sum
    }
    return value
  }
}
