/// The SHA-1 digest of a message (FIPS 180-4), which BEP 3 uses for pieces and for the info-hash.
///
/// SHA-1 no longer protects against someone who makes two messages with one digest; it is here because the
/// protocol has it. Any split of a message over calls of `update` gives the same digest. O(bytes), with no
/// allocation.
public struct SHA1: Sendable {
  /// Bytes of a digest.
  public static let length = 20

  /// The five chaining words; their layout in memory is what `CDigest` expects.
  struct State: Sendable {
    var a: UInt32 = 0x6745_2301
    var b: UInt32 = 0xefcd_ab89
    var c: UInt32 = 0x98ba_dcfe
    var d: UInt32 = 0x1032_5476
    var e: UInt32 = 0xc3d2_e1f0

    var digest: InlineArray<20, UInt8> {
      var digest = InlineArray<20, UInt8>(repeating: 0)
      let words: InlineArray<5, UInt32> = [a, b, c, d, e]
      for index in digest.indices {
        digest[index] = UInt8(truncatingIfNeeded: words[index / 4] >> UInt32(24 - 8 * (index % 4)))
      }
      return digest
    }
  }

  private var state = State()
  private var blocks = MessageBlocks()
  private let backend: SHA1Backend

  public init() { self.init(backend: .current) }

  init(backend: SHA1Backend) { self.backend = backend }

  /// Adds bytes to the message.
  public mutating func update(_ bytes: UnsafeRawBufferPointer) {
    let backend = backend
    blocks.update(bytes, into: &state) { backend.mix($0, blocks: $1, into: &$2) }
  }

  /// Adds bytes to the message.
  public mutating func update(_ bytes: RawSpan) {
    bytes.withUnsafeBytes { update($0) }
  }

  /// Adds bytes to the message.
  public mutating func update(_ bytes: [UInt8]) {
    bytes.withUnsafeBytes { update($0) }
  }

  /// Adds bytes to the message.
  public mutating func update(_ bytes: ArraySlice<UInt8>) {
    bytes.withUnsafeBytes { update($0) }
  }

  /// Ends the message and gives its digest. The value is then ready for another message.
  public mutating func finish() -> InlineArray<20, UInt8> {
    let backend = backend
    blocks.finish(into: &state) { backend.mix($0, blocks: $1, into: &$2) }
    defer { state = State() }
    return state.digest
  }

  /// Adds bytes to two messages, best the same number to each and both at a multiple of 64 bytes: where the
  /// processor has SHA instructions, two at a time take far less than twice the time of one.
  public static func update(
    _ one: inout SHA1, with first: UnsafeRawBufferPointer, _ two: inout SHA1,
    with second: UnsafeRawBufferPointer
  ) {
    let blocks = min(first.count, second.count) / MessageBlocks.length
    guard one.blocks.isAligned, two.blocks.isAligned, blocks > 0, let a = first.baseAddress,
      let b = second.baseAddress
    else {
      one.update(first)
      two.update(second)
      return
    }
    one.backend.mix(a, b, blocks: blocks, into: &one.state, &two.state)
    let taken = blocks * MessageBlocks.length
    one.blocks.skip(blocks: blocks)
    two.blocks.skip(blocks: blocks)
    one.update(UnsafeRawBufferPointer(rebasing: first[taken...]))
    two.update(UnsafeRawBufferPointer(rebasing: second[taken...]))
  }
}

extension SHA1 {
  /// The digest of a message that is in memory as a whole.
  public static func digest(of bytes: UnsafeRawBufferPointer) -> InlineArray<20, UInt8> {
    var sha1 = SHA1()
    sha1.update(bytes)
    return sha1.finish()
  }

  /// The digest of a message that is in memory as a whole.
  public static func digest(of bytes: RawSpan) -> InlineArray<20, UInt8> {
    bytes.withUnsafeBytes { digest(of: $0) }
  }

  /// The digest of a message that is in memory as a whole.
  public static func digest(of bytes: [UInt8]) -> InlineArray<20, UInt8> {
    bytes.withUnsafeBytes { digest(of: $0) }
  }

  /// The digest of a message that is in memory as a whole.
  public static func digest(of bytes: ArraySlice<UInt8>) -> InlineArray<20, UInt8> {
    bytes.withUnsafeBytes { digest(of: $0) }
  }

  /// The digests of two messages, best of the same length: see `update(_:with:_:with:)`.
  public static func digests(
    of first: UnsafeRawBufferPointer, and second: UnsafeRawBufferPointer
  ) -> (InlineArray<20, UInt8>, InlineArray<20, UInt8>) {
    digests(of: first, and: second, backend: .current)
  }

  static func digests(
    of first: UnsafeRawBufferPointer, and second: UnsafeRawBufferPointer, backend: SHA1Backend
  ) -> (InlineArray<20, UInt8>, InlineArray<20, UInt8>) {
    var one = SHA1(backend: backend)
    var two = SHA1(backend: backend)
    update(&one, with: first, &two, with: second)
    return (one.finish(), two.finish())
  }
}
