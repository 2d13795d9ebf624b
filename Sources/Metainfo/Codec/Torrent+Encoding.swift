import Bencode

extension Torrent {
  /// The bytes of a .torrent file in canonical form around the info dictionary, whose bytes are put in as they
  /// are: they are what the info-hashes were taken over. O(bytes).
  public func encoded(infoBytes: some Collection<UInt8>) -> [UInt8] {
    var writer = BencodeWriter()
    writer.dictionary { entries in
      if let first = announce.tiers.first?.first { entries.write("announce") { $0.text(first) } }
      // BEP 12: one tracker needs no list.
      if announce.tiers.joined().count > 1 {
        entries.write("announce-list") { writer in
          writer.list { writer in for tier in announce.tiers { write(tier, to: &writer) } }
        }
      }
      if let comment { entries.write("comment") { $0.text(comment) } }
      if let createdBy { entries.write("created by") { $0.text(createdBy) } }
      if let creationDate { entries.write("creation date") { $0.integer(creationDate) } }
      entries.write("info") { $0.raw(infoBytes) }
      if !nodes.isEmpty {
        entries.write("nodes") { writer in
          writer.list { writer in
            for node in nodes {
              writer.list { writer in
                writer.text(node.host)
                writer.integer(node.port)
              }
            }
          }
        }
      }
      if let merkle = info.merkle { entries.write("piece layers") { writePieceLayers(merkle, to: &$0) } }
      if !webSeeds.isEmpty { entries.write("url-list") { write(webSeeds, to: &$0) } }
    }
    return writer.bytes
  }

  /// BEP 52: a layer for each file that is longer than a piece; equal files share one.
  private func writePieceLayers(_ merkle: MerkleHashes, to writer: inout BencodeWriter) {
    var layers: [(root: ArraySlice<UInt8>, pieces: Range<Int>)] = []
    for (index, file) in info.files.enumerated() where file.length > info.geometry.pieceLength {
      let pieces = info.geometry.pieces(touching: file.range)
      guard let root = merkle.root(of: index) else { continue }
      if !merkle.gaps.isEmpty, merkle.layer(of: pieces).isEmpty { continue }
      layers.append((root, pieces))
    }
    layers.sort { $0.root.lexicographicallyPrecedes($1.root) }
    writer.dictionary { entries in
      var last: ArraySlice<UInt8> = []
      for (root, pieces) in layers where root != last {
        entries.write(root) { $0.string(merkle.layer(of: pieces)) }
        last = root
      }
    }
  }

  private func write(_ texts: [String], to writer: inout BencodeWriter) {
    writer.list { writer in for text in texts { writer.text(text) } }
  }
}
