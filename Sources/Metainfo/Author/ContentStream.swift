import Platform

/// Where content comes from that can be read once only and whose length nobody knows.
protocol ContentStream: Sendable {
  /// Reads at most a buffer and gives the number of bytes; 0 is the end.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws(Errno) -> Int
}

/// An open descriptor, which stays the caller's.
struct DescriptorStream: ContentStream {
  let descriptor: Int32

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(Errno) -> Int {
    try SystemFile.read(descriptor, into: buffer)
  }
}

extension ContentStream {
  /// Reads until the buffer is full or the stream at its end, and gives the number of bytes.
  func fill(_ buffer: UnsafeMutableRawBufferPointer) throws(Errno) -> Int {
    var filled = 0
    while filled < buffer.count {
      let count = try read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[filled...]))
      guard count > 0 else { break }
      filled += count
    }
    return filled
  }
}
