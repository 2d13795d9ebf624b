import CLinux
import Metainfo
import Platform
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// One thread that waits for descriptors, timers and messages, and runs what belongs to them, one thing at a
/// time. As the executor of an actor it makes that thread the only one that touches the actor's state, and the
/// compiler the witness: closures made inside the actor are called directly, and `assumeIsolated` holds in them.
///
/// `watch`, `change`, `unwatch`, `schedule`, `cancel` and `now` are for the loop's own thread (and for whoever
/// sets it up before `start`). `enqueue`, `post`, `start` and `stop` are for any thread.
///
/// A loop that was started lives until it is stopped.
final class EventLoop: SerialExecutor, @unchecked Sendable {
  // For the loop's thread alone.
  private let poller: Poller
  private var watches = WatchTable()
  private var timers = TimerHeap()
  private(set) var now: Instant
  private var batch: [Message] = []

  // For every thread.
  private let name: String
  private let wakeUp: Descriptor
  private let mailbox = Lock(Mailbox())
  private let ended = Monitor(false)
  /// The thread that runs the loop's work, or 0.
  private let owner = Atomic<UInt>(0)

  private enum Message {
    case job(UnownedJob)
    case body(@Sendable () -> Void)
  }

  private struct Mailbox {
    var messages: [Message] = []
    /// The loop will look into the mailbox before it waits, or has been woken: no need to wake it.
    var isAwake = true
    var phase = Phase.new
  }

  private enum Phase {
    case new
    case running
    case stopping
    case ended
    /// A thread is running late messages.
    case clearing
  }

  /// The key of the wake-up descriptor, which no registration has.
  private static let wakeUpKey = UInt64.max

  /// - Parameter name: of its thread; at most 15 bytes.
  init(named name: String = "events") throws(SystemError) {
    self.name = name
    poller = try Poller()
    let raw = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
    guard raw >= 0 else { throw .last("eventfd") }
    wakeUp = Descriptor(owning: raw)
    now = Self.clock()
    try poller.add(wakeUp.raw, for: .read, key: Self.wakeUpKey)
  }

  /// The time by the clock that never goes back; `now` is this at the loop's last wake-up.
  static func clock() -> Instant { Instant(nanoseconds: Clock.monotonic) }

  // MARK: Start and end

  /// Starts the thread. Messages that came before wait for it.
  func start() throws(SystemError) {
    let isFirst = mailbox.withLock { box in
      guard box.phase == .new else { return false }
      box.phase = .running
      return true
    }
    precondition(isFirst, "an event loop starts once")
    do {
      try PlainThread.start(named: name) { self.run() }.detach()
    } catch {
      mailbox.withLock { $0.phase = .new }
      throw error
    }
  }

  /// Ends the loop: messages that are in the mailbox are still run, then handlers and timers are dropped and
  /// the thread ends. Returns when that is done; asked for on the loop's own thread, it returns at once and the
  /// loop ends after what it is running. Stopping twice, or before the start, does nothing more.
  ///
  /// Messages that come later, such as an actor's last steps, are run on a thread made for them; nothing is
  /// watched and no timer fires any more.
  func stop() {
    let wasStarted = mailbox.withLock { box in
      if box.phase == .new { return false }
      if box.phase == .running { box.phase = .stopping }
      return true
    }
    guard wasStarted else { return }
    if isOnLoop { return }
    signalWakeUp()
    ended.wait { $0 ? () : nil }
  }

  // MARK: Descriptors, on the loop

  /// Calls `handler` on the loop whenever the descriptor is ready, for as long as it is (level-triggered). The
  /// descriptor stays the caller's, who calls `unwatch` before closing it.
  func watch(
    _ descriptor: Int32, for interest: Interest, _ handler: @escaping (Readiness) -> Void
  ) throws(SystemError) -> Registration {
    checkThread()
    let registration = watches.insert(descriptor, handler)
    do {
      try poller.add(descriptor, for: interest, key: registration.key)
    } catch {
      _ = watches.remove(registration)
      throw error
    }
    return registration
  }

  /// An empty interest is possible: the handler then hears of a hang-up or an error, once.
  func change(_ registration: Registration, to interest: Interest) {
    checkThread()
    guard let descriptor = watches.descriptor(of: registration) else { return }
    poller.change(descriptor, to: interest, key: registration.key)
  }

  /// The handler is not called again, not even for an event that has already been collected.
  func unwatch(_ registration: Registration) {
    checkThread()
    if let removed = watches.remove(registration) { poller.remove(removed.descriptor) }
  }

  // MARK: Timers, on the loop

  /// Calls `body` on the loop once, `delay` after `now`, to the millisecond and never early.
  func schedule(after delay: Instant.Span, _ body: @escaping () -> Void) -> Timer {
    checkThread()
    return timers.add(due: now + delay, body)
  }

  func cancel(_ timer: Timer) {
    checkThread()
    _ = timers.cancel(timer)
  }

  // MARK: Messages, from anywhere

  /// Runs `body` on the loop. One wake-up for all that come before the loop looks.
  func post(_ body: @escaping @Sendable () -> Void) { deliver(.body(body)) }

  func enqueue(_ job: consuming ExecutorJob) { deliver(.job(UnownedJob(job))) }

  private func deliver(_ message: Message) {
    enum Need { case nothing, wakeUp, thread }
    let need: Need = mailbox.withLock { box in
      box.messages.append(message)
      switch box.phase {
      case .new, .clearing:
        return .nothing
      case .running, .stopping:
        guard !box.isAwake else { return .nothing }
        box.isAwake = true
        return .wakeUp
      case .ended:
        box.phase = .clearing
        return .thread
      }
    }
    switch need {
    case .nothing: break
    case .wakeUp: signalWakeUp()
    case .thread: clearLateMessages()
    }
  }

  private func signalWakeUp() {
    var one: UInt64 = 1
    // Fails only when the counter is full, and then the loop is being woken anyway.
    _ = write(wakeUp.raw, &one, MemoryLayout.size(ofValue: one))
  }

  // MARK: Executor

  func asUnownedSerialExecutor() -> UnownedSerialExecutor { UnownedSerialExecutor(ordinary: self) }

  /// Whether the caller runs on the loop's thread.
  var isOnLoop: Bool { owner.load(ordering: .relaxed) == UInt(pthread_self()) }

  func checkIsolated() { precondition(isOnLoop, "not on the event loop's thread") }

  func isIsolatingCurrentContext() -> Bool? { isOnLoop }

  private func checkThread() {
    assert(isOnLoop || owner.load(ordering: .relaxed) == 0, "not on the event loop's thread")
  }

  // MARK: The thread

  private func run() {
    owner.store(UInt(pthread_self()), ordering: .relaxed)
    while let wait = prepareToWait() {
      let count = poller.wait(milliseconds: wait)
      now = Self.clock()
      mailbox.withLock { box in
        box.isAwake = true
        swap(&box.messages, &batch)
      }
      for number in 0..<count { dispatch(poller.event(number)) }
      let mark = timers.mark
      while let body = timers.takeDue(at: now, addedBy: mark) { body() }
      runBatch()
    }
    dropHandlers()
    owner.store(0, ordering: .relaxed)
    // What the handlers' end itself has sent comes too late for the loop, and must not wait for the next one.
    let isClear = mailbox.withLock { box in
      box.phase = box.messages.isEmpty ? .ended : .clearing
      return box.messages.isEmpty
    }
    if !isClear { clearLateMessages() }
    ended.withLock { $0 = true }
    ended.broadcast()
  }

  /// They may hold what holds the loop, and their end may call it.
  private func dropHandlers() {
    var watches = WatchTable()
    var timers = TimerHeap()
    swap(&watches, &self.watches)
    swap(&timers, &self.timers)
  }

  /// Milliseconds to wait at most, -1 for ever; `nil` when the loop is to end.
  private func prepareToWait() -> Int32? {
    mailbox.withLock { box in
      guard box.messages.isEmpty else { return 0 }
      guard box.phase == .running else { return nil }
      box.isAwake = false
      guard let due = timers.firstDue else { return -1 }
      let nanoseconds = max(0, (due - Self.clock()).nanoseconds)
      return Int32(clamping: (nanoseconds + 999_999) / 1_000_000)
    }
  }

  private func dispatch(_ event: (key: UInt64, readiness: Readiness)) {
    guard event.key != Self.wakeUpKey else {
      var count: UInt64 = 0
      _ = read(wakeUp.raw, &count, MemoryLayout.size(ofValue: count))
      return
    }
    watches.handler(of: Registration(key: event.key))?(event.readiness)
  }

  private func runBatch() {
    var running: [Message] = []
    swap(&running, &batch)
    for message in running {
      switch message {
      case .job(let job): job.runSynchronously(on: asUnownedSerialExecutor())
      case .body(let body): body()
      }
    }
    // Its room is used again.
    running.removeAll(keepingCapacity: true)
    swap(&running, &batch)
  }

  /// Runs the messages of a loop that has ended, on a thread of their own: the sender may hold locks.
  private func clearLateMessages() {
    let clear: @Sendable () -> Void = {
      self.owner.store(UInt(pthread_self()), ordering: .relaxed)
      while self.takeLateMessages() { self.runBatch() }
    }
    do { try PlainThread.start(named: name, clear).detach() } catch {
      // No thread to be had: the process is at its limits, and running them here beats never.
      clear()
    }
  }

  private func takeLateMessages() -> Bool {
    mailbox.withLock { box in
      guard !box.messages.isEmpty else {
        owner.store(0, ordering: .relaxed)
        box.phase = .ended
        return false
      }
      swap(&box.messages, &batch)
      return true
    }
  }
}
