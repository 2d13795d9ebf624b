import Bencode

extension Info {
  /// The info dictionary in canonical form (BEP 3, 27, 47, 52): what a new torrent's info-hashes are taken over.
  ///
  /// The files of version 2 must be in canonical order, as `FileTreeWriter` describes it. Of a torrent that was
  /// decoded this is not always what was decoded: unknown keys are not kept. O(files + pieces).
  public func encoded() -> [UInt8] {
    var writer = BencodeWriter()
    writer.dictionary { entries in
      if let merkle {
        entries.write("file tree") { FileTreeWriter(files: files, merkle: merkle).write(to: &$0) }
        entries.write("meta version") { $0.integer(2) }
      }
      if format.hasPieceHashes {
        if isSingleFile {
          entries.write("length") { $0.integer(layout.totalLength) }
        } else {
          entries.write("files") { writer in
            writer.list { writer in for file in files { write(file, to: &writer) } }
          }
        }
        entries.write("pieces") { $0.string(pieceHashes) }
      }
      entries.write("name") { $0.text(name.name) }
      entries.write("piece length") { $0.integer(geometry.pieceLength) }
      if isPrivate { entries.write("private") { $0.integer(1) } }
      if let source { entries.write("source") { $0.text(source) } }
    }
    return writer.bytes
  }

  private func write(_ file: FileEntry, to writer: inout BencodeWriter) {
    writer.dictionary { entries in
      if file.isPadding { entries.write("attr") { $0.text("p") } }
      entries.write("length") { $0.integer(file.length) }
      entries.write("path") { writer in
        writer.list { writer in for component in file.path.components { writer.text(component) } }
      }
    }
  }
}
