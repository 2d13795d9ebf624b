import Platform

@testable import Transfer

/// One direction of a pair of streams: bytes that have been sent and not yet taken, so many at most.
private final class MemoryPipe: Sendable {
  private struct State {
    var bytes: [UInt8] = []
    var head = 0
    /// One side or the other has closed.
    var isClosed = false
    var wakeReader: (@Sendable () -> Void)?
    var wakeWriter: (@Sendable () -> Void)?
    var count: Int { bytes.count - head }
  }

  private let capacity: Int
  private let state = Lock(State())

  init(capacity: Int) { self.capacity = capacity }

  var isReadable: Bool { state.withLock { $0.count > 0 || $0.isClosed } }
  var isWritable: Bool { state.withLock { $0.count < capacity || $0.isClosed } }
  var isClosed: Bool { state.withLock { $0.isClosed } }

  func onBytes(_ wake: @escaping @Sendable () -> Void) { state.withLock { $0.wakeReader = wake } }
  func onRoom(_ wake: @escaping @Sendable () -> Void) { state.withLock { $0.wakeWriter = wake } }

  func read(into buffer: UnsafeMutableRawBufferPointer) -> IOResult {
    let (result, wake): (IOResult, (@Sendable () -> Void)?) = state.withLock { state in
      let count = min(buffer.count, state.count)
      guard count > 0 else { return (state.isClosed ? .closed : .wouldBlock, nil) }
      buffer.copyBytes(from: state.bytes[state.head..<state.head + count])
      state.head += count
      if state.head == state.bytes.count {
        state.bytes.removeAll(keepingCapacity: true)
        state.head = 0
      }
      return (.bytes(count), state.wakeWriter)
    }
    wake?()
    return result
  }

  func write(_ bytes: UnsafeRawBufferPointer) -> IOResult {
    let (result, wake): (IOResult, (@Sendable () -> Void)?) = state.withLock { state in
      guard !state.isClosed else { return (.failed(32), nil) }
      let count = min(bytes.count, capacity - state.count)
      guard count > 0 else { return (.wouldBlock, nil) }
      state.bytes.append(contentsOf: bytes.prefix(count))
      return (.bytes(count), state.wakeReader)
    }
    wake?()
    return result
  }

  func close() {
    let wakes = state.withLock { state in
      state.isClosed = true
      return [state.wakeReader, state.wakeWriter]
    }
    for wake in wakes { wake?() }
  }
}

/// A stream without a socket: what one end sends, the other receives, each on the loop of its own session.
///
/// Every call moves some random part of what it could, so that a transfer is cut at all kinds of places; the places
/// depend on the seed and on the threads' pace. There is no `sendfile`.
final class MemoryStream: PeerStream, @unchecked Sendable {
  private let loop: EventLoop
  private let inbound: MemoryPipe
  private let outbound: MemoryPipe
  private var random: SplitMix64
  /// The most that one call moves.
  private let step: Int
  private var interest: Interest = []
  private var handler: ((Readiness) -> Void)?
  private var isDue = false
  private var hasHungUp = false

  private init(_ loop: EventLoop, _ inbound: MemoryPipe, _ outbound: MemoryPipe, step: Int, seed: UInt64) {
    self.loop = loop
    self.inbound = inbound
    self.outbound = outbound
    self.step = step
    random = SplitMix64(seed: seed)
  }

  /// Two ends that are connected.
  static func pair(
    _ loop: EventLoop, _ other: EventLoop, capacity: Int, step: Int, seed: UInt64
  ) -> (MemoryStream, MemoryStream) {
    let there = MemoryPipe(capacity: capacity)
    let back = MemoryPipe(capacity: capacity)
    return (
      MemoryStream(loop, back, there, step: step, seed: seed),
      MemoryStream(other, there, back, step: step, seed: seed &+ 1)
    )
  }

  func open(for interest: Interest, _ handler: @escaping (Readiness) -> Void) {
    self.interest = interest
    self.handler = handler
    let look: @Sendable () -> Void = { [weak self, loop] in
      loop.post { [weak self] in self?.look() }
    }
    inbound.onBytes(look)
    outbound.onRoom(look)
    lookLater()
  }

  func change(to interest: Interest) {
    self.interest = interest
    lookLater()
  }

  private var readiness: Readiness {
    var readiness: Readiness = []
    if interest.contains(.read), inbound.isReadable { readiness.insert(.readable) }
    if interest.contains(.write), outbound.isWritable { readiness.insert(.writable) }
    if inbound.isClosed, outbound.isClosed, !(interest.isEmpty && hasHungUp) { readiness.insert(.hangUp) }
    return readiness
  }

  private func lookLater() {
    guard !isDue, handler != nil else { return }
    isDue = true
    _ = loop.schedule(after: .zero) { [weak self] in self?.look() }
  }

  private func look() {
    isDue = false
    let readiness = readiness
    guard let handler, !readiness.isEmpty else { return }
    if readiness.contains(.hangUp) { hasHungUp = true }
    handler(readiness)
    // As long as it is ready it is told so.
    if !self.readiness.isEmpty { lookLater() }
  }

  func connectError() -> Int32 { outbound.isClosed ? 111 : 0 }

  private func part(of count: Int) -> Int { min(count, Int.random(in: 1...step, using: &random)) }

  func receive(into buffer: UnsafeMutableRawBufferPointer) -> IOResult {
    inbound.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer.prefix(part(of: buffer.count))))
  }

  func receive(into places: borrowing ScatterList) -> IOResult {
    var left = part(of: places.byteCount)
    var total = 0
    for number in 0..<places.count where left > 0 {
      let place = UnsafeMutableRawBufferPointer(rebasing: places[number].prefix(left))
      guard case .bytes(let count) = inbound.read(into: place) else { break }
      total += count
      left -= count
      if count < place.count { break }
    }
    return total > 0 ? .bytes(total) : inbound.isClosed ? .closed : .wouldBlock
  }

  func send(_ bytes: UnsafeRawBufferPointer, more: Bool) -> IOResult {
    outbound.write(UnsafeRawBufferPointer(rebasing: bytes.prefix(part(of: bytes.count))))
  }

  func send(file: Int32, offset: Int, count: Int) -> IOResult? { nil }

  func close() {
    handler = nil
    inbound.close()
    outbound.close()
  }
}

/// Sessions in one process that reach each other by made-up addresses.
final class MemoryNetwork: Sendable {
  private struct Door: @unchecked Sendable {
    let loop: EventLoop
    /// For the loop's thread alone.
    let accept: (any PeerStream, Endpoint) -> Void
  }

  private struct State {
    var doors: [Endpoint: Door] = [:]
    var number: UInt16 = 0
    var connections: UInt64 = 0
  }

  private let state = Lock(State())
  private let capacity: Int
  private let step: Int
  private let seed: UInt64

  /// - Parameters:
  ///   - capacity: bytes that may be on their way in one direction of a connection.
  ///   - step: the most that one call moves.
  init(capacity: Int = 1 << 16, step: Int = 1 << 16, seed: UInt64 = 1) {
    self.capacity = capacity
    self.step = step
    self.seed = seed
  }

  /// Puts a session on this network instead of TCP.
  func attach(_ configuration: inout SessionConfiguration) {
    configuration.makeTransport = { _ in MemoryTransport(self) }
  }

  fileprivate func newEndpoint() -> Endpoint {
    state.withLock { state in
      state.number += 1
      return Endpoint(IPAddress([10, 0, 0, 1])!, port: state.number)
    }
  }

  fileprivate func open(
    _ endpoint: Endpoint, _ loop: EventLoop, _ accept: @escaping (any PeerStream, Endpoint) -> Void
  ) {
    let door = Door(loop: loop, accept: accept)
    state.withLock { $0.doors[endpoint] = door }
  }

  fileprivate func close(_ endpoint: Endpoint) { state.withLock { $0.doors[endpoint] = nil } }

  fileprivate func connect(
    from own: Endpoint, to endpoint: Endpoint, _ loop: EventLoop
  ) throws(SystemError) -> MemoryStream {
    let (door, number) = state.withLock { state in
      state.connections += 1
      return (state.doors[endpoint], state.connections)
    }
    guard let door else { throw SystemError("connect", cause: Errno(111)) }
    let (near, far) = MemoryStream.pair(
      loop, door.loop, capacity: capacity, step: step, seed: seed &+ 1000 &* number)
    door.loop.post { door.accept(far, own) }
    return near
  }
}

private final class MemoryTransport: PeerTransport {
  private let network: MemoryNetwork
  private let endpoint: Endpoint
  private var loop: EventLoop?

  init(_ network: MemoryNetwork) {
    self.network = network
    endpoint = network.newEndpoint()
  }

  var endpoints: [Endpoint] { [endpoint] }

  func open(on loop: EventLoop, accept: @escaping (any PeerStream, _ from: Endpoint) -> Void) {
    self.loop = loop
    network.open(endpoint, loop, accept)
  }

  func dial(_ endpoint: Endpoint) throws(SystemError) -> any PeerStream {
    guard let loop else { preconditionFailure("a transport is opened first") }
    return try network.connect(from: self.endpoint, to: endpoint, loop)
  }

  func close() { network.close(endpoint) }
}
