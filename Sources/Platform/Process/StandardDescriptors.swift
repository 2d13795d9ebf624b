#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The three descriptors that a process is started with.
package enum StandardDescriptors {
  package static let input = STDIN_FILENO
  package static let output = STDOUT_FILENO
  package static let errors = STDERR_FILENO

  /// A program may be started with its standard descriptors closed. The next file it opens would then get such a
  /// number, and results would be written into somebody's data. Each one closed is taken by a descriptor that
  /// only fails.
  package static func keep() {
    for descriptor in input...errors where fcntl(descriptor, F_GETFD) == -1 {
      // The lowest free number is given out, which is this one.
      _ = open("/dev/null", descriptor == input ? O_WRONLY : O_RDONLY)
    }
  }
}
