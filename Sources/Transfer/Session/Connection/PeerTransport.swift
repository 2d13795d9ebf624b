import Platform

/// How a session reaches peers, and they it.
///
/// Lives on the network thread, but for being made.
protocol PeerTransport: AnyObject {
  /// Where peers reach this side; empty for one that only reaches out.
  var endpoints: [Endpoint] { get }

  /// Calls `accept` for every connection that comes in, until `close`.
  func open(on loop: EventLoop, accept: @escaping (any PeerStream, _ from: Endpoint) -> Void)

  /// Begins to connect. Called after `open` only.
  func dial(_ endpoint: Endpoint) throws(SystemError) -> any PeerStream

  /// Nobody is let in any more.
  func close()
}
