import Bencode
import Metainfo
import Text

/// Any bytes as a .torrent file: what is accepted is consistent, safe and loads the same way again.
func fuzzMetainfo(_ bytes: [UInt8]) {
  let torrent: Torrent
  do throws(MetainfoError) {
    torrent = try Torrent(decoding: bytes)
  } catch {
    precondition(Escaping.escaped(error.description) == error.description)
    return
  }
  let info = torrent.info
  let pieceCount = info.geometry.pieceCount
  precondition(info.pieceHashes.count == (info.format == .v2 ? 0 : pieceCount * InfoHash.length))
  precondition((info.merkle == nil) == (info.format == .v1))
  if let merkle = info.merkle {
    let unknown = merkle.gaps.reduce(0) { $0 + $1.count }
    precondition(merkle.layer.count == (pieceCount - unknown) * MerkleHashes.length)
    precondition(merkle.roots.count == info.files.count * MerkleHashes.length)
    precondition(
      info.files.allSatisfy { $0.isPadding || $0.length == 0 || $0.offset % info.geometry.pieceLength == 0 })
  }
  precondition((torrent.infoHashes.v1 == nil) == (info.format == .v2))
  precondition((torrent.infoHashes.v2 == nil) == (info.format == .v1))
  precondition(info.layout.totalLength == info.geometry.totalLength)
  let onDisk = info.files.filter { !$0.isPadding }.map(\.path)
  precondition(Set(onDisk).count == onDisk.count)
  precondition(onDisk.allSatisfy { TorrentPath($0.components) != nil })
  for warning in torrent.warnings {
    precondition(Escaping.escaped(warning.description) == warning.description)
  }
  for finding in LintSubject(torrent: torrent, torrentLength: bytes.count).findings() {
    precondition(Escaping.escaped(finding.message) == finding.message)
  }
  // Version 2 has its files in the order of their names, so that one whose name had to be changed would move.
  let isRenamed =
    torrent.warnings.count >= MetainfoWarning.maximumCount
    || torrent.warnings.contains { $0.description.contains("renamed to") }
  if info.merkle != nil, isRenamed { return }
  let encoded = torrent.encoded(infoBytes: info.encoded())
  guard let again = try? Torrent(decoding: encoded) else { preconditionFailure("own encoding is refused") }
  precondition(again.info.files.elementsEqual(info.files))
  precondition(again.info.pieceHashes == info.pieceHashes && again.info.merkle == info.merkle)
  precondition(again.announce == torrent.announce && again.webSeeds == torrent.webSeeds)
  precondition(again.encoded(infoBytes: again.info.encoded()) == encoded)
}
