import CDigest

extension SHA1 {
  /// What the environment forces, or the fastest functions that this processor has; decided at the first digest.
  static let functions = functions(
    of: DigestBackend.forced.map { [$0] } ?? fastest(of: DigestBackend.available))

  /// The ways worth using together where all of `available` are there.
  ///
  /// Measured on an AMD EPYC with all of them, GB/s of one core: SHA extensions with one message 2.0, two 3.4,
  /// four 4.8; eight messages with AVX2 4.3, with AVX-512 6.6. Swift 0.8.
  static func fastest(of available: [DigestBackend]) -> [DigestBackend] {
    available.filter { backend in
      switch backend {
      case .avx2: !available.contains(.shaNI) && !available.contains(.avx512)
      default: true
      }
    }
  }

  /// The functions that these ways have, and Swift's for what none of them has one for.
  static func functions(of backends: [DigestBackend]) -> BlockFunctions {
    var single: BlockFunction.Body = { states, messages, count in
      guard let states, let message = messages?.pointee else { return }
      states.withMemoryRebound(to: State.self, capacity: 1) {
        SHA1Rounds.mix(message, blocks: count, into: &$0.pointee)
      }
    }
    var wider: [BlockFunction] = []
    for backend in backends {
      switch backend {
      #if arch(x86_64)
        case .shaNI:
          single = cdigest_sha1_shani
          wider.append(BlockFunction(width: 2, body: cdigest_sha1_shani_x2))
          wider.append(BlockFunction(width: 4, body: cdigest_sha1_shani_x4))
        case .avx2: wider.append(BlockFunction(width: 8, body: cdigest_sha1_avx2_x8))
        case .avx512: wider.append(BlockFunction(width: 8, body: cdigest_sha1_avx512_x8))
      #elseif arch(arm64)
        case .arm64:
          single = cdigest_sha1_arm64
          wider.append(BlockFunction(width: 2, body: cdigest_sha1_arm64_x2))
      #endif
      default: break
      }
    }
    return BlockFunctions(single, wider)
  }
}
