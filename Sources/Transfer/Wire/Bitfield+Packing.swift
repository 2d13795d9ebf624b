extension Bitfield {
  /// The set that a `bitfield` message packs (BEP 3): the first piece in the highest bit of the first byte.
  public init(packed: [UInt8], pieceCount: Int) throws(WireError) {
    let needed = (pieceCount + 7) / 8
    guard packed.count == needed else { throw .bitfieldLength(got: packed.count, needed: needed) }
    var words = [UInt64](repeating: 0, count: (pieceCount + 63) / 64)
    for (i, byte) in packed.enumerated() where byte != 0 {
      words[i / 8] |= UInt64(Self.reversed(byte)) << UInt64(i % 8 * 8)
    }
    if pieceCount % 64 != 0, let last = words.last, last >> UInt64(pieceCount % 64) != 0 {
      throw .bitfieldSpareBits
    }
    self.init(pieceCount: pieceCount, words: words)
  }

  /// The bytes of a `bitfield` message.
  public var packed: [UInt8] {
    (0..<(pieceCount + 7) / 8).map { i in
      Self.reversed(UInt8(truncatingIfNeeded: words[i / 8] >> UInt64(i % 8 * 8)))
    }
  }

  private static func reversed(_ byte: UInt8) -> UInt8 {
    var b = byte
    b = b >> 4 | b << 4
    b = (b & 0xcc) >> 2 | (b & 0x33) << 2
    return (b & 0xaa) >> 1 | (b & 0x55) << 1
  }
}
