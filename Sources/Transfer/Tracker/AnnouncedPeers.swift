import Bencode

/// Collects the peers of one answer: skips what can't be connected to, what has been seen, and everything
/// beyond the limit.
struct AnnouncedPeers {
  private(set) var endpoints: [Endpoint] = []
  private var known: Set<Endpoint> = []
  private let limit: Int
  private let own: Endpoint?

  init(limit: Int, own: Endpoint?) {
    self.limit = limit
    self.own = own
  }

  /// Addresses of 4 or 16 bytes, each followed by a port, without anything between (BEP 23, BEP 7). A rest
  /// that is shorter than an entry is ignored.
  mutating func add(compact bytes: ArraySlice<UInt8>, addressLength: Int) {
    var rest = bytes
    while rest.count >= addressLength + 2, endpoints.count < limit {
      let entry = rest.prefix(addressLength + 2)
      rest = rest.dropFirst(addressLength + 2)
      let port = entry.suffix(2).reduce(UInt16(0)) { $0 << 8 | UInt16($1) }
      if let address = IPAddress(entry.prefix(addressLength)) { add(address, port: port) }
    }
  }

  /// The list of dictionaries of BEP 3. An `ip` that is a host name is skipped: looking up names that a
  /// tracker chooses is not worth what it allows.
  mutating func add(dictionaries list: BencodeNode, ownID: PeerID) {
    for entry in list.elements {
      guard endpoints.count < limit else { return }
      guard let text = entry["ip"]?.text, let address = IPAddress(text: text),
        let port = entry["port"]?.integer.flatMap({ UInt16(exactly: $0) }),
        entry["peer id"]?.string.map({ $0.elementsEqual(ownID.bytes) }) != true
      else { continue }
      add(address, port: port)
    }
  }

  private mutating func add(_ address: IPAddress, port: UInt16) {
    let endpoint = Endpoint(address, port: port)
    guard port > 0, endpoint != own, Self.isUnicast(address), known.insert(endpoint).inserted else { return }
    endpoints.append(endpoint)
  }

  /// Not unspecified, multicast, broadcast or reserved.
  private static func isUnicast(_ address: IPAddress) -> Bool {
    let bytes = address.bytes
    if address.isIPv4 { return bytes[0] > 0 && bytes[0] < 224 }
    return bytes[0] != 0xff && bytes.contains { $0 != 0 }
  }
}
