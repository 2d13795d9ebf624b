import Transfer

/// Any bytes as a tracker's answer: what is accepted keeps its bounds.
func fuzzAnnounce(_ bytes: [UInt8]) {
  guard let own = PeerID([UInt8](repeating: 0x41, count: PeerID.length)),
    let response = try? AnnounceResponse(decoding: bytes, own: (own, 6881))
  else { return }
  precondition(response.peers.count <= AnnounceResponse.peerLimit)
  precondition(Set(response.peers).count == response.peers.count)
  precondition(response.peers.allSatisfy { $0.port > 0 })
  for interval in [response.interval, response.minimumInterval] {
    precondition(interval >= .seconds(60) && !(.seconds(86_400) < interval))
  }
}
