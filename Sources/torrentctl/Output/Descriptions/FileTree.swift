import Metainfo

/// The files of a torrent in their folders, with the sizes of both. Files and folders stand in the order in which
/// the torrent first names them; pad files are left out.
struct FileTree: Sendable {
  struct Node: Sendable {
    /// Where the name is in `names`: the first byte, and how many there are.
    fileprivate let nameStart: UInt32
    fileprivate let nameLength: UInt8
    let isFolder: Bool
    /// Bytes, of all files below it for a folder.
    var length: Int
    /// Files, of all levels below it for a folder.
    var fileCount: Int32
    /// Entries right below it.
    var childCount: Int32 = 0
    /// The first entry right below it, the last one, and the next one of the folder that it is itself in; -1 for none.
    fileprivate(set) var firstChild: Int32 = -1
    fileprivate(set) var lastChild: Int32 = -1
    fileprivate(set) var nextSibling: Int32 = -1
  }

  /// The first is the root: the torrent's own folder.
  private(set) var nodes: [Node] = []
  /// The names of all nodes one after the other. As strings of their own a million would be a million allocations.
  private var names: [UInt8] = []

  /// O(components of all paths).
  init(_ info: Info) {
    nodes.reserveCapacity(info.files.count + info.files.count / 4 + 1)
    names.reserveCapacity(info.files.count * 32)
    add(Array(info.name.name.utf8)[...], isFolder: true, to: -1)
    var folders: [FolderName: Int32] = [:]
    let files = info.files
    var reader = PathReader(files)
    /// The folders of the previous file.
    var path: [Int32] = [0]
    for file in files.indices where !files.isPadding(file) {
      reader.read(file)
      let length = files.length(of: file)
      let last = reader.components.count - 1
      path.removeLast(path.count - 1 - min(reader.sharedFolders, path.count - 1))
      for level in (path.count - 1)..<last {
        let parent = path[path.count - 1]
        let name = reader.bytes[reader.components[level]]
        let key = FolderName(parent: parent, name: Array(name))
        let folder = folders[key] ?? add(name, isFolder: true, to: parent)
        folders[key] = folder
        path.append(folder)
      }
      let leaf = Int(add(reader.bytes[reader.components[last]], isFolder: false, to: path[path.count - 1]))
      nodes[leaf].length = length
      nodes[leaf].fileCount = 1
      for folder in path {
        nodes[Int(folder)].length += length
        nodes[Int(folder)].fileCount += 1
      }
    }
  }

  /// The name of a node in UTF-8, not escaped.
  func name(of node: Node) -> ArraySlice<UInt8> {
    names[Int(node.nameStart)..<Int(node.nameStart) + Int(node.nameLength)]
  }

  /// - Parameter name: At most `TorrentPath.maximumComponentLength` bytes.
  @discardableResult
  private mutating func add(_ name: ArraySlice<UInt8>, isFolder: Bool, to parent: Int32) -> Int32 {
    let index = Int32(nodes.count)
    nodes.append(
      Node(
        nameStart: UInt32(truncatingIfNeeded: names.count), nameLength: UInt8(truncatingIfNeeded: name.count),
        isFolder: isFolder, length: 0, fileCount: 0))
    names += name
    guard parent >= 0 else { return index }
    let parent = Int(parent)
    let last = nodes[parent].lastChild
    if last < 0 { nodes[parent].firstChild = index } else { nodes[Int(last)].nextSibling = index }
    nodes[parent].lastChild = index
    nodes[parent].childCount += 1
    return index
  }

  private struct FolderName: Hashable {
    let parent: Int32
    let name: [UInt8]
  }
}
