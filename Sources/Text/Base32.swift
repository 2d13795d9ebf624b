/// Base 32 (RFC 4648) without padding, as old magnet links write their hashes.
package enum Base32 {
  /// `nil` when a character is no digit, of either case, or bits are left over that are not zero.
  package static func bytes(_ text: some Sequence<UInt8>) -> [UInt8]? {
    var bytes: [UInt8] = []
    var buffer: UInt16 = 0
    var bits = 0
    for character in text {
      guard let value = value(character) else { return nil }
      buffer = buffer << 5 | UInt16(value)
      bits += 5
      if bits >= 8 {
        bits -= 8
        bytes.append(UInt8(truncatingIfNeeded: buffer >> UInt16(bits)))
        buffer &= 1 << UInt16(bits) - 1
      }
    }
    return bits < 5 && buffer == 0 ? bytes : nil
  }

  private static func value(_ digit: UInt8) -> UInt8? {
    switch digit {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): digit - UInt8(ascii: "A")
    case UInt8(ascii: "a")...UInt8(ascii: "z"): digit - UInt8(ascii: "a")
    case UInt8(ascii: "2")...UInt8(ascii: "7"): digit - UInt8(ascii: "2") + 26
    default: nil
    }
  }
}
