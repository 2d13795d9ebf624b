import Bencode
import Metainfo

@testable import Transfer

extension Metainfo.Torrent {
  /// One file named "content" in pieces of 16 KiB.
  convenience init(of content: [UInt8], announce: String? = nil, isPrivate: Bool = false) throws {
    let pieceLength = 16_384
    let pieces = stride(from: 0, to: content.count, by: pieceLength).flatMap { start in
      let digest = SHA1.digest(of: content[start..<min(start + pieceLength, content.count)])
      return digest.indices.map { digest[$0] }
    }
    var info: [[UInt8]: BencodeValue] = [
      Array("length".utf8): .integer(Int64(content.count)), Array("name".utf8): "content",
      Array("piece length".utf8): .integer(Int64(pieceLength)), Array("pieces".utf8): .string(pieces),
    ]
    if isPrivate { info[Array("private".utf8)] = 1 }
    var fields: [[UInt8]: BencodeValue] = [Array("info".utf8): .dictionary(info)]
    if let announce { fields[Array("announce".utf8)] = .string(Array(announce.utf8)) }
    try self.init(decoding: BencodeValue.dictionary(fields).encoded())
  }
}
