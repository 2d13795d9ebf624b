/// How the one run of bytes that pieces cut up lies in files: the only place that turns one into the other.
public struct FileLayout: Sendable {
  public let files: [FileEntry]
  public let totalLength: Int

  /// A run of bytes in one file.
  public struct Span: Hashable, Sendable {
    /// Index into `files`.
    public let file: Int
    /// Bytes from the start of the file.
    public let offset: Int
    /// Bytes; at least 1.
    public let length: Int

    public init(file: Int, offset: Int, length: Int) {
      self.file = file
      self.offset = offset
      self.length = length
    }
  }

  /// The files in content order; each one's offset must be the sum of the lengths before it.
  public init(files: [FileEntry]) {
    self.files = files
    self.totalLength = files.last.map { $0.offset + $0.length } ?? 0
  }

  /// The file runs that a range of the content covers, in order, empty files left out.
  /// O(log files + spans).
  public func spans(of range: Range<Int>) -> [Span] {
    var spans: [Span] = []
    let range = range.clamped(to: 0..<totalLength)
    guard !range.isEmpty else { return spans }
    var index = firstFile(endingAfter: range.lowerBound)
    while index < files.count, files[index].offset < range.upperBound {
      let part = files[index].range.clamped(to: range)
      if !part.isEmpty {
        spans.append(Span(file: index, offset: part.lowerBound - files[index].offset, length: part.count))
      }
      index += 1
    }
    return spans
  }

  private func firstFile(endingAfter offset: Int) -> Int {
    var low = 0
    var high = files.count
    while low < high {
      let middle = (low + high) / 2
      if files[middle].range.upperBound > offset { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
