import Transfer

/// Any bytes as a neighbour's message: what is accepted comes back from its own encoding.
func fuzzDiscovery(_ bytes: [UInt8]) {
  guard let message = LocalDiscoveryMessage(decoding: bytes) else { return }
  precondition(message.port > 0 && !message.infoHashes.isEmpty)
  for group in LocalDiscoveryGroup.allCases {
    let encoded = message.encoded(for: group)
    // Of many info-hashes in a tighter form than ours the encoding may be more than is read.
    guard encoded.count <= LocalDiscoveryMessage.readLimit else { continue }
    precondition(LocalDiscoveryMessage(decoding: encoded) == message)
  }
}
