/// A function that mixes blocks of 64 bytes into the states of one message, or of several side by side.
struct BlockFunction: Sendable {
  /// The states one after another, where the blocks of each message begin, and the number of blocks of each.
  typealias Body =
    @convention(c) @Sendable (UnsafeMutablePointer<UInt32>?, UnsafePointer<UnsafePointer<UInt8>?>?, Int) ->
    Void

  /// Messages at a time.
  let width: Int
  let body: Body

  /// Mixes `count` blocks at `bytes` into one state, whose memory is the words that the body expects; `width`
  /// is one.
  @inline(__always)
  func mix<State>(_ bytes: UnsafeRawPointer, blocks count: Int, into state: inout State) {
    withUnsafeMutableBytes(of: &state) { state in
      var message: UnsafePointer<UInt8>? = bytes.assumingMemoryBound(to: UInt8.self)
      body(state.baseAddress?.assumingMemoryBound(to: UInt32.self), &message, count)
    }
  }

  /// Mixes `count` blocks of each of `width` messages into as many states.
  @inline(__always)
  func mix<State>(
    _ messages: Span<UnsafePointer<UInt8>?>, blocks count: Int, into states: inout InlineArray<8, State>
  ) {
    withUnsafeMutableBytes(of: &states) { states in
      messages.withUnsafeBufferPointer { messages in
        body(states.baseAddress?.assumingMemoryBound(to: UInt32.self), messages.baseAddress, count)
      }
    }
  }
}

/// The block functions of one digest that work best together.
struct BlockFunctions: Sendable {
  /// Messages that the widest function takes; never more than `maxWidth`.
  let width: Int
  static let maxWidth = 8

  /// Which function to use for how many messages.
  private let byCount: InlineArray<9, BlockFunction>

  /// `functions` begin with one for a single message and get wider, and faster for each message.
  init(_ single: BlockFunction.Body, _ wider: [BlockFunction]) {
    let functions = [BlockFunction(width: 1, body: single)] + wider.filter { $0.width <= Self.maxWidth }
    let widest = functions[functions.count - 1]
    width = widest.width
    byCount = InlineArray { count in functions.first { $0.width >= count } ?? widest }
  }

  /// The function for one message.
  var single: BlockFunction { byCount[1] }

  /// The narrowest function that takes `count` messages, or else the widest. It does the same work when a few of
  /// its lanes are idle; measured, that is still the fastest.
  func function(for count: Int) -> BlockFunction { byCount[min(max(count, 1), Self.maxWidth)] }
}
