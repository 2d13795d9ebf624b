#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The variables that the process was started with.
package enum Environment {
  package static func value(of name: String) -> String? { getenv(name).map { String(cString: $0) } }
}
