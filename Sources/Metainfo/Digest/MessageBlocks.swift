/// Cuts a message into the blocks of 64 bytes that SHA-1 and SHA-256 mix, and ends it with their padding (FIPS
/// 180-4, 5.1.1): a one bit, zeros, and the length in bits as 64 bits, big-endian.
///
/// The blocks go to a function together with the state they are mixed into; whole blocks straight from the
/// caller's memory.
struct MessageBlocks: Sendable {
  /// Bytes of a block.
  static let length = 64

  /// The start of a block that is not yet whole: `pendingCount` bytes of it are valid, fewer than 64.
  private var pending = InlineArray<64, UInt8>(repeating: 0)
  private var pendingCount = 0
  /// Bytes of the message so far.
  private var messageLength: UInt64 = 0

  /// Whether the message so far is whole blocks.
  var isAligned: Bool { pendingCount == 0 }

  /// Adds bytes to the message; `mix` gets the start and the number of every run of blocks.
  @inline(__always)
  mutating func update<State>(
    _ bytes: UnsafeRawBufferPointer, into state: inout State,
    mix: (UnsafeRawPointer, Int, inout State) -> Void
  ) {
    guard var next = bytes.baseAddress, bytes.count > 0 else { return }
    var left = bytes.count
    messageLength &+= UInt64(left)
    if pendingCount > 0 {
      let taken = min(left, Self.length - pendingCount)
      store(next, taken)
      next += taken
      left -= taken
      guard pendingCount == Self.length else { return }
      mixPending(into: &state, mix)
    }
    let blocks = left / Self.length
    if blocks > 0 {
      mix(next, blocks, &state)
      next += blocks * Self.length
      left -= blocks * Self.length
    }
    if left > 0 { store(next, left) }
  }

  /// Counts blocks that the caller mixed itself, which it may when the message so far `isAligned`.
  mutating func skip(blocks: Int) {
    messageLength &+= UInt64(blocks * Self.length)
  }

  /// Adds the padding; the value is then ready for another message.
  @inline(__always)
  mutating func finish<State>(into state: inout State, mix: (UnsafeRawPointer, Int, inout State) -> Void) {
    let bits = messageLength &* 8
    pending[pendingCount] = 0x80
    pendingCount += 1
    if pendingCount > Self.length - 8 {
      for index in pendingCount..<Self.length { pending[index] = 0 }
      mixPending(into: &state, mix)
    }
    for index in pendingCount..<Self.length - 8 { pending[index] = 0 }
    for byte in 0..<8 {
      pending[Self.length - 8 + byte] = UInt8(truncatingIfNeeded: bits >> UInt64(56 - 8 * byte))
    }
    mixPending(into: &state, mix)
    messageLength = 0
  }

  private mutating func store(_ bytes: UnsafeRawPointer, _ count: Int) {
    for index in 0..<count {
      pending[pendingCount + index] = bytes.load(fromByteOffset: index, as: UInt8.self)
    }
    pendingCount += count
  }

  @inline(__always)
  private mutating func mixPending<State>(
    into state: inout State, _ mix: (UnsafeRawPointer, Int, inout State) -> Void
  ) {
    withUnsafeBytes(of: &pending) { raw in
      if let base = raw.baseAddress { mix(base, 1, &state) }
    }
    pendingCount = 0
  }
}
