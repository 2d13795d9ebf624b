import Metainfo
import Text

/// Any text as a magnet link: what is accepted keeps its bounds and comes back from the link that is written.
func fuzzMagnet(_ bytes: [UInt8]) {
  // Most inputs shall get behind the first eight bytes.
  let text = "magnet:?" + String(decoding: bytes, as: UTF8.self)
  let link: MagnetLink
  do throws(MagnetError) {
    link = try MagnetLink(parsing: text)
  } catch {
    precondition(Escaping.escaped(error.description) == error.description)
    precondition((0...text.utf8.count).contains(error.offset))
    return
  }
  precondition(link.warnings.count <= MetainfoWarning.maximumCount)
  for warning in link.warnings {
    precondition(Escaping.escaped(warning.description) == warning.description)
  }
  var last = -2
  for range in link.selection ?? [] {
    precondition(range.lowerBound > last + 1 && range.upperBound <= MagnetLink.maximumFileIndex)
    last = range.upperBound
  }
  precondition(link.exactLength ?? 0 >= 0)
  // Percent-encoding makes a link longer, at most threefold: it may then be more than is read.
  let written = link.description
  guard written.utf8.count <= MagnetLink.maximumLength else { return }
  guard let again = try? MagnetLink(parsing: written) else { preconditionFailure("own link is refused") }
  precondition(again.warnings.isEmpty)
  precondition(again.description == written)
  precondition(again.infoHashes == link.infoHashes && again.trackers == link.trackers)
  precondition(again.peers == link.peers && again.selection == link.selection)
}
