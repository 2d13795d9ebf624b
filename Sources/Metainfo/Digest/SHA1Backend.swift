import CDigest
import Glibc

/// Which block function does the work.
enum SHA1Backend: Sendable {
  case swift
  case shaNI

  /// The fastest one that this processor has, unless `TORRENTCTL_SHA1` is `swift` or `shani`, which forces one;
  /// `shani` on a processor without it changes nothing. Decided once, at the first digest.
  static let current: SHA1Backend = {
    let forced = getenv("TORRENTCTL_SHA1").map { String(cString: $0) }
    return forced != "swift" && isAvailable(.shaNI) ? .shaNI : .swift
  }()

  static func isAvailable(_ backend: SHA1Backend) -> Bool {
    switch backend {
    case .swift: true
    case .shaNI: cdigest_has_shani() != 0
    }
  }

  /// Mixes `count` blocks of 64 bytes at `bytes` into the state.
  @inline(__always)
  func mix(_ bytes: UnsafeRawPointer, blocks count: Int, into state: inout SHA1.State) {
    switch self {
    case .swift: SHA1Rounds.mix(bytes, blocks: count, into: &state)
    case .shaNI: withWords(of: &state) { cdigest_sha1_shani($0, bytes, count) }
    }
  }

  /// The same for two messages side by side.
  @inline(__always)
  func mix(
    _ first: UnsafeRawPointer, _ second: UnsafeRawPointer, blocks count: Int,
    into one: inout SHA1.State, _ two: inout SHA1.State
  ) {
    switch self {
    case .swift:
      SHA1Rounds.mix(first, blocks: count, into: &one)
      SHA1Rounds.mix(second, blocks: count, into: &two)
    case .shaNI:
      withWords(of: &one) { one in
        withWords(of: &two) { two in cdigest_sha1_shani_x2(one, first, two, second, count) }
      }
    }
  }

  /// The state as five words in memory, which is how the C functions take it.
  @inline(__always)
  private func withWords(of state: inout SHA1.State, _ body: (UnsafeMutablePointer<UInt32>) -> Void) {
    withUnsafeMutableBytes(of: &state) { raw in
      if let base = raw.baseAddress { body(base.assumingMemoryBound(to: UInt32.self)) }
    }
  }
}
