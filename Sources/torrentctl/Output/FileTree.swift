import Metainfo

/// The files of a torrent in their folders, with the sizes of both. Files and folders stand in the order in which
/// the torrent first names them; pad files are left out.
struct FileTree: Sendable {
  struct Node: Sendable {
    let name: String
    let isFolder: Bool
    /// Bytes, of all files below it for a folder.
    var length: Int
    /// Files, of all levels below it for a folder.
    var fileCount: Int32
    /// Entries right below it.
    var childCount: Int32 = 0
    fileprivate(set) var firstChild: Int32 = -1
    fileprivate(set) var lastChild: Int32 = -1
    fileprivate(set) var nextSibling: Int32 = -1
  }

  /// The first is the root: the torrent's own folder.
  private(set) var nodes: [Node]

  /// O(components of all paths).
  init(_ info: Info) {
    nodes = [Node(name: info.name.name, isFolder: true, length: 0, fileCount: 0)]
    nodes.reserveCapacity(info.files.count + 1)
    var folders: [FolderName: Int32] = [:]
    /// The folders of the previous file: neighbours mostly share theirs.
    var names: [String] = []
    var path: [Int32] = [0]
    for file in info.files where !file.isPadding {
      let components = file.path.components
      var depth = 0
      while depth < names.count, depth < components.count - 1,
        names[depth].utf8.elementsEqual(components[depth].utf8)
      { depth += 1 }
      names.removeSubrange(depth...)
      path.removeSubrange((depth + 1)...)
      for component in components[depth..<(components.count - 1)] {
        let key = FolderName(parent: path[path.count - 1], name: component)
        let folder = folders[key] ?? add(component, isFolder: true, to: path[path.count - 1])
        folders[key] = folder
        names.append(component)
        path.append(folder)
      }
      let leaf = add(components[components.count - 1], isFolder: false, to: path[path.count - 1])
      nodes[Int(leaf)].length = file.length
      nodes[Int(leaf)].fileCount = 1
      for folder in path {
        nodes[Int(folder)].length += file.length
        nodes[Int(folder)].fileCount += 1
      }
    }
  }

  /// The entries right below a node, in order.
  func children(of node: Int) -> some Sequence<Int> {
    sequence(first: Int(nodes[node].firstChild)) { Int(nodes[$0].nextSibling) }.prefix { $0 >= 0 }
  }

  private mutating func add(_ name: String, isFolder: Bool, to parent: Int32) -> Int32 {
    let index = Int32(nodes.count)
    nodes.append(Node(name: name, isFolder: isFolder, length: 0, fileCount: 0))
    let parent = Int(parent)
    let last = nodes[parent].lastChild
    if last < 0 { nodes[parent].firstChild = index } else { nodes[Int(last)].nextSibling = index }
    nodes[parent].lastChild = index
    nodes[parent].childCount += 1
    return index
  }

  /// Names are equal when their bytes are, as on a disk.
  private struct FolderName: Hashable {
    let parent: Int32
    let name: String

    static func == (a: FolderName, b: FolderName) -> Bool {
      a.parent == b.parent && a.name.utf8.elementsEqual(b.name.utf8)
    }

    func hash(into hasher: inout Hasher) {
      hasher.combine(parent)
      var name = name
      name.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    }
  }
}
