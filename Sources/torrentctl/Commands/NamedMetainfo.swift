import Bencode
import Metainfo

/// What a user may name to say which torrent is meant.
enum NamedMetainfo: Sendable {
  /// The torrent, and the bytes of its .torrent.
  case torrent(Torrent, length: Int)
  case magnet(MagnetLink)
}

extension Console {
  /// Reads a .torrent or a file with a magnet link, or takes the operand itself for a link; `-` is standard input.
  func metainfo(at operand: String, limits: BencodeLimits) throws(CommandFailure) -> NamedMetainfo {
    if Self.isMagnet(operand.utf8) { return .magnet(try Self.link(operand, from: "magnet link")) }
    let bytes: [UInt8]
    do throws(MetainfoError) {
      bytes = try TorrentFile.contents(path: path(operand), limit: limits.size)
      guard Self.isMagnet(bytes) else {
        return .torrent(
          try TorrentFile.decode(bytes, from: path(operand), limits: limits), length: bytes.count)
      }
    } catch {
      throw CommandFailure(error)
    }
    let text = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isWhitespace).first ?? ""
    return .magnet(try Self.link(String(text), from: operand == "-" ? "standard input" : operand))
  }

  private static func link(_ text: String, from name: String) throws(CommandFailure) -> MagnetLink {
    do throws(MagnetError) { return try MagnetLink(parsing: text) } catch {
      throw CommandFailure("\(name): \(error)", code: .malformed)
    }
  }

  /// No .torrent begins like this, and no path that anyone has.
  private static func isMagnet(_ bytes: some Sequence<UInt8>) -> Bool {
    let start = bytes.lazy.map { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) ? $0 | 0x20 : $0 }
    return start.starts(with: "magnet:".utf8)
  }
}
