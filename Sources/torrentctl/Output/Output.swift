import Platform

/// Where text goes to: standard output, standard error, or a test's memory.
struct Output: Sendable {
  /// Whether a person is looking, so that progress and colour make sense.
  let isTerminal: Bool
  /// Columns of the terminal at this moment.
  let columns: @Sendable () -> Int
  /// Writes all of it.
  let send: @Sendable ([UInt8]) throws(Errno) -> Void

  init(
    isTerminal: Bool = false, columns: @escaping @Sendable () -> Int = { 80 },
    send: @escaping @Sendable ([UInt8]) throws(Errno) -> Void
  ) {
    self.isTerminal = isTerminal
    self.columns = columns
    self.send = send
  }

  /// An open file descriptor of the process.
  init(descriptor: Int32) {
    self.init(
      isTerminal: Terminal.isTerminal(descriptor), columns: { Terminal.columns(of: descriptor) },
      send: { bytes throws(Errno) in try SystemFile.write(descriptor, all: bytes) })
  }

  func write(bytes: [UInt8]) throws(OutputClosed) {
    do throws(Errno) { try send(bytes) } catch { throw OutputClosed(cause: error) }
  }

  func write(_ text: String) throws(OutputClosed) {
    try write(bytes: Array(text.utf8))
  }
}

/// Text could not be written: the reader has gone, or the disk behind it is full.
struct OutputClosed: Error, Hashable, Sendable {
  let cause: Errno

  /// The reader had enough, as `head` has: nothing that anyone needs to be told.
  var isBrokenPipe: Bool { cause == .brokenPipe }

  /// What the system says about it.
  var reason: String { cause.description }
}
