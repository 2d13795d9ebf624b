import Bencode
import Metainfo

/// Any bytes as a .torrent file: where they are one, edits do what they say and leave the rest.
func fuzzEdit(_ bytes: [UInt8]) {
  guard let editor = try? TorrentEditor(bytes), let node = BootstrapNode(host: "::1", port: 1) else {
    return
  }
  let changes: [TorrentChange] = [
    .addTrackers(["udp://added"], tier: bytes.count % 3), .addWebSeed("http://added/"), .addNode(node),
    .comment("new"),
    .createdBy(nil), .creationDate(bytes.count),
  ]
  guard let edited = try? editor.applying(changes) else { preconditionFailure("an edit that is no torrent") }
  precondition(edited.torrent.infoHashes == editor.torrent.infoHashes)
  precondition(raw("info", edited.bytes) == raw("info", bytes))
  precondition(edited.torrent.announce.tiers.joined().contains("udp://added"))
  precondition(edited.torrent.webSeeds.contains("http://added/"))
  precondition(edited.torrent.nodes.contains(node))
  precondition(edited.torrent.comment == "new" && edited.torrent.createdBy == nil)
  precondition(edited.torrent.creationDate == bytes.count)
  // What is done is not done again.
  precondition((try? TorrentEditor(edited.bytes).applying(changes))?.isChanged == false)
  let removed = try? editor.applying([
    .setTrackers(AnnounceTiers()), .setWebSeeds([]), .setNodes([]), .comment(nil),
  ])
  guard let removed else { preconditionFailure("an edit that is no torrent") }
  precondition(removed.torrent.announce.isEmpty && removed.torrent.webSeeds.isEmpty)
  precondition(removed.torrent.nodes.isEmpty && removed.torrent.comment == nil)
  precondition(raw("info", removed.bytes) == raw("info", bytes))
}

private func raw(_ key: String, _ bytes: [UInt8]) -> ArraySlice<UInt8>? {
  (try? BencodeDocument(bytes))?.root[key].map { Array($0.rawBytes)[...] }
}
