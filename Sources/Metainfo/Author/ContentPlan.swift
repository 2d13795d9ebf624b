/// Where every file of a tree lies in the torrent, pad files (BEP 47) in between.
struct ContentPlan: Sendable {
  /// Where pad files go.
  enum Padding: Hashable, Sendable {
    case none
    /// Wherever a file, an empty one too, would not start at a piece: version 2 alone, as it is read back. They are not in
    /// the .torrent.
    case before
    /// Behind every file that does not end with a piece, the last one as well, unless there is one file only:
    /// hybrids, and version 1 where it was asked for. The same files that libtorrent writes.
    case behind
  }

  let layout: FileLayout
  /// The number in the tree of each file of the layout, -1 for pad files; empty when they are the same.
  private let numbers: [Int32]

  /// `nil` when the files are longer than a torrent can be. O(files).
  init?(_ tree: ContentTree, name: TorrentPath, padding: Padding, pieceLength: Int) {
    var (ends, isPadding, paths, numbers) = ([Int](), [Bool](), [TorrentPath](), [Int32]())
    ends.reserveCapacity(tree.files.count)
    paths.reserveCapacity(tree.files.count)
    var offset = 0
    func add(_ path: TorrentPath, _ length: Int, number: Int?) {
      offset += length
      ends.append(offset)
      paths.append(path)
      guard padding != .none else { return }
      isPadding.append(number == nil)
      numbers.append(number.map { Int32(truncatingIfNeeded: $0) } ?? -1)
    }
    // Many pad files are of one length, and then share a path.
    var padPaths: [Int: TorrentPath] = [:]
    func pad() {
      let length = (pieceLength - offset % pieceLength) % pieceLength
      guard length > 0 else { return }
      let path = padPaths[length] ?? TorrentPath(unchecked: [".pad", "\(length)"])
      // There are at most as many lengths as a piece has bytes, which may be too many to remember.
      if padPaths.count < 100_000 { padPaths[length] = path }
      add(path, length, number: nil)
    }
    for (number, file) in tree.files.enumerated() {
      let length = file.status.length
      if padding == .before { pad() }
      guard length <= PieceGeometry.maximumTotalLength - offset else { return nil }
      // The walk has checked the path; a file by itself is called what the torrent is.
      add(
        tree.isSingleFile ? name : TorrentPath(unchecked: tree.components(of: number)), length, number: number
      )
      if padding == .behind, tree.files.count > 1 { pad() }
    }
    guard offset <= PieceGeometry.maximumTotalLength else { return nil }
    layout = FileLayout(files: FileList(ends: ends, padding: isPadding, paths: .listed(paths)))
    self.numbers = numbers
  }

  /// The number in the tree of a file of the layout; `nil` for a pad file.
  func number(of file: Int) -> Int? {
    guard !numbers.isEmpty else { return file }
    return numbers[file] < 0 ? nil : Int(numbers[file])
  }
}
