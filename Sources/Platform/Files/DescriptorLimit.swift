#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// How many files and sockets the process may have open.
package enum DescriptorLimit {
  /// The limit that counts at this moment.
  package static var current: Int {
    var limit = rlimit()
    // What every system gives.
    guard getrlimit(kind, &limit) == 0 else { return 256 }
    return Int(clamping: limit.rlim_cur)
  }

  /// Raises the limit to the most that the system allows this process, and answers what counts then.
  @discardableResult
  package static func raise() -> Int {
    var limit = rlimit()
    if getrlimit(kind, &limit) == 0, limit.rlim_cur < limit.rlim_max {
      limit.rlim_cur = limit.rlim_max
      _ = setrlimit(kind, &limit)
    }
    return current
  }

  #if canImport(Glibc)
    private static let kind = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
  #else
    private static let kind = RLIMIT_NOFILE
  #endif
}
