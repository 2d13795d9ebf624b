import Transfer

/// Any bytes as a tracker's answer and as a neighbour's message: what is accepted keeps its bounds.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzAnnounce(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let bytes = Array(UnsafeBufferPointer(start: start, count: count))
  guard let own = PeerID([UInt8](repeating: 0x41, count: PeerID.length)) else { return 0 }
  if let response = try? AnnounceResponse(decoding: bytes, own: (own, 6881)) {
    precondition(response.peers.count <= AnnounceResponse.peerLimit)
    precondition(Set(response.peers).count == response.peers.count)
    precondition(response.peers.allSatisfy { $0.port > 0 })
    for interval in [response.interval, response.minimumInterval] {
      precondition(interval >= .seconds(60) && !(.seconds(86_400) < interval))
    }
  }
  if let message = LocalDiscoveryMessage(decoding: bytes) {
    precondition(message.port > 0 && !message.infoHashes.isEmpty)
    for group in LocalDiscoveryGroup.allCases {
      precondition(LocalDiscoveryMessage(decoding: message.encoded(for: group)) == message)
    }
  }
  return 0
}
