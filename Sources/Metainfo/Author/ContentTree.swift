import Platform

/// The files that a walk found, in the order in which they go into the torrent. A folder's path is kept once for all
/// of its files: a file costs about 90 bytes beside a long name.
struct ContentTree: Sendable {
  struct File: Sendable {
    /// Number of the folder.
    let folder: Int32
    /// Empty when the root itself is the file.
    let name: String
    let status: FileStatus
  }

  struct Folder: Sendable {
    /// Below the root.
    let components: [String]
    /// On this machine.
    let path: String
    let parent: Int?
    let status: FileStatus
  }

  private(set) var files: [File] = []
  /// The root is the first, also where it is a file.
  private(set) var folders: [Folder]

  init(root: String, _ status: FileStatus) {
    folders = [Folder(components: [], path: root, parent: nil, status: status)]
  }

  mutating func add(_ name: String, _ status: FileStatus, in folder: Int) {
    files.append(File(folder: Int32(truncatingIfNeeded: folder), name: name, status: status))
  }

  /// Gives the number of the new folder.
  mutating func addFolder(_ components: [String], _ path: String, _ status: FileStatus, in parent: Int) -> Int
  {
    folders.append(Folder(components: components, path: path, parent: parent, status: status))
    return folders.count - 1
  }

  /// The content is one file, which has no folder of its own in the torrent.
  var isSingleFile: Bool { files.first?.name.isEmpty ?? false }

  /// Where the file is on this machine.
  func path(of file: Int) -> String {
    let folder = folders[Int(files[file].folder)].path
    return isSingleFile ? folder : DiskPath.joined(folder, files[file].name)
  }

  /// The file's path in the torrent, below the root; empty when the root itself is the file.
  func components(of file: Int) -> [String] {
    isSingleFile ? [] : folders[Int(files[file].folder)].components + [files[file].name]
  }

  /// The largest files first; those of one size keep their order. O(files × log files).
  func sortedBySize() -> ContentTree {
    // The number decides between equals, which makes the sort a stable one.
    let order = files.indices.sorted {
      let (a, b) = (files[$0].status.length, files[$1].status.length)
      return a == b ? $0 < $1 : a > b
    }
    var sorted = self
    sorted.files = order.map { files[$0] }
    return sorted
  }
}
