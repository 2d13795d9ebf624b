/// Reads the paths of a torrent's files one after the other without making values of them: for whoever looks at
/// all of a million.
///
///     var reader = PathReader(torrent.info.files)
///     for file in torrent.info.files.indices {
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

  private let paths: FilePaths
  /// Where the paths lie, if they do.
  private let source: EncodedPaths?
  /// Whether `bytes` are those of `source`.
  private var isEncoded = false
  private var previous: [Range<Int>] = []

  public init(_ files: FileList) {
    paths = files.paths
    if case .encoded(let source) = files.paths { self.source = source } else { source = nil }
  }

  /// Reads the path of a file by its number. O(length of the path).
  public mutating func read(_ file: Int) {
    swap(&components, &previous)
    components.removeAll(keepingCapacity: true)
    if let source, source.appendRanges(of: file, to: &components) {
      if isEncoded {
        sharedFolders = shared(with: bytes)
        return
      }
      let before = bytes
      bytes = source.bytes
      isEncoded = true
      sharedFolders = shared(with: before)
    } else {
      let before = bytes
      isEncoded = false
      bytes = []
      for component in paths[file].components {
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

  /// Eight bytes at a time.
  private static func equal(_ a: [UInt8], _ i: Range<Int>, _ b: [UInt8], _ j: Range<Int>) -> Bool {
    guard i.count == j.count, i.upperBound <= a.count, j.upperBound <= b.count else { return false }
    let (x, y) = (a.span.bytes, b.span.bytes)
    let count = i.count
    var position = 0
    while position + 8 <= count {
      guard
        x.unsafeLoadUnaligned(fromByteOffset: i.lowerBound + position, as: UInt64.self)
          == y.unsafeLoadUnaligned(fromByteOffset: j.lowerBound + position, as: UInt64.self)
      else { return false }
      position += 8
    }
    while position < count {
      if a[i.lowerBound + position] != b[j.lowerBound + position] { return false }
      position += 1
    }
    return true
  }
}
