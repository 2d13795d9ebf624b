import Platform

/// Peers over TCP: listens at the addresses of the configuration, and connects from them.
final class TCPTransport: PeerTransport {
  private let listeners: [Listener]
  /// Where connections come from; for a family that is not among them the system chooses.
  private let localAddresses: [IPAddress]
  private var loop: EventLoop?

  /// Binds the port.
  init(_ configuration: SessionConfiguration) throws(SystemError) {
    listeners = try Listener.open(configuration)
    localAddresses = configuration.localAddresses
  }

  var endpoints: [Endpoint] { listeners.map(\.endpoint) }

  func open(on loop: EventLoop, accept: @escaping (any PeerStream, _ from: Endpoint) -> Void) {
    self.loop = loop
    for listener in listeners {
      do throws(SystemError) {
        try listener.open(on: loop) { descriptor, endpoint in
          if let stream = try? TCPStream(descriptor, on: loop) { accept(stream, endpoint) }
        }
      } catch {
        // Peers can't come in here; this side still reaches out.
        continue
      }
    }
  }

  func dial(_ endpoint: Endpoint) throws(SystemError) -> any PeerStream {
    guard let loop else { preconditionFailure("a transport is opened first") }
    let local = localAddresses.first { $0.isIPv4 == endpoint.address.isIPv4 }
    return try TCPStream(try Socket.connect(to: endpoint, from: local), on: loop)
  }

  func close() {
    guard let loop else { return }
    for listener in listeners { listener.close(on: loop) }
  }
}
