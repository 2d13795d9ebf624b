/// SHA-1 of several messages side by side, fed in steps: where the processor has instructions for it, eight messages
/// take two to three times the time of one.
///
/// Any lengths give the right digests. It is fast for as far as the messages go on together: give every lane a chunk of
/// the same length, a multiple of 64 bytes until a message's last. A lane without more to add gets an empty chunk.
public struct SHA1Lanes: Sendable {
  /// How many lanes make the most of this processor: 1, 2, 4 or 8.
  public static var width: Int { SHA1.functions.width }

  private var lanes: [SHA1]
  private let functions: BlockFunctions

  /// `count` empty messages.
  public init(count: Int) { self.init(count: count, SHA1.functions) }

  init(count: Int, _ functions: BlockFunctions) {
    lanes = [SHA1](repeating: SHA1(functions.single), count: max(count, 0))
    self.functions = functions
  }

  /// Messages.
  public var count: Int { lanes.count }

  /// Adds `chunks[i]` to message `i`; chunks beyond the last message are not looked at.
  public mutating func update(_ chunks: [UnsafeRawBufferPointer]) {
    let end = min(count, chunks.count)
    for start in stride(from: 0, to: end, by: BlockFunctions.maxWidth) {
      update(lanes: start..<min(start + BlockFunctions.maxWidth, end), chunks)
    }
  }

  /// Ends message `lane` and gives its digest. The lane is then ready for another message.
  public mutating func finish(_ lane: Int) -> InlineArray<20, UInt8> {
    lanes[lane].finish()
  }

  /// At most `maxWidth` lanes.
  private mutating func update(lanes range: Range<Int>, _ chunks: [UnsafeRawBufferPointer]) {
    // What is left of each lane's chunk, and the lanes with a whole block left that can go straight to the function.
    var rest = InlineArray<8, UnsafeRawBufferPointer>(repeating: UnsafeRawBufferPointer(start: nil, count: 0))
    var active = InlineArray<8, Int>(repeating: 0)
    var activeCount = 0
    for slot in 0..<range.count {
      rest[slot] = chunks[range.lowerBound + slot]
      guard lanes[range.lowerBound + slot].isAligned, rest[slot].count >= MessageBlocks.length else {
        continue
      }
      active[activeCount] = slot
      activeCount += 1
    }

    while activeCount > 0 {
      let function = functions.function(for: activeCount)
      let taken = min(function.width, activeCount)
      var states = InlineArray<8, SHA1.State>(repeating: SHA1.State())
      // A lane too many reads what the first one reads, and its state is thrown away.
      var messages = InlineArray<8, UnsafePointer<UInt8>?>(repeating: Self.start(of: rest[active[0]]))
      var blocks = Int.max
      for index in 0..<taken {
        states[index] = lanes[range.lowerBound + active[index]].state
        messages[index] = Self.start(of: rest[active[index]])
        blocks = min(blocks, rest[active[index]].count / MessageBlocks.length)
      }
      function.mix(messages.span, blocks: blocks, into: &states)

      var stillActive = 0
      for index in 0..<activeCount {
        let slot = active[index]
        if index < taken {
          lanes[range.lowerBound + slot].takeOver(states[index], blocks: blocks)
          rest[slot] = UnsafeRawBufferPointer(rebasing: rest[slot][(blocks * MessageBlocks.length)...])
        }
        guard rest[slot].count >= MessageBlocks.length else { continue }
        active[stillActive] = slot
        stillActive += 1
      }
      activeCount = stillActive
    }
    for slot in 0..<range.count { lanes[range.lowerBound + slot].update(rest[slot]) }
  }

  private static func start(of bytes: UnsafeRawBufferPointer) -> UnsafePointer<UInt8>? {
    bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
  }
}

extension SHA1 {
  /// The digests of messages that are in memory as a whole, side by side: see `SHA1Lanes`.
  public static func digests(of messages: [UnsafeRawBufferPointer]) -> [InlineArray<20, UInt8>] {
    var lanes = SHA1Lanes(count: messages.count)
    lanes.update(messages)
    return messages.indices.map { lanes.finish($0) }
  }
}
