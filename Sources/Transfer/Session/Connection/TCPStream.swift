import Platform

/// A TCP connection, or one that is being made.
final class TCPStream: PeerStream {
  private let loop: EventLoop
  private let socket: Int32
  private var descriptor: Descriptor?
  private var registration: Registration?

  /// Takes over a socket that is connecting or connected.
  init(_ descriptor: consuming Descriptor, on loop: EventLoop) throws(SystemError) {
    self.loop = loop
    socket = descriptor.raw
    self.descriptor = consume descriptor
    try Socket.setNoDelay(socket)
  }

  func open(for interest: Interest, _ handler: @escaping (Readiness) -> Void) throws(SystemError) {
    registration = try loop.watch(socket, for: interest, handler)
  }

  func change(to interest: Interest) {
    if let registration { loop.change(registration, to: interest) }
  }

  func connectError() -> Int32 { Socket.connectError(socket) }

  func receive(into buffer: UnsafeMutableRawBufferPointer) -> IOResult {
    Socket.receive(socket, into: buffer)
  }

  func receive(into places: borrowing ScatterList) -> IOResult {
    Socket.receive(socket, into: places.vectors)
  }

  func send(_ bytes: UnsafeRawBufferPointer, more: Bool) -> IOResult {
    Socket.send(socket, bytes, more: more)
  }

  func send(file: Int32, offset: Int, count: Int) -> IOResult? {
    Socket.sendFile(socket, file: file, offset: offset, count: count)
  }

  func close() {
    if let registration { loop.unwatch(registration) }
    registration = nil
    descriptor = nil
  }
}
