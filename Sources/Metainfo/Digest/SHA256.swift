/// The SHA-256 digest of a message (FIPS 180-4), which BEP 52 uses for the info-hash, for the blocks of a file and
/// for the nodes of its tree.
///
/// Any split of a message over calls of `update` gives the same digest. O(bytes), with no allocation.
public struct SHA256: Sendable {
  /// Bytes of a digest.
  public static let length = 32

  /// The eight chaining words; their layout in memory is what `CDigest` expects.
  struct State: Sendable {
    var a: UInt32 = 0x6a09_e667
    var b: UInt32 = 0xbb67_ae85
    var c: UInt32 = 0x3c6e_f372
    var d: UInt32 = 0xa54f_f53a
    var e: UInt32 = 0x510e_527f
    var f: UInt32 = 0x9b05_688c
    var g: UInt32 = 0x1f83_d9ab
    var h: UInt32 = 0x5be0_cd19

    /// The words one after another, big-endian.
    var digest: InlineArray<32, UInt8> {
      let words: InlineArray<8, UInt32> = [
        a.bigEndian, b.bigEndian, c.bigEndian, d.bigEndian, e.bigEndian, f.bigEndian, g.bigEndian,
        h.bigEndian,
      ]
      return unsafeBitCast(words, to: InlineArray<32, UInt8>.self)
    }
  }

  private var state = State()
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
  public mutating func finish() -> InlineArray<32, UInt8> {
    let function = function
    blocks.finish(into: &state) { function.mix($0, blocks: $1, into: &$2) }
    defer { state = State() }
    return state.digest
  }
}

extension SHA256 {
  /// The digest of a message that is in memory as a whole.
  public static func digest(of bytes: UnsafeRawBufferPointer) -> InlineArray<32, UInt8> {
    var sha256 = SHA256()
    sha256.update(bytes)
    return sha256.finish()
  }

  /// The digest of a message that is in memory as a whole.
  public static func digest(of bytes: RawSpan) -> InlineArray<32, UInt8> {
    bytes.withUnsafeBytes { digest(of: $0) }
  }

  /// The digest of a message that is in memory as a whole.
  public static func digest(of bytes: [UInt8]) -> InlineArray<32, UInt8> {
    bytes.withUnsafeBytes { digest(of: $0) }
  }

  /// The digest of a message that is in memory as a whole.
  public static func digest(of bytes: ArraySlice<UInt8>) -> InlineArray<32, UInt8> {
    bytes.withUnsafeBytes { digest(of: $0) }
  }
}
