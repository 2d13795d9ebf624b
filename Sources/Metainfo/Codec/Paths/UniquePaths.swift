import Text

/// Gives every file of a torrent a path of its own, so that no file overwrites another or stands where a folder
/// must be.
///
/// Folders keep their names. Of files that want the same path the first gets it; the others get a number, as in
/// `name (2).txt`. The same list always has the same outcome.
enum UniquePaths {
  /// More files than this with one path are nobody's files.
  static let maximumNumber = 100

  /// The files whose path must differ from what it is, by their index, ascending. O(total components).
  static func renamed(
    _ files: [FileEntry], field: String
  ) throws(MetainfoError) -> [(index: Int, path: TorrentPath)] {
    var taken = folders(of: files)
    taken.reserveCapacity(taken.count + files.count)
    var waiting: [Int] = []
    for (index, file) in files.enumerated() where !file.isPadding {
      if !taken.insert(file.path).inserted { waiting.append(index) }
    }
    var lastNumber: [TorrentPath: Int] = [:]
    var renamed: [(index: Int, path: TorrentPath)] = []
    for index in waiting {
      let wanted = files[index].path
      var number = lastNumber[wanted, default: 1]
      var path = wanted
      repeat {
        number += 1
        guard number <= maximumNumber else {
          let name = Escaping.escaped(wanted.description)
          throw MetainfoError(
            .malformed, field: field, "\(name): more than \(maximumNumber) files of this path")
        }
        let name = TorrentPath.suffixed(wanted.name, with: " (\(number))")
        path = TorrentPath(unchecked: wanted.components.dropLast() + [name])
      } while !taken.insert(path).inserted
      lastNumber[wanted] = number
      renamed.append((index, path))
    }
    return renamed
  }

  private static func folders(of files: [FileEntry]) -> Set<TorrentPath> {
    var folders: Set<TorrentPath> = []
    for file in files where !file.isPadding {
      var components = file.path.components[...]
      while components.count > 1 {
        components.removeLast()
        // Where a folder is known, those around it are.
        guard folders.insert(TorrentPath(unchecked: Array(components))).inserted else { break }
      }
    }
    return folders
  }
}
