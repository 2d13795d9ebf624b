#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Owns one open file descriptor, and closes it when the owner goes away.
package struct Descriptor: ~Copyable {
  /// For calls; borrowed, valid as long as the owner lives.
  package let raw: Int32

  /// Takes over an open descriptor.
  package init(owning raw: Int32) { self.raw = raw }

  deinit { _ = closing(raw) }

  /// Closes at once, and says what `close` answered: 0 or an error number. The descriptor is gone either way,
  /// and a call that a signal interrupted is not repeated: on Linux the number may already be someone else's.
  package consuming func close() -> Int32 {
    let raw = self.raw
    discard self
    return closing(raw)
  }

  /// Gives up ownership: the caller closes it.
  package consuming func release() -> Int32 {
    let raw = self.raw
    discard self
    return raw
  }
}

/// 0 or an error number.
private func closing(_ raw: Int32) -> Int32 { close(raw) == 0 ? 0 : errno }
