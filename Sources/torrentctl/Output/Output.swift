import Glibc

/// Where text goes to: standard output, standard error, or a test's memory.
struct Output: Sendable {
  /// Whether a person is looking, so that progress and colour make sense.
  let isTerminal: Bool
  /// Columns of the terminal at this moment.
  let columns: @Sendable () -> Int
  /// Writes all of it. The answer is 0 or an error number.
  let send: @Sendable ([UInt8]) -> Int32

  init(
    isTerminal: Bool = false, columns: @escaping @Sendable () -> Int = { 80 },
    send: @escaping @Sendable ([UInt8]) -> Int32
  ) {
    self.isTerminal = isTerminal
    self.columns = columns
    self.send = send
  }

  /// An open file descriptor of the process.
  init(descriptor: Int32) {
    self.init(
      isTerminal: isatty(descriptor) == 1, columns: { Self.columns(of: descriptor) },
      send: { Self.writeAll($0, to: descriptor) })
  }

  func write(bytes: [UInt8]) throws(OutputClosed) {
    let error = send(bytes)
    if error != 0 { throw OutputClosed(errno: error) }
  }

  func write(_ text: String) throws(OutputClosed) {
    try write(bytes: Array(text.utf8))
  }

  private static func writeAll(_ bytes: [UInt8], to descriptor: Int32) -> Int32 {
    bytes.withUnsafeBytes { buffer in
      var rest = buffer[...]
      while !rest.isEmpty {
        let count = Glibc.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
        if count >= 0 {
          rest = rest.dropFirst(count)
        } else if errno == EAGAIN {
          // Somebody else's shell may have left the terminal non-blocking.
          var poll = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
          _ = Glibc.poll(&poll, 1, 1000)
        } else if errno != EINTR {
          return errno
        }
      }
      return 0
    }
  }

  private static func columns(of descriptor: Int32) -> Int {
    var size = winsize()
    guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }
}

/// Text could not be written: the reader has gone, or the disk behind it is full.
struct OutputClosed: Error, Hashable, Sendable {
  let errno: Int32

  /// The reader had enough, as `head` has: nothing that anyone needs to be told.
  var isBrokenPipe: Bool { errno == EPIPE }

  /// What the system says about it.
  var reason: String { String(cString: strerror(errno)) }
}
