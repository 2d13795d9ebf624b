import Metainfo

/// Where the files lie in the content, for the paths that each block takes: the same answers as
/// `FileLayout`'s, one at a time and without allocation.
struct PayloadExtents: Sendable {
  private struct Extent {
    let offset: Int
    let length: Int
    let isPadding: Bool
  }

  private let extents: [Extent]

  init(_ layout: FileLayout) {
    extents = layout.files.map { Extent(offset: $0.offset, length: $0.length, isPadding: $0.isPadding) }
  }

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
    var low = 0
    var high = extents.count
    while low < high {
      let middle = (low + high) / 2
      if extents[middle].offset + extents[middle].length > position {
        high = middle
      } else {
        low = middle + 1
      }
    }
    // Empty files end where they start, and so never behind `position`.
    guard low < extents.count, position >= extents[low].offset, position < end else { return nil }
    let extent = extents[low]
    let offset = position - extent.offset
    return Part(
      file: low, offset: offset, length: min(extent.length - offset, end - position),
      isPadding: extent.isPadding)
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
