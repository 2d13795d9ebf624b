import CLinux

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

// Bytes over a connection, and files. None of these allocate; all repeat a call that a signal interrupted.
extension Socket {
  static func receive(_ descriptor: Int32, into buffer: UnsafeMutableRawBufferPointer) -> IOResult {
    repeating { recv(descriptor, buffer.baseAddress, buffer.count, 0) }
  }

  /// Fills the buffers in order.
  static func receive(_ descriptor: Int32, into buffers: UnsafeBufferPointer<iovec>) -> IOResult {
    repeating { readv(descriptor, buffers.baseAddress, Int32(clamping: buffers.count)) }
  }

  /// - Parameter more: whether more will follow at once, so that this need not leave in a packet of its own.
  static func send(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer, more: Bool = false) -> IOResult {
    let flags = Int32(MSG_NOSIGNAL) | (more ? Int32(MSG_MORE) : 0)
    return repeating { sending(descriptor, bytes.baseAddress, bytes.count, flags) }
  }

  /// Sends the buffers in order, as if they were one.
  static func send(_ descriptor: Int32, _ buffers: UnsafeBufferPointer<iovec>, more: Bool = false) -> IOResult
  {
    var message = msghdr()
    message.msg_iov = UnsafeMutablePointer(mutating: buffers.baseAddress)
    message.msg_iovlen = buffers.count
    let flags = Int32(MSG_NOSIGNAL) | (more ? Int32(MSG_MORE) : 0)
    return repeating { sendmsg(descriptor, &message, flags) }
  }

  /// Sends a run of a file without a copy through this process. `.closed` says that the file ends before
  /// `offset`. A closed connection raises SIGPIPE: see `ProcessSignals.ignoreBrokenPipe`.
  static func sendFile(_ descriptor: Int32, file: Int32, offset: Int, count: Int) -> IOResult {
    var offset = off_t(offset)
    return repeating { sendfile(descriptor, file, &offset, count) }
  }

  /// Turns what such a call returns into a result.
  @inline(__always)
  static func repeating(_ call: () -> Int) -> IOResult {
    while true {
      let count = call()
      if count > 0 { return .bytes(count) }
      if count == 0 { return .closed }
      switch errno {
      case EINTR: continue
      // EAGAIN and EWOULDBLOCK are one number on Linux.
      case EAGAIN: return .wouldBlock
      default: return .failed(errno)
      }
    }
  }
}

/// The C library's call, whose name is taken inside the type.
private func sending(_ descriptor: Int32, _ start: UnsafeRawPointer?, _ count: Int, _ flags: Int32) -> Int {
  send(descriptor, start, count, flags)
}
