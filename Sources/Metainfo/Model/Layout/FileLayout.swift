/// How the one run of bytes that pieces cut up lies in files: the only place that turns one into the other.
public struct FileLayout: Sendable {
  public let files: FileList
  /// Bytes of all files, pad files included.
  public let totalLength: Int
  /// Bytes of all files but pad files.
  public let contentLength: Int

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
  public init(files: [FileEntry]) { self.init(files: FileList(files)) }

  public init(files: FileList) {
    self.files = files
    self.totalLength = files.totalLength
    self.contentLength = files.contentLength
  }

  /// The file runs that a range of the content covers, in order, empty files left out.
  /// O(log files + spans).
  public func spans(of range: Range<Int>) -> [Span] {
    var spans: [Span] = []
    let range = range.clamped(to: 0..<totalLength)
    guard !range.isEmpty else { return spans }
    var index = files.firstFile(endingAfter: range.lowerBound)
    while index < files.count {
      let file = files[index]
      guard file.offset < range.upperBound else { break }
      let part = file.range.clamped(to: range)
      if !part.isEmpty {
        spans.append(Span(file: index, offset: part.lowerBound - file.offset, length: part.count))
      }
      index += 1
    }
    return spans
  }
}
