import Text

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// What the process was started with.
package enum ProcessArguments {
  /// The words of the command line, the program's name first, as `SystemText` has them: the standard library puts U+FFFD
  /// in the place of what isn't UTF-8, and then no file of that name can be found.
  package static var all: [String] {
    (0..<Int(CommandLine.argc)).compactMap { number in
      CommandLine.unsafeArgv[number].map {
        SystemText.text(UnsafeRawBufferPointer(start: $0, count: strlen($0)))
      }
    }
  }
}
