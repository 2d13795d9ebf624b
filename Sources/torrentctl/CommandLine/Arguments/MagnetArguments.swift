import Bencode
import Metainfo

/// `torrentctl magnet`: the link of which .torrent, with which hints.
struct MagnetArguments: Sendable {
  /// Path of a .torrent; `-` is standard input.
  let file: String
  let peers: [MagnetLink.Peer]
  /// Patterns of the files to name in the link; none for all files.
  let selection: [FileSelector]
  let limits: BencodeLimits

  init(_ parsed: ParsedArguments) throws(UsageError) {
    file = parsed.operands[0]
    peers = try parsed.values(Self.peer, as: PeerText.self).map(\.peer)
    selection = try FileSelector.all(Self.select, of: parsed)
    limits = try TorrentSize.limits(parsed)
  }

  static let peer = OptionSpec(
    "peer", short: "p", value: "HOST:PORT", "name a peer to ask (x.pe); may be repeated")
  static let select = OptionSpec(
    "select", value: "GLOB",
    "name only the files that match (so, BEP 53): '*.txt' at any depth, 'docs/*.txt' by path, 'docs' with all in "
      + "it; may be repeated")

  static let spec = CommandSpec(
    name: "magnet", summary: "Print the magnet link of a .torrent.",
    operand: OperandSpec(name: "FILE", count: 1...1, help: "the .torrent, or - for standard input"),
    options: [peer, select, TorrentSize.option],
    examples: [
      .init(line: "torrentctl magnet share.torrent", remark: "hash, name, trackers and web seeds"),
      .init(
        line: "torrentctl magnet share.torrent --peer 192.0.2.7:6881", remark: "and somebody who has it"),
    ])
}

/// A peer as a link can name it.
private struct PeerText: OptionValue {
  let peer: MagnetLink.Peer
  static let expected = HostPort.expected

  init?(argument: String) {
    guard let peer = MagnetLink.Peer(argument) else { return nil }
    self.peer = peer
  }
}
