import Text

extension MagnetLink: CustomStringConvertible {
  /// The link itself, which parses to an equal one. O(length).
  public var description: String {
    var parameters: [String] = []
    // The hash's scheme and a peer's address are left unencoded: programs look for them as they are.
    if let v1 = infoHashes.v1 { parameters.append("xt=urn:btih:\(v1)") }
    if let v2 = infoHashes.v2 { parameters.append("xt=urn:btmh:1220\(v2)") }
    if let name, !name.isEmpty { parameters.append("dn=" + PercentEncoding.encoded(name.utf8)) }
    if let exactLength { parameters.append("xl=\(exactLength)") }
    parameters += trackers.map { "tr=" + PercentEncoding.encoded($0.utf8) }
    parameters += webSeeds.map { "ws=" + PercentEncoding.encoded($0.utf8) }
    parameters += peers.map { "x.pe=\($0)" }
    parameters += nodes.compactMap { Peer(host: $0.host, port: $0.port) }.map { "dht=\($0)" }
    if let selection, !selection.isEmpty { parameters.append("so=" + FileIndices.text(selection)) }
    return "magnet:?" + parameters.joined(separator: "&")
  }
}
