import CLinux
import Platform

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// What to be told about a descriptor.
struct Interest: OptionSet, Hashable, Sendable {
  let rawValue: UInt32
  static let read = Interest(rawValue: EPOLLIN.rawValue)
  static let write = Interest(rawValue: EPOLLOUT.rawValue)
}

/// What a descriptor is ready for.
struct Readiness: OptionSet, Hashable, Sendable {
  let rawValue: UInt32
  static let readable = Readiness(rawValue: EPOLLIN.rawValue)
  static let writable = Readiness(rawValue: EPOLLOUT.rawValue)
  /// Both directions are closed. Comes unasked.
  static let hangUp = Readiness(rawValue: EPOLLHUP.rawValue)
  /// The descriptor has an error to tell, such as a failed connect. Comes unasked.
  static let error = Readiness(rawValue: EPOLLERR.rawValue)
}

/// An epoll instance: level-triggered, and a descriptor stays registered until it is removed or closed.
struct Poller: ~Copyable {
  private let epoll: Descriptor
  private let events: UnsafeMutableBufferPointer<epoll_event>

  /// - Parameter capacity: the most events that one `wait` takes out; the others come with the next.
  init(capacity: Int = 256) throws(SystemError) {
    let raw = epoll_create1(Int32(EPOLL_CLOEXEC))
    guard raw >= 0 else { throw .last("epoll_create1") }
    epoll = Descriptor(owning: raw)
    events = .allocate(capacity: capacity)
    events.initialize(repeating: epoll_event())
  }

  deinit { events.deallocate() }

  /// - Parameter key: comes back with every event.
  func add(_ descriptor: Int32, for interest: Interest, key: UInt64) throws(SystemError) {
    guard control(EPOLL_CTL_ADD, descriptor, interest, key) else { throw .last("epoll_ctl") }
  }

  func change(_ descriptor: Int32, to interest: Interest, key: UInt64) {
    let changed = control(EPOLL_CTL_MOD, descriptor, interest, key)
    assert(changed, "changing a descriptor that is not registered")
  }

  /// A descriptor that has been closed already is gone by itself.
  func remove(_ descriptor: Int32) { _ = control(EPOLL_CTL_DEL, descriptor, [], 0) }

  private func control(_ operation: Int32, _ descriptor: Int32, _ interest: Interest, _ key: UInt64) -> Bool {
    // Hang-ups and errors come even to who asked for nothing; edge-triggered, they come once and not for ever.
    let bits = interest.isEmpty ? EPOLLET.rawValue : interest.rawValue
    var event = epoll_event(events: bits, data: epoll_data_t(u64: key))
    return epoll_ctl(epoll.raw, operation, descriptor, &event) == 0
  }

  /// Waits for events.
  /// - Parameter milliseconds: at most so long; -1 for ever.
  /// - Returns: how many there are, for `event`; 0 also after a signal.
  func wait(milliseconds: Int32) -> Int {
    max(0, Int(epoll_wait(epoll.raw, events.baseAddress, Int32(events.count), milliseconds)))
  }

  /// The `number`-th event of the last `wait`.
  func event(_ number: Int) -> (key: UInt64, readiness: Readiness) {
    let event = events[number]
    return (event.data.u64, Readiness(rawValue: event.events))
  }
}
