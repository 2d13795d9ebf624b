/// Reads the paths of a torrent's files one after the other without making values of them: for whoever looks at
/// all of a million.
///
///     var reader = PathReader()
///     for file in torrent.info.files {
///       reader.read(file)
///       print(reader.component(reader.components.count - 1))
///     }
public struct PathReader: Sendable {
  /// What `components` are ranges of, in UTF-8.
  public private(set) var bytes: [UInt8] = []
  /// Where the components of the last path that was read are.
  public private(set) var components: [Range<Int>] = []
  /// How many folders, counted from the first, this path has in common with the one that was read before it.
  public private(set) var sharedFolders = 0

  private var source: EncodedPaths?
  private var previous: [Range<Int>] = []

  public init() {}

  /// O(length of the path).
  public mutating func read(_ file: FileEntry) {
    swap(&components, &previous)
    components.removeAll(keepingCapacity: true)
    if case .encoded(let paths) = file.paths, paths.appendRanges(of: file.index, to: &components) {
      if source === paths {
        sharedFolders = shared(with: bytes)
        return
      }
      let before = bytes
      bytes = paths.bytes
      source = paths
      sharedFolders = shared(with: before)
    } else {
      let before = bytes
      source = nil
      bytes = []
      for component in file.path.components {
        let start = bytes.count
        bytes += component.utf8
        components.append(start..<bytes.count)
      }
      sharedFolders = shared(with: before)
    }
  }

  /// A component of the last path as text.
  public func component(_ level: Int) -> String { String(decoding: bytes[components[level]], as: UTF8.self) }

  private func shared(with other: [UInt8]) -> Int {
    var depth = 0
    let limit = min(components.count, previous.count) - 1
    while depth < limit, Self.equal(bytes, components[depth], other, previous[depth]) { depth += 1 }
    return max(0, depth)
  }

  private static func equal(_ a: [UInt8], _ i: Range<Int>, _ b: [UInt8], _ j: Range<Int>) -> Bool {
    guard i.count == j.count else { return false }
    var position = j.lowerBound
    for index in i {
      if a[index] != b[position] { return false }
      position += 1
    }
    return true
  }
}
