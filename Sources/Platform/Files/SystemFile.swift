#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Calls on files, each repeated when a signal has interrupted it.
package enum SystemFile {
  /// How a file is opened. Never waits, not even for a pipe's other end; what was opened may be no regular file.
  package enum Mode: Hashable, Sendable {
    case read
    /// At the end of what is there; made when nothing is.
    case append

    fileprivate var flags: Int32 {
      switch self {
      case .read: O_RDONLY | O_NONBLOCK
      case .append: O_WRONLY | O_CREAT | O_APPEND
      }
    }
  }

  /// Symbolic links are followed: the path is the user's own.
  package static func open(_ path: String, _ mode: Mode) throws(Errno) -> Descriptor {
    Descriptor(owning: try repeating { opening(path, mode.flags | O_CLOEXEC | O_NOCTTY) })
  }

  /// Bytes read from `offset` on, possibly fewer than asked for; 0 at the end of the file.
  package static func read(
    _ descriptor: Int32, into buffer: UnsafeMutableRawBufferPointer, at offset: Int
  ) throws(Errno) -> Int {
    try repeating { pread(descriptor, buffer.baseAddress, buffer.count, off_t(offset)) }
  }

  /// Bytes written from `offset` on, possibly fewer than asked for.
  package static func write(
    _ descriptor: Int32, _ bytes: UnsafeRawBufferPointer, at offset: Int
  ) throws(Errno) -> Int {
    try repeating { pwrite(descriptor, bytes.baseAddress, bytes.count, off_t(offset)) }
  }

  /// The next bytes of a file, a pipe or a terminal, as soon as there are any; 0 at the end.
  package static func read(
    _ descriptor: Int32, into buffer: UnsafeMutableRawBufferPointer
  ) throws(Errno) -> Int {
    try waiting(descriptor, POLLIN) { reading(descriptor, buffer.baseAddress, buffer.count) }
  }

  /// Bytes written, possibly fewer than asked for, as soon as there is room for any.
  package static func write(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) throws(Errno) -> Int {
    try waiting(descriptor, POLLOUT) { writing(descriptor, bytes.baseAddress, bytes.count) }
  }

  /// As above.
  package static func write(_ descriptor: Int32, _ bytes: ArraySlice<UInt8>) throws(Errno) -> Int {
    try bytes.withUnsafeBytes { buffer in
      Result { () throws(Errno) in try write(descriptor, buffer) }
    }.get()
  }

  /// Writes all of the bytes.
  package static func write(_ descriptor: Int32, all bytes: [UInt8]) throws(Errno) {
    var rest = bytes[...]
    while !rest.isEmpty {
      rest = rest.dropFirst(try write(descriptor, rest))
    }
  }

  package static func truncate(_ descriptor: Int32, to length: Int) throws(Errno) {
    _ = try repeating { ftruncate(descriptor, off_t(length)) }
  }

  /// Returns when everything written is on the disk.
  package static func sync(_ descriptor: Int32) throws(Errno) {
    _ = try repeating { fsync(descriptor) }
  }

  /// Says that these bytes will be read soon, so that the disk may begin.
  package static func prefetch(_ descriptor: Int32, _ range: Range<Int>) {
    #if !canImport(Darwin)
      _ = posix_fadvise(descriptor, off_t(range.lowerBound), off_t(range.count), Int32(POSIX_FADV_WILLNEED))
    #endif
  }

  /// Whether there is something at the path, behind symbolic links.
  package static func exists(_ path: String) -> Bool { path.withSystemPath { access($0, F_OK) } == 0 }

  /// Throws why there is nothing at the path.
  package static func checkExistence(of path: String) throws(Errno) {
    guard exists(path) else { throw .last }
  }

  /// Throws why this process may not read what is at the path. A look at the permissions, which costs half of
  /// opening the file.
  package static func checkReading(of path: String) throws(Errno) {
    guard path.withSystemPath({ faccessat(AT_FDCWD, $0, R_OK, AT_EACCESS) }) == 0 else { throw .last }
  }

  /// Somebody else's shell may have made a terminal or pipe non-blocking for everybody who has it.
  private static func waiting(_ descriptor: Int32, _ event: Int32, _ call: () -> Int) throws(Errno) -> Int {
    while true {
      do throws(Errno) { return try repeating(call) } catch {
        guard error == .wouldBlock else { throw error }
        var request = pollfd(fd: descriptor, events: Int16(event), revents: 0)
        _ = poll(&request, 1, -1)
      }
    }
  }

  @inline(__always)
  private static func repeating<N: SignedInteger>(_ call: () -> N) throws(Errno) -> N {
    while true {
      let result = call()
      if result >= 0 { return result }
      let error = Errno.last
      guard error == .interrupted else { throw error }
    }
  }
}

// The C library's calls whose names are taken inside the type.
private func opening(_ path: String, _ flags: Int32) -> Int32 {
  path.withSystemPath { open($0, flags, 0o666) }
}

private func reading(_ descriptor: Int32, _ start: UnsafeMutableRawPointer?, _ count: Int) -> Int {
  read(descriptor, start, count)
}

private func writing(_ descriptor: Int32, _ start: UnsafeRawPointer?, _ count: Int) -> Int {
  write(descriptor, start, count)
}
