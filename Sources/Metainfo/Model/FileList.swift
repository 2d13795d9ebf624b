/// The files of a torrent in content order.
///
/// Lengths and offsets are at hand; a path may be decoded when it is asked for, each time anew. O(1) for an
/// element; 9 bytes for a file besides its path.
public struct FileList: RandomAccessCollection, Sendable {
  /// Where each file ends, in bytes from the start of the content; ascending.
  private let ends: [Int]
  private let padding: [Bool]
  let paths: FilePaths

  /// The files in content order; each one's offset must be the sum of the lengths before it.
  public init(_ files: [FileEntry]) {
    self.init(
      ends: files.map(\.range.upperBound), padding: files.map(\.isPadding),
      paths: .listed(files.map(\.path)))
  }

  /// - Parameter padding: Which files are pad files; empty when none is.
  init(ends: [Int], padding: [Bool], paths: FilePaths) {
    self.ends = ends
    self.padding = padding.contains(true) ? padding : []
    self.paths = paths
  }

  public var startIndex: Int { 0 }
  public var endIndex: Int { ends.count }

  public subscript(_ index: Int) -> FileEntry {
    let start = index == 0 ? 0 : ends[index - 1]
    return FileEntry(
      paths, index, length: ends[index] - start, offset: start, isPadding: !padding.isEmpty && padding[index])
  }

  /// Whether this is a pad file; as the element says it, at less cost.
  public func isPadding(_ index: Int) -> Bool { !padding.isEmpty && padding[index] }

  /// Bytes of this file; as the element says it, at less cost.
  public func length(of index: Int) -> Int { ends[index] - (index == 0 ? 0 : ends[index - 1]) }

  /// The bytes of the content that are this file; as the element says it, at less cost.
  public func range(of index: Int) -> Range<Int> { (index == 0 ? 0 : ends[index - 1])..<ends[index] }

  /// Bytes of all files, pad files included.
  var totalLength: Int { ends.last ?? 0 }

  /// Bytes of all files but pad files. O(files) where there are any of those.
  var contentLength: Int {
    padding.isEmpty ? totalLength : reduce(0) { $1.isPadding ? $0 : $0 + $1.length }
  }

  /// The first file that ends behind a place in the content; `count` when none does. O(log files).
  package func firstFile(endingAfter offset: Int) -> Int {
    var low = 0
    var high = ends.count
    while low < high {
      let middle = (low + high) / 2
      if ends[middle] > offset { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
