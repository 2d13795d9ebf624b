import Transfer

/// Any bytes as an extension handshake: what is accepted keeps its bounds and comes back from its own encoding.
func fuzzExtensionHandshake(_ bytes: [UInt8]) {
  guard let handshake = try? ExtensionHandshake(decoding: bytes) else { return }
  precondition(bytes.count <= ExtensionHandshake.longest)
  precondition(handshake.messages.count <= 64 && !handshake.messages.values.contains(0))
  precondition(Set(handshake.messages.values).count == handshake.messages.count)
  precondition((handshake.client?.utf8.count ?? 1) <= 64 && handshake.client != "")
  precondition((1...65_535).contains(handshake.requestQueue ?? 1) && handshake.port != 0)
  precondition((try? ExtensionHandshake(decoding: handshake.encoded)) == handshake)
}
