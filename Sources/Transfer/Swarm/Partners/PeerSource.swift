/// Who delivered something: an address that can be banned. One key per remote address, except on this machine,
/// where many clients share one address and the port tells them apart.
public struct PeerSource: Hashable, Sendable {
  public let endpoint: Endpoint

  public init(_ endpoint: Endpoint) {
    self.endpoint = endpoint.address.isLoopback ? endpoint : Endpoint(endpoint.address, port: 0)
  }
}
