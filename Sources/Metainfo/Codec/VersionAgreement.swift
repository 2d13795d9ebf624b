import Text

/// Whether the two descriptions that a hybrid gives of its files say the same (BEP 52). What they say of the
/// content, only the content can tell.
struct VersionAgreement {
  let fields: Fields
  /// Bytes.
  let pieceLength: Int

  /// Throws unless the files of version 1, pad files left out, are those of version 2 in the same order, and each
  /// starts at the same piece. Pad files that fill a piece would be one that version 2 has no digest for. O(files).
  func check(_ files: FileList, _ tree: [FileTreeDecoder.File]) throws(MetainfoError) {
    var position = 0
    // Of the real files so far.
    var pieces = 0
    for file in files where !file.isPadding {
      guard position < tree.count else {
        throw disagreement("\(files.count { !$0.isPadding }) in version 1, \(tree.count) in version 2")
      }
      let other = tree[position]
      position += 1
      guard file.length == other.length else {
        throw disagreement(
          "\(name(file)) has \(file.length) bytes in version 1 and \(other.length) in version 2")
      }
      guard file.path == other.path else {
        let names = "\(name(file)) in version 1 is \(Escaping.escaped(other.path.description)) in version 2"
        throw disagreement(names)
      }
      guard file.length == 0 || file.offset % pieceLength == 0 else {
        throw disagreement("\(name(file)) starts within a piece in version 1, and at one in version 2")
      }
      if file.length == 0 { continue }
      guard file.offset / pieceLength == pieces else {
        throw disagreement(
          "\(name(file)) starts at piece \(file.offset / pieceLength) in version 1 and \(pieces) in version 2"
        )
      }
      pieces += (file.length - 1) / pieceLength + 1
    }
    guard position == tree.count else {
      throw disagreement("\(position) in version 1, \(tree.count) in version 2")
    }
    if let last = files.last, last.isPadding, last.length > 0 {
      let all = (last.offset + last.length - 1) / pieceLength + 1
      guard all == pieces else {
        throw disagreement("\(all) pieces in version 1 and \(pieces) in version 2")
      }
    }
  }

  private func name(_ file: FileEntry) -> String { Escaping.escaped(file.path.description) }

  private func disagreement(_ reason: String) -> MetainfoError {
    fields.malformed("files", "the two versions disagree: \(reason)")
  }
}
