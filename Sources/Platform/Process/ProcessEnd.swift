#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The end of the process.
package enum ProcessEnd {
  package static func exit(_ code: Int32) -> Never { exiting(code) }
}

private func exiting(_ code: Int32) -> Never { exit(code) }
