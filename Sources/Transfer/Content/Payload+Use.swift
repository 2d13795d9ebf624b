// Who is at work on the content, and what happens when nobody is any more.
extension Payload {
  struct Use {
    enum Phase: UInt8 {
      case open
      /// Nobody may begin, and whoever is at work should end.
      case ending
      /// Whoever has given it up has it to himself.
      case last
      case closed
    }

    var phase = Phase.open
    /// Threads that may change files.
    var threads: Int32 = 0
    /// What is to be done when there are none.
    var afterwards: (@Sendable () -> Void)?
  }

  /// No file is opened any more.
  var isClosed: Bool { state.withLock { $0.use.phase == .closed } }

  /// Nobody waits for what is done here any more.
  var isGivenUp: Bool { state.withLock { $0.use.phase == .ending || $0.use.phase == .closed } }

  /// Does what may change files; throws `.closed` when the content has been given up.
  func using<R>(_ body: () throws(StorageError) -> R) throws(StorageError) -> R {
    try state.withLock { state throws(StorageError) in
      guard state.use.phase == .open else { throw .closed }
      state.use.threads += 1
    }
    defer { leave() }
    return try body()
  }

  private func leave() {
    let afterwards = state.withLock { state -> (@Sendable () -> Void)? in
      state.use.threads -= 1
      return state.use.threads == 0 ? Self.takeOver(&state) : nil
    }
    afterwards?()
  }

  /// Lets nobody begin anything from now on. Calls `body` when nobody is at work any more, on the thread that was the last,
  /// at once if there is none; the content is its alone then.
  func giveUp(_ body: @escaping @Sendable () -> Void) {
    let afterwards = state.withLock { state -> (@Sendable () -> Void)? in
      guard state.use.phase == .open else { return body }
      state.use.phase = .ending
      state.use.afterwards = body
      return state.use.threads == 0 ? Self.takeOver(&state) : nil
    }
    afterwards?()
  }

  private static func takeOver(_ state: inout State) -> (@Sendable () -> Void)? {
    guard state.use.phase == .ending else { return nil }
    state.use.phase = .last
    return state.use.afterwards.take()
  }
}
