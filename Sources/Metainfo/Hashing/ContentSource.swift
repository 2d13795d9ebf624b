import Platform

/// Where a digester's bytes come from: files by their paths for `create` and `verify`, a download's own files below its
/// root for the examination at its start.
package protocol ContentSource: Sendable {
  associatedtype Reader: ContentReading

  /// What one thread reads with.
  /// - Parameter places: How many places of the content are read in turn.
  func makeReader(places: Int) -> Reader
  /// How much this thread has made a disk read up to now; what comes out of the system's cache doesn't count.
  var blocksRead: Int { get }
}

extension ContentSource {
  package var blocksRead: Int { ThreadUsage.blocksRead }
}

/// Reads content for one thread.
package protocol ContentReading {
  associatedtype Failure: Error

  /// Fills the buffer with the content from `offset` on. Pad files are zeros.
  mutating func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws(Failure)
  /// Says that a range of the content will be read soon.
  mutating func prefetch(_ range: Range<Int>)
}

/// Files that are known by their paths, on a disk.
struct ContentFiles<Disk: ContentDisk>: ContentSource {
  let disk: Disk
  let layout: FileLayout
  /// The path on this machine of a file of the layout, by its number. Asked each time a file is opened, on any
  /// thread, and never of a pad file.
  let path: @Sendable (Int) -> String

  func makeReader(places: Int) -> ContentReader<Disk> {
    ContentReader(disk: disk, layout: layout, maximumOpen: places, path: path)
  }

  var blocksRead: Int { disk.blocksRead }
}
