import Metainfo

/// A tree of files as lines of a size and a name, drawn as `tree` does:
///
///        4.5 KiB  data/
///        1.2 KiB  ├── about.txt
///        3.3 KiB  └── pictures/
///        3.3 KiB      └── whole.png
struct FileTreeText {
  private let tree: FileTree
  private let emphasis: Emphasis
  private let branch: Branch
  /// How many entries of a folder are drawn; all of every folder without it.
  private let opened: [Int: Int]?
  /// The size that is being written.
  private var size: [UInt8] = []

  /// What stands in front of a name.
  private struct Branch {
    let middle: [UInt8]
    let last: [UInt8]
    let line: [UInt8]
    let space = Array("    ".utf8)
    let ellipsis: String
  }

  /// - Parameter lines: Where it is not `nil`, no more than about so many lines are drawn.
  init(_ tree: FileTree, isUnicode: Bool, emphasis: Emphasis, lines: Int?) {
    self.tree = tree
    self.emphasis = emphasis
    branch =
      isUnicode
      ? Branch(middle: Array("├── ".utf8), last: Array("└── ".utf8), line: Array("│   ".utf8), ellipsis: "…")
      : Branch(
        middle: Array("|-- ".utf8), last: Array("`-- ".utf8), line: Array("|   ".utf8), ellipsis: "...")
    opened = lines.flatMap { tree.nodes.count - 1 > $0 ? Self.opened(tree, lines: $0) : nil }
  }

  /// Whether anything is left out.
  var isBounded: Bool { opened != nil }

  /// Writes the lines. O(lines).
  mutating func write(to output: inout BufferedOutput) throws(CommandFailure) {
    try writeLine(0, prefix: [], branch: [], to: &output)
    try writeEntries(of: 0, prefix: [], to: &output)
  }

  /// No deeper than `TorrentPath.maximumDepth`.
  private mutating func writeEntries(
    of folder: Int, prefix: [UInt8], to output: inout BufferedOutput
  ) throws(CommandFailure) {
    let count = Int(tree.nodes[folder].childCount)
    let drawn = entryCount(of: folder)
    guard drawn > 0 else { return }
    var left = drawn
    var rest = (length: 0, files: 0)
    var next = Int(tree.nodes[folder].firstChild)
    while next >= 0 {
      let child = next
      next = Int(tree.nodes[child].nextSibling)
      guard left > 0 else {
        rest.length += tree.nodes[child].length
        rest.files += Int(tree.nodes[child].fileCount)
        continue
      }
      left -= 1
      let isLast = left == 0 && drawn == count
      try writeLine(child, prefix: prefix, branch: isLast ? branch.last : branch.middle, to: &output)
      if tree.nodes[child].isFolder {
        try writeEntries(of: child, prefix: prefix + (isLast ? branch.space : branch.line), to: &output)
      }
    }
    guard rest.files > 0 else { return }
    writeSize(rest.length, to: &output)
    output.bytes += prefix + branch.last
    try output.add(emphasis.faint("\(branch.ellipsis) \(Quantity.count(rest.files, "more file"))") + "\n")
  }

  private mutating func writeLine(
    _ index: Int, prefix: [UInt8], branch: [UInt8], to output: inout BufferedOutput
  ) throws(CommandFailure) {
    let node = tree.nodes[index]
    writeSize(node.length, to: &output)
    output.bytes += prefix
    output.bytes += branch
    output.add(escaping: tree.name(of: node))
    if node.isFolder {
      output.bytes.append(UInt8(ascii: "/"))
      if entryCount(of: index) == 0 {
        output.bytes += emphasis.faint("  (\(Quantity.count(Int(node.fileCount), "file")))").utf8
      }
    }
    output.bytes.append(UInt8(ascii: "\n"))
    try output.flushIfFull()
  }

  private func entryCount(of folder: Int) -> Int {
    guard let opened else { return Int(tree.nodes[folder].childCount) }
    return opened[folder] ?? 0
  }

  /// Right-aligned; `1023.9 KiB` is the longest there is.
  private mutating func writeSize(_ length: Int, to output: inout BufferedOutput) {
    size.removeAll(keepingCapacity: true)
    Quantity.append(size: length, to: &size)
    output.bytes += Self.spaces[..<max(0, 10 - size.count)]
    output.bytes += size
    output.bytes += Self.spaces[..<2]
  }

  private static let spaces = [UInt8](repeating: UInt8(ascii: " "), count: 10)

  /// Which folders are opened when there is room for so many lines: level by level, so that the upper folders are
  /// whole before anything below them is. A folder is opened whole or stays closed, but for the first, which is
  /// cut. O(lines).
  private static func opened(_ tree: FileTree, lines: Int) -> [Int: Int] {
    var opened: [Int: Int] = [:]
    var room = lines
    var level = [0]
    while !level.isEmpty {
      var next: [Int] = []
      for folder in level {
        let count = Int(tree.nodes[folder].childCount)
        let drawn = count <= room ? count : folder == 0 ? room : 0
        guard drawn > 0 else { continue }
        opened[folder] = drawn
        room -= drawn
        var child = Int(tree.nodes[folder].firstChild)
        for _ in 0..<drawn {
          if tree.nodes[child].isFolder { next.append(child) }
          child = Int(tree.nodes[child].nextSibling)
        }
      }
      level = next
    }
    return opened
  }
}
