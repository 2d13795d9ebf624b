import Platform

/// A disk that gives nothing any more once the result is not wanted: whoever reads from it ends within a step, and needs to
/// know nothing of that.
struct CancellableDisk<Disk: ContentDisk>: ContentDisk {
  let disk: Disk
  let flag: CancellationFlag

  private func check() throws(Errno) {
    if flag.isSet { throw .canceled }
  }

  func status(of path: String) throws(Errno) -> FileStatus {
    try check()
    return try disk.status(of: path)
  }

  func open(_ path: String) throws(Errno) -> Disk.File {
    try check()
    return try disk.open(path)
  }

  func read(
    _ file: Disk.File, at offset: Int, into buffer: UnsafeMutableRawBufferPointer
  ) throws(Errno) -> Int {
    try check()
    return try disk.read(file, at: offset, into: buffer)
  }

  func prefetch(_ file: Disk.File, _ range: Range<Int>) {
    if !flag.isSet { disk.prefetch(file, range) }
  }

  var blocksRead: Int { disk.blocksRead }
}
