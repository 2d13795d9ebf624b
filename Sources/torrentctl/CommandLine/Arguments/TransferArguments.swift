import Transfer

/// The options that `seed` and `download` share: how to meet peers, how fast, and what to report.
struct TransferArguments: Sendable {
  /// The address to listen on; `nil` is all.
  let bind: IPAddress?
  /// `nil` is the first free port of 6881 to 6889; 0 is any free one.
  let port: UInt16?
  let peers: [HostPort]
  let usesLocalDiscovery: Bool
  /// Bytes per second; `nil` is no limit.
  let uploadLimit: Int?
  let downloadLimit: Int?
  let uploadSlots: Int?
  let maxPeers: Int?
  let log: String?
  let events: Bool

  init(_ parsed: ParsedArguments) throws(UsageError) {
    bind = try parsed.value(Self.bind, as: NumericAddress.self)?.address
    port = try parsed.value(Self.port, as: PortNumber.self)?.value
    peers = try parsed.values(Self.peer, as: HostPort.self)
    usesLocalDiscovery = !parsed.has(Self.noLSD)
    uploadLimit = try parsed.value(Self.uploadLimit, as: ByteRate.self)?.bytesPerSecond
    downloadLimit = try parsed.value(Self.downloadLimit, as: ByteRate.self)?.bytesPerSecond
    uploadSlots = try parsed.value(Self.uploadSlots, as: Count.self)?.value
    maxPeers = try parsed.value(Self.maxPeers, as: Count.self)?.value
    log = try parsed.value(Self.log, as: PathText.self)?.text
    events = parsed.has(Self.events)
    try parsed.exclude(Self.events, Manner.json)
  }
}

extension TransferArguments {
  static let bind = OptionSpec(
    "bind", value: "ADDR", environment: "TORRENTCTL_BIND",
    "listen on and connect from this address only (default: TORRENTCTL_BIND from the environment, else all)")
  static let port = OptionSpec(
    "port", value: "N", "port to listen on, 0 for any (default: the first free one of 6881 to 6889)")
  static let peer = OptionSpec(
    "peer", short: "p", value: "HOST:PORT", "connect to this peer; may be repeated")
  static let noLSD = OptionSpec("no-lsd", "don't look for peers on the local network")
  static let uploadLimit = OptionSpec(
    "upload-limit", value: "RATE", "upload at most RATE a second, as in 500KiB")
  static let downloadLimit = OptionSpec(
    "download-limit", value: "RATE", "download at most RATE a second, as in 2MiB")
  static let uploadSlots = OptionSpec(
    "upload-slots", value: "N", "upload to at most N peers at a time (default: 8)")
  static let maxPeers = OptionSpec("max-peers", value: "N", "connect to at most N peers (default: 200)")
  static let log = OptionSpec("log", value: "FILE", "append a line to FILE for everything that happens")
  static let events = OptionSpec("events", "report events on standard output as JSON Lines")

  static let options = [
    bind, port, peer, noLSD, uploadLimit, downloadLimit, uploadSlots, maxPeers, log, events,
  ]
}
