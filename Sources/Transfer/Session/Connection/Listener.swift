import Platform

/// A socket that accepts connections.
final class Listener {
  let endpoint: Endpoint
  private var descriptor: Descriptor?
  private var registration: Registration?

  private init(_ descriptor: consuming Descriptor) throws(SystemError) {
    endpoint = try Socket.localEndpoint(descriptor.raw)
    self.descriptor = consume descriptor
  }

  /// Calls `accept` for every connection, until `close`. On the loop's thread.
  func open(on loop: EventLoop, accept: @escaping (consuming Descriptor, Endpoint) -> Void)
    throws(SystemError)
  {
    guard let raw = descriptor?.raw else { return }
    registration = try loop.watch(raw, for: .read) { [weak self] _ in
      // Some at a time, so that a flood of connections does not keep those that are open from their turn.
      for _ in 0..<32 {
        guard let self, registration != nil else { return }
        switch Socket.accept(raw) {
        case .connection(let connection, let endpoint): accept(connection, endpoint)
        case .none: return
        case .failed: return pause(loop)
        }
      }
    }
  }

  /// Out of descriptors or memory: the next try would fail at once, so it waits.
  private func pause(_ loop: EventLoop) {
    guard let registration else { return }
    loop.change(registration, to: [])
    _ = loop.schedule(after: .seconds(1)) { [weak self] in
      guard let self, self.registration != nil else { return }
      loop.change(registration, to: .read)
    }
  }

  func close(on loop: EventLoop) {
    if let registration { loop.unwatch(registration) }
    registration = nil
    descriptor = nil
  }

  // MARK: Finding a port

  /// Listeners at all the configured addresses, on one port.
  static func open(_ configuration: SessionConfiguration) throws(SystemError) -> [Listener] {
    switch configuration.port {
    case .exactly(let port): return try open(configuration.bindAddresses, port: port)
    case .firstFree(let range):
      for port in range.dropLast() {
        do throws(SystemError) { return try open(configuration.bindAddresses, port: port) } catch {
          guard error.isAddressInUse else { throw error }
        }
      }
      return try open(configuration.bindAddresses, port: range.upperBound)
    case .any:
      // The port that the system chooses for one family may be taken in the other.
      for _ in 0..<16 {
        do throws(SystemError) { return try open(configuration.bindAddresses, port: 0) } catch {
          guard error.isAddressInUse else { throw error }
        }
      }
      return try open(configuration.bindAddresses, port: 0)
    }
  }

  private static func open(_ addresses: [IPAddress], port: UInt16) throws(SystemError) -> [Listener] {
    guard addresses.isEmpty else {
      var listeners: [Listener] = []
      for address in addresses {
        let endpoint = Endpoint(address, port: listeners.first?.endpoint.port ?? port)
        listeners.append(try Listener(try Socket.listen(at: endpoint)))
      }
      return listeners
    }
    let first = try Listener(try Socket.listen(at: Endpoint(.anyIPv4, port: port)))
    do throws(SystemError) {
      let second = try Socket.listen(at: Endpoint(.anyIPv6, port: first.endpoint.port))
      return [first, try Listener(second)]
    } catch {
      // A machine without IPv6 is served over IPv4 alone.
      guard error.isFamilyMissing else { throw error }
      return [first]
    }
  }
}

extension SystemError {
  fileprivate var isAddressInUse: Bool { cause == .addressInUse }

  fileprivate var isFamilyMissing: Bool {
    [.familyMissing, .addressMissing, .protocolMissing].contains(cause)
  }
}
