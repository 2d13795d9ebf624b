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

    /// The words one after another, big-endian.
    var digest: InlineArray<20, UInt8> {
      let words: InlineArray<5, UInt32> = [a.bigEndian, b.bigEndian, c.bigEndian, d.bigEndian, e.bigEndian]
      return unsafeBitCast(words, to: InlineArray<20, UInt8>.self)
    }
  }

  private(set) var state = State()
  private var blocks = MessageBlocks()
  private let function: BlockFunction

  /// The empty message, to be added to.
  public init() { self.init(Self.functions.single) }

  init(_ function: BlockFunction) { self.function = function }

  /// Adds bytes to the message.
  public mutating func update(_ bytes: UnsafeRawBufferPointer) {
    let function = function
    blocks.update(bytes, into: &state) { function.mix($0, blocks: $1, into: &$2) }
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
    let function = function
    blocks.finish(into: &state) { function.mix($0, blocks: $1, into: &$2) }
    defer { state = State() }
    return state.digest
  }

  /// Whether the message so far is whole blocks, so that a block function may go on from `state` outside.
  var isAligned: Bool { blocks.isAligned }

  /// Goes on from a state that `count` more blocks were mixed into outside.
  mutating func takeOver(_ state: State, blocks count: Int) {
    self.state = state
    blocks.skip(blocks: count)
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
}
