/// Reads runs of a torrent's content out of the files that hold it. For one thread; keeps the file it read last
/// open, since the next run mostly goes on in it.
struct ContentReader<Disk: ContentDisk> {
  private let disk: Disk
  private let layout: FileLayout
  /// The path of every file of the layout.
  private let paths: [String]
  private var current: (index: Int, file: Disk.File)?

  init(disk: Disk, layout: FileLayout, paths: [String]) {
    self.disk = disk
    self.layout = layout
    self.paths = paths
  }

  /// Fills the buffer with the content from `offset` on. Pad files are zeros and are never looked for.
  mutating func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws(ContentFailure) {
    var filled = 0
    for span in layout.spans(of: offset..<offset + buffer.count) {
      let part = UnsafeMutableRawBufferPointer(rebasing: buffer[filled..<filled + span.length])
      if layout.files[span.file].isPadding {
        for index in part.indices { part[index] = 0 }
      } else {
        try read(span, into: part)
      }
      filled += span.length
    }
  }

  private mutating func read(
    _ span: FileLayout.Span, into part: UnsafeMutableRawBufferPointer
  ) throws(ContentFailure) {
    let file = try open(span.file)
    var filled = 0
    while filled < part.count {
      let count: Int
      do {
        count = try disk.read(
          file, at: span.offset + filled, into: UnsafeMutableRawBufferPointer(rebasing: part[filled...]))
      } catch {
        throw ContentFailure(file: span.file, reason: .system(call: "read", error))
      }
      guard count > 0 else { throw ContentFailure(file: span.file, reason: .ended) }
      filled += count
    }
  }

  private mutating func open(_ index: Int) throws(ContentFailure) -> Disk.File {
    if let current, current.index == index { return current.file }
    current = nil
    do {
      let file = try disk.open(paths[index])
      current = (index, file)
      return file
    } catch {
      throw ContentFailure(file: index, reason: .system(call: "open", error))
    }
  }
}
