import Bencode

/// Writes the `file tree` of version 2 (BEP 52).
///
/// The files come in canonical order, by the bytes of their paths' components, so that the files of a folder are
/// neighbours and the dictionaries come out sorted. Pad files are left out.
struct FileTreeWriter {
  private let paths: [[String]]
  private let entries: [(length: Int, root: ArraySlice<UInt8>?)]

  init(files: FileList, merkle: MerkleHashes) {
    let indices = files.indices.filter { !files[$0].isPadding }
    paths = indices.map { files[$0].path.components }
    entries = indices.map { (files[$0].length, merkle.root(of: $0)) }
  }

  /// O(bytes written).
  func write(to writer: inout BencodeWriter) { writeFolder(paths.indices, depth: 0, to: &writer) }

  /// Writes the files of one folder, which share their first `depth` components.
  private func writeFolder(_ files: Range<Int>, depth: Int, to writer: inout BencodeWriter) {
    writer.dictionary { folder in
      var next = files.lowerBound
      while next < files.upperBound {
        let first = next
        let name = paths[first][depth]
        while next < files.upperBound, paths[next].count > depth, paths[next][depth].isVerbatim(name) {
          next += 1
        }
        folder.write(name) { writer in
          if paths[first].count == depth + 1 {
            writeFile(first, to: &writer)
          } else {
            writeFolder(first..<next, depth: depth + 1, to: &writer)
          }
        }
      }
    }
  }

  private func writeFile(_ file: Int, to writer: inout BencodeWriter) {
    writer.dictionary { entry in
      entry.write("") { writer in
        writer.dictionary { fields in
          fields.write("length") { $0.integer(entries[file].length) }
          if let root = entries[file].root { fields.write("pieces root") { $0.string(root) } }
        }
      }
    }
  }
}

extension String {
  /// Equal in their bytes; `==` takes different spellings of the same letters for equal.
  fileprivate func isVerbatim(_ other: String) -> Bool { utf8.elementsEqual(other.utf8) }
}
