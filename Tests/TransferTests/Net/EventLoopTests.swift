import Metainfo
import Glibc
import Platform
import Synchronization
import Testing

@testable import Transfer

@Suite(.timeLimit(.minutes(5))) struct EventLoopTests {
  /// An actor that lives on a loop, as a session does.
  private actor Resident {
    let loop: EventLoop
    private var seen: [UInt8] = []
    private var isDone = false
    private var waiter: CheckedContinuation<[UInt8], Never>?
    private var registration: Registration?
    nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    init(_ loop: EventLoop) { self.loop = loop }

    func isOnLoop() -> Bool { loop.isOnLoop }

    func watch(_ descriptor: Int32, until count: Int) throws {
      registration = try loop.watch(descriptor, for: .read) { readiness in
        // Plain closures made in here are the actor's own.
        #expect(self.loop.isOnLoop)
        #expect(readiness.contains(.readable))
        self.read(descriptor, count)
      }
    }

    private func read(_ descriptor: Int32, _ count: Int) {
      var byte: UInt8 = 0
      guard Glibc.read(descriptor, &byte, 1) == 1 else { return }
      seen.append(byte)
      guard seen.count == count, let registration else { return }
      loop.unwatch(registration)
      isDone = true
      waiter.take()?.resume(returning: seen)
    }

    func bytes() async -> [UInt8] {
      if isDone { return seen }
      return await withCheckedContinuation { waiter = $0 }
    }

    func elapsed(_ span: Instant.Span) async -> Instant.Span {
      let start = EventLoop.clock()
      let end: Instant = await withCheckedContinuation { continuation in
        _ = loop.schedule(after: span) {
          self.assumeIsolated { #expect($0.loop.isOnLoop) }
          continuation.resume(returning: EventLoop.clock())
        }
      }
      return end - start
    }
  }

  @Test func actorOnTheLoopIsAwaitedFromATask() async throws {
    let loop = try EventLoop()
    try loop.start()
    let resident = Resident(loop)
    #expect(await resident.isOnLoop())
    #expect(!loop.isOnLoop)
    loop.stop()
  }

  @Test func handlersOfAnActorRunOnTheLoop() async throws {
    let loop = try EventLoop()
    try loop.start()
    let resident = Resident(loop)
    let pipe = try Pipe()
    try await resident.watch(pipe.reader.raw, until: 3)
    async let bytes = resident.bytes()
    #expect(write(pipe.writer.raw, "abc", 3) == 3)
    #expect(await bytes == Array("abc".utf8))
    loop.stop()
  }

  @Test func timersAreNeverEarly() async throws {
    let loop = try EventLoop()
    try loop.start()
    let resident = Resident(loop)
    #expect(await resident.elapsed(.milliseconds(20)) >= .milliseconds(20))
    loop.stop()
  }

  @Test func cancelledTimerDoesNotFire() throws {
    let loop = try EventLoop()
    let log = Log()
    let victim = loop.schedule(after: .milliseconds(1)) { log.add("victim") }
    _ = loop.schedule(after: .milliseconds(1)) { log.add("second") }
    _ = loop.schedule(after: .milliseconds(2)) {
      log.add("last")
      loop.stop()
    }
    loop.cancel(victim)
    try loop.start()
    loop.stop(after: log, has: "last")
    #expect(log.entries == ["second", "last"])
  }

  @Test func messagesKeepTheirOrder() throws {
    let loop = try EventLoop()
    let log = Log()
    for number in 0..<100 { loop.post { log.add("\(number)") } }
    try loop.start()
    for number in 100..<1_000 { loop.post { log.add("\(number)") } }
    loop.stop()
    #expect(log.entries == (0..<1_000).map { "\($0)" })
  }

  @Test func messagesFromManyThreadsAllArrive() throws {
    let loop = try EventLoop()
    try loop.start()
    let count = Atomic(0)
    let threads = try (0..<4).map { _ in
      try PlainThread.start(named: "sender") {
        for _ in 0..<5_000 { loop.post { count.add(1, ordering: .relaxed) } }
      }
    }
    for thread in threads { thread.join() }
    loop.stop()
    #expect(count.load(ordering: .relaxed) == 20_000)
  }

  @Test func staleEventForAReusedDescriptorIsDropped() throws {
    let loop = try EventLoop()
    let log = Log()
    let a = try Pipe()
    let b = try Pipe()
    #expect(write(a.writer.raw, "x", 1) == 1)
    #expect(write(b.writer.raw, "x", 1) == 1)
    // Both are ready in the same batch; whichever handler is first takes the other's registration away and
    // watches another, empty descriptor in its place.
    let empty = try Pipe()
    let registrations = Lock<[Registration]>([])
    let first = Atomic(true)
    let emptyReader = empty.reader.raw
    for reader in [a.reader.raw, b.reader.raw] {
      let registration = try loop.watch(reader, for: .read) { _ in
        guard first.exchange(false, ordering: .relaxed) else { return log.add("stale") }
        log.add("first")
        for registration in registrations.withLock({ $0 }) { loop.unwatch(registration) }
        for _ in 0..<2 {
          do { _ = try loop.watch(dup(emptyReader), for: .read) { _ in log.add("reused") } } catch {
            Issue.record(error)
          }
        }
        _ = loop.schedule(after: .milliseconds(1)) { log.add("end") }
      }
      registrations.withLock { $0.append(registration) }
    }
    try loop.start()
    loop.stop(after: log, has: "end")
    #expect(log.entries == ["first", "end"])
  }

  @Test func writeInterestIsHeardOnlyWhileItIsAskedFor() throws {
    let loop = try EventLoop()
    let log = Log()
    let pipe = try Pipe()
    let registration = Lock<Registration?>(nil)
    let handle = try loop.watch(pipe.writer.raw, for: .write) { readiness in
      log.add("\(readiness == .writable)")
      guard let registration = registration.withLock({ $0 }) else { return }
      loop.change(registration, to: [])
      _ = loop.schedule(after: .milliseconds(2)) { log.add("end") }
    }
    registration.withLock { $0 = handle }
    try loop.start()
    loop.stop(after: log, has: "end")
    #expect(log.entries == ["true", "end"])
  }

  @Test func hangUpIsToldOnceToWhoAskedForNothing() throws {
    let loop = try EventLoop()
    let log = Log()
    var pipe: Pipe? = try Pipe()
    let reader = try #require(pipe.map { dup($0.reader.raw) })
    _ = try loop.watch(reader, for: []) { readiness in
      log.add("\(readiness.contains(.hangUp))")
      _ = loop.schedule(after: .milliseconds(2)) { log.add("end") }
    }
    pipe = nil
    try loop.start()
    loop.stop(after: log, has: "end")
    #expect(log.entries == ["true", "end"])
    close(reader)
  }

  @Test func stopFromTheLoopItselfEndsIt() throws {
    let loop = try EventLoop()
    try loop.start()
    let log = Log()
    loop.post {
      log.add("before")
      loop.stop()
      loop.post { log.add("after") }
    }
    loop.stop()
    #expect(log.entries == ["before", "after"])
  }

  @Test func actorIsStillServedAfterTheEnd() async throws {
    let loop = try EventLoop()
    try loop.start()
    let resident = Resident(loop)
    loop.stop()
    for _ in 0..<20 { #expect(await resident.isOnLoop()) }
  }

  @Test func handlersAreLetGoAtTheEnd() throws {
    final class Held: Sendable {}
    let loop = try EventLoop()
    weak var held: Held?
    let pipe = try Pipe()
    do {
      let object = Held()
      held = object
      _ = try loop.watch(pipe.reader.raw, for: .read) { _ in _ = object }
      _ = loop.schedule(after: .seconds(1_000)) { _ = object }
    }
    #expect(held != nil)
    try loop.start()
    loop.stop()
    #expect(held == nil)
  }

  @Test func regularFileCanNotBeWatched() throws {
    let loop = try EventLoop()
    let file = Descriptor(owning: open("/proc/self/exe", O_RDONLY))
    let error = #expect(throws: SystemError.self) { _ = try loop.watch(file.raw, for: .read) { _ in } }
    #expect(error?.cause.code == EPERM)
  }
}

/// Both ends of a pipe.
private final class Pipe {
  let reader: Descriptor
  let writer: Descriptor

  init() throws {
    var raw: [Int32] = [0, 0]
    guard pipe(&raw) == 0 else { throw SystemError.last("pipe") }
    reader = Descriptor(owning: raw[0])
    writer = Descriptor(owning: raw[1])
  }
}

/// What happened, in order, for waiting until something has.
private final class Log: Sendable {
  private let state = Monitor<[String]>([])
  var entries: [String] { state.withLock { $0 } }
  func add(_ entry: String) {
    state.withLock { $0.append(entry) }
    state.broadcast()
  }
  func wait(for entry: String) { state.wait { $0.contains(entry) ? () : nil } }
}

extension EventLoop {
  fileprivate func stop(after log: Log, has entry: String) {
    log.wait(for: entry)
    stop()
  }
}
