#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// What the kernel counts for the calling thread.
package enum ThreadUsage {
  /// How much the thread has made a disk itself read up to now, in units of the kernel's; what comes out of the
  /// system's cache doesn't count.
  package static var blocksRead: Int {
    #if canImport(Darwin)
      return 0
    #else
      // RUSAGE_THREAD, which Glibc's module lacks.
      let thisThread: Int32 = 1
      var usage = rusage()
      return getrusage(thisThread, &usage) == 0 ? usage.ru_inblock : 0
    #endif
  }
}
