extension SHA256 {
  /// The digests of messages that lie one after another, each `messageLength` bytes (one or more) and the last
  /// perhaps fewer: the 16 KiB blocks of a file, or the nodes of a tree by twos. Several at a time, where the processor
  /// has instructions for it.
  ///
  /// Writes `messages.count / messageLength` digests of 32 bytes, rounded up, one after another from the start of
  /// `digests`, or as many as fit there. `digests` may start where `messages` does if messages are at least 32
  /// bytes long: a digest is written when its message has been read. O(bytes), with no allocation.
  public static func digests(
    of messages: UnsafeRawBufferPointer, messageLength: Int, into digests: UnsafeMutableRawBufferPointer
  ) {
    self.digests(of: messages, messageLength: messageLength, into: digests, functions)
  }

  static func digests(
    of messages: UnsafeRawBufferPointer, messageLength: Int, into digests: UnsafeMutableRawBufferPointer,
    _ functions: BlockFunctions
  ) {
    guard var next = messages.baseAddress, var place = digests.baseAddress else { return }
    let messageLength = max(messageLength, 1)
    var batch = SHA256Batch(messageLength: messageLength)
    var left = min(messages.count / messageLength, digests.count / length)
    let isLastShort = messages.count % messageLength > 0 && digests.count / length > left
    while left > 0 {
      let taken = batch.digest(next, min(left, BlockFunctions.maxWidth), into: place, functions)
      next += taken * messageLength
      place += taken * length
      left -= taken
    }
    if isLastShort {
      var sha256 = SHA256(functions.single)
      sha256.update(UnsafeRawBufferPointer(start: next, count: messages.count % messageLength))
      place.copyDigest(sha256.finish())
    }
  }
}

/// Messages of one length side by side, up to `BlockFunctions.maxWidth` of them.
private struct SHA256Batch {
  let messageLength: Int
  /// What follows the whole blocks of each message: its last bytes and the padding, one block or two.
  private var tails = InlineArray<1024, UInt8>(repeating: 0)
  private let tailBlocks: Int
  private static let tailRoom = 2 * MessageBlocks.length

  init(messageLength: Int) {
    self.messageLength = messageLength
    let inTail = messageLength % MessageBlocks.length
    let bits = UInt64(messageLength) &* 8
    tailBlocks = inTail + 9 > MessageBlocks.length ? 2 : 1
    for lane in 0..<BlockFunctions.maxWidth {
      let start = lane * Self.tailRoom
      tails[start + inTail] = 0x80
      for byte in 0..<8 {
        tails[start + tailBlocks * MessageBlocks.length - 1 - byte] =
          UInt8(truncatingIfNeeded: bits >> UInt64(8 * byte))
      }
    }
  }

  /// Takes as many of `count` messages at `bytes` as a function does at a time, and writes their digests. Returns how
  /// many they were.
  mutating func digest(
    _ bytes: UnsafeRawPointer, _ count: Int, into place: UnsafeMutableRawPointer, _ functions: BlockFunctions
  ) -> Int {
    let function = functions.function(for: count)
    let taken = min(count, function.width)
    var states = InlineArray<8, SHA256.State>(repeating: SHA256.State())
    // A lane too many reads what the first one reads, and its state is thrown away.
    var messages = InlineArray<8, UnsafePointer<UInt8>?>(repeating: bytes.assumingMemoryBound(to: UInt8.self))
    for lane in 0..<taken {
      messages[lane] = (bytes + lane * messageLength).assumingMemoryBound(to: UInt8.self)
    }
    let blocks = messageLength / MessageBlocks.length
    function.mix(messages.span, blocks: blocks, into: &states)

    let inTail = messageLength % MessageBlocks.length
    let tailBlocks = tailBlocks
    withUnsafeMutableBytes(of: &tails) { tails in
      guard let base = tails.baseAddress else { return }
      for lane in 0..<BlockFunctions.maxWidth {
        let tail = base + lane * Self.tailRoom
        if lane < taken, inTail > 0 {
          tail.copyMemory(
            from: bytes + lane * messageLength + blocks * MessageBlocks.length, byteCount: inTail)
        }
        messages[lane] = UnsafeRawPointer(tail).assumingMemoryBound(to: UInt8.self)
      }
      function.mix(messages.span, blocks: tailBlocks, into: &states)
    }
    for lane in 0..<taken { (place + lane * SHA256.length).copyDigest(states[lane].digest) }
    return taken
  }
}

extension UnsafeMutableRawPointer {
  fileprivate func copyDigest(_ digest: InlineArray<32, UInt8>) {
    storeBytes(of: digest, as: InlineArray<32, UInt8>.self)
  }
}
