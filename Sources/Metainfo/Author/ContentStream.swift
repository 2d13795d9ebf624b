import Glibc
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
    while true {
      let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
      if count >= 0 { return count }
      // A shell's job may have made the terminal or pipe non-blocking for everybody who has it.
      if errno == EAGAIN {
        var poll = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        _ = Glibc.poll(&poll, 1, -1)
      } else if errno != EINTR {
        throw .last
      }
    }
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
