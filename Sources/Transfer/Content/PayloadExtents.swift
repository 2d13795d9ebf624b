import Metainfo

/// Where the files lie in the content, for the paths that each block takes: the same answers as `FileLayout`'s, one at
/// a time and without allocation.
struct PayloadExtents: Sendable {
  private let files: FileList

  init(_ layout: FileLayout) { files = layout.files }

  /// A run of bytes of one file.
  struct Part: Hashable {
    let file: Int
    /// Bytes from the start of the file.
    let offset: Int
    /// Bytes; at least 1.
    let length: Int
    let isPadding: Bool
  }

  /// What of the content from `position` on, and before `end`, is in one file; `nil` at the end of the
  /// content. O(log files).
  func part(at position: Int, before end: Int) -> Part? {
    guard position < end else { return nil }
    // Empty files end where they start, and so never behind `position`.
    let file = files.firstFile(endingAfter: position)
    guard file < files.count else { return nil }
    let extent = files.range(of: file)
    return Part(
      file: file, offset: position - extent.lowerBound, length: min(extent.upperBound, end) - position,
      isPadding: files.isPadding(file))
  }

  /// Calls `body` with each part of a range of the content, in order.
  func forEachPart<E: Error>(of range: Range<Int>, _ body: (Part) throws(E) -> Void) throws(E) {
    var position = range.lowerBound
    while let part = part(at: position, before: range.upperBound) {
      try body(part)
      position += part.length
    }
  }
}
