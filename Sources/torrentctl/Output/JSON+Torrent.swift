import Metainfo

extension JSON {
  /// Both hashes of a torrent; what it hasn't got is null.
  static func infoHashes(_ hashes: InfoHashes) -> JSON {
    [
      "v1": .optional(hashes.v1.map { "\($0)" }),
      "v2": .optional(hashes.v2.map { "\($0)" }),
    ]
  }

  /// `HOST:PORT`, an IPv6 address in brackets.
  static func node(_ node: BootstrapNode) -> JSON {
    .string(node.host.contains(":") ? "[\(node.host)]:\(node.port)" : "\(node.host):\(node.port)")
  }
}
