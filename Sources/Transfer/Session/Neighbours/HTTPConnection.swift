import Platform

/// One connection of an HTTP exchange: connects, sends a request, reads the answer. Says how each ends, once;
/// then it is to be closed.
final class HTTPConnection {
  enum Event {
    case connected
    /// It could not be made.
    case refused(Endpoint, String)
    /// It was made, and has failed since.
    case broken(Endpoint, String)
    case unreadable(HTTPError)
    case answered(HTTPResponseHead, [UInt8])
  }

  private let loop: EventLoop
  private let endpoint: Endpoint
  private let descriptor: Descriptor
  private var registration: Registration?
  private var unsent: ArraySlice<UInt8>
  private var isConnected = false
  private var parser: HTTPResponseParser
  private var handler: ((Event) -> Void)?

  init(
    to endpoint: Endpoint, from local: IPAddress?, on loop: EventLoop, sending request: [UInt8],
    limits: HTTPResponseParser.Limits, _ handler: @escaping (Event) -> Void
  ) throws(SystemError) {
    self.loop = loop
    self.endpoint = endpoint
    self.handler = handler
    unsent = request[...]
    parser = HTTPResponseParser(limits: limits)
    descriptor = try Socket.connect(to: endpoint, from: local)
    registration = try loop.watch(descriptor.raw, for: .write) { [weak self] _ in self?.ready() }
  }

  /// Nothing is heard of it any more. The descriptor is closed when the object ends.
  func close() {
    handler = nil
    registration.take().map(loop.unwatch)
  }

  private func end(_ event: Event) {
    let handler = handler.take()
    close()
    handler?(event)
  }

  private func ready() {
    if !isConnected {
      let error = Socket.connectError(descriptor.raw)
      guard error == 0 else { return end(.refused(endpoint, Errno(error).description)) }
      isConnected = true
      handler?(.connected)
    }
    if unsent.isEmpty { receive() } else { send() }
  }

  private func send() {
    switch unsent.withUnsafeBytes({ Socket.send(descriptor.raw, $0) }) {
    case .bytes(let count):
      unsent = unsent.dropFirst(count)
      if unsent.isEmpty, let registration { loop.change(registration, to: .read) }
    case .wouldBlock, .closed: break
    case .failed(let error): end(.broken(endpoint, Errno(error).description))
    }
  }

  /// One read for each time it is ready: the loop comes back while there is more.
  private func receive() {
    let result = withUnsafeTemporaryAllocation(byteCount: 16 * 1024, alignment: 1) { buffer in
      let result = Socket.receive(descriptor.raw, into: buffer)
      guard case .bytes(let count) = result else { return (result, HTTPError?.none) }
      do throws(HTTPError) {
        try parser.consume(buffer[..<count])
        return (result, nil)
      } catch { return (result, error) }
    }
    if let error = result.1 { return end(.unreadable(error)) }
    switch result.0 {
    case .bytes, .wouldBlock: break
    case .failed(let error): return end(.broken(endpoint, Errno(error).description))
    case .closed:
      do throws(HTTPError) { try parser.finish() } catch { return end(.unreadable(error)) }
    }
    if parser.isComplete, let head = parser.head { end(.answered(head, parser.body)) }
  }
}
