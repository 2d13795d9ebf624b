import Platform

/// Reads runs of a torrent's content out of the files that hold it. For one thread; keeps the files it read last
/// open, since the next run mostly goes on in one of them.
struct ContentReader<Disk: ContentDisk>: ContentReading {
  private let disk: Disk
  private let layout: FileLayout
  private let path: @Sendable (Int) -> String
  private let maximumOpen: Int
  /// The one that was read last comes last.
  private var files: [(index: Int, file: Disk.File)] = []

  /// - Parameters:
  ///   - maximumOpen: How many files may be open at a time: as many as there are places that are read in turn.
  ///   - path: The path of a file of the layout.
  init(disk: Disk, layout: FileLayout, maximumOpen: Int, path: @escaping @Sendable (Int) -> String) {
    self.disk = disk
    self.layout = layout
    self.maximumOpen = max(1, maximumOpen)
    self.path = path
  }

  /// Fills the buffer with the content from `offset` on. Pad files are zeros and are never looked for.
  mutating func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws(ContentFailure) {
    var filled = 0
    for span in layout.spans(of: offset..<offset + buffer.count) {
      let part = UnsafeMutableRawBufferPointer(rebasing: buffer[filled..<filled + span.length])
      if layout.files[span.file].isPadding {
        part.initializeMemory(as: UInt8.self, repeating: 0)
      } else {
        try read(span, into: part)
      }
      filled += span.length
    }
  }

  /// Says that a range of the content will be read soon.
  mutating func prefetch(_ range: Range<Int>) {
    for span in layout.spans(of: range) where !layout.files[span.file].isPadding {
      guard let file = try? open(span.file) else { continue }
      disk.prefetch(file, span.offset..<span.offset + span.length)
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
    if let last = files.last, last.index == index { return last.file }
    if let place = files.firstIndex(where: { $0.index == index }) {
      let found = files.remove(at: place)
      files.append(found)
      return found.file
    }
    if files.count == maximumOpen { files.removeFirst() }
    do {
      let file = try openFreshly(index)
      files.append((index, file))
      return file
    } catch {
      throw ContentFailure(file: index, reason: .system(call: "open", error))
    }
  }

  /// Gives back what else is open when the system allows no more: one file is enough to go on.
  private mutating func openFreshly(_ index: Int) throws(Errno) -> Disk.File {
    do {
      return try disk.open(path(index))
    } catch {
      guard error.isShortageOfDescriptors, !files.isEmpty else { throw error }
      files.removeAll()
      return try disk.open(path(index))
    }
  }
}
