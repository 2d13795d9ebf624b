import Glibc

/// Owns one open file descriptor, and closes it when the owner goes away.
struct Descriptor: ~Copyable {
  /// For calls; borrowed, valid as long as the owner lives.
  let raw: Int32

  /// Takes over an open descriptor.
  init(owning raw: Int32) { self.raw = raw }

  deinit { _ = Glibc.close(raw) }

  /// Closes at once, and says what `close` answered: 0 or an error number. The descriptor is gone either way,
  /// and a call that a signal interrupted is not repeated: on Linux the number may already be someone else's.
  consuming func close() -> Int32 {
    let raw = self.raw
    discard self
    return Glibc.close(raw) == 0 ? 0 : errno
  }

  /// Gives up ownership: the caller closes it.
  consuming func release() -> Int32 {
    let raw = self.raw
    discard self
    return raw
  }
}
