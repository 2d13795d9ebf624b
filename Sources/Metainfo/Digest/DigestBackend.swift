import CDigest
import Platform

/// A way to compute digests: the instructions of the processor that do the work.
///
/// All give the same digests; which are there, is asked of the processor. The environment variable
/// `TORRENTCTL_DIGEST` with one of the raw values as its value forces a way; another value, or a way that the processor
/// doesn't have, changes nothing.
enum DigestBackend: String, Sendable, CaseIterable {
  /// No special instructions.
  case swift
  /// The SHA extensions of x86-64.
  case shaNI = "shani"
  /// Eight messages in the vector registers of x86-64.
  case avx2
  /// The same with AVX-512's rotations.
  case avx512
  /// The cryptographic extensions of 64-bit ARM.
  case arm64

  /// What the environment forces; read once.
  static let forced = backend(forcedBy: Environment.value(of: "TORRENTCTL_DIGEST"))

  static func backend(forcedBy name: String?) -> DigestBackend? {
    name.flatMap(DigestBackend.init).flatMap { available.contains($0) ? $0 : nil }
  }

  /// What this processor has; asked once.
  static let available: [DigestBackend] = allCases.filter { backend in
    switch backend {
    case .swift: return true
    #if arch(x86_64)
      case .shaNI: return cdigest_has_shani() != 0
      case .avx2: return cdigest_has_avx2() != 0
      case .avx512: return cdigest_has_avx512() != 0
    #elseif arch(arm64)
      case .arm64: return cdigest_has_arm64() != 0
    #endif
    default: return false
    }
  }
}
