import Testing

@testable import Metainfo

@Suite("the choice of how digests are computed")
struct DigestBackendTests {
  @Test("Swift is always there")
  func always() {
    #expect(DigestBackend.available.contains(.swift))
    #expect(SHA1.functions(of: [.swift]).width == 1)
    #expect(SHA256.functions(of: [.swift]).width == 1)
  }

  @Test("the environment forces what is there, and nothing else", arguments: DigestBackend.allCases)
  func forcing(backend: DigestBackend) {
    let isAvailable = DigestBackend.available.contains(backend)
    #expect(DigestBackend.backend(forcedBy: backend.rawValue) == (isAvailable ? backend : nil))
  }

  @Test("a name that means nothing forces nothing", arguments: [nil, "", "SHANI", "sha-ni", "auto"])
  func unknown(name: String?) {
    #expect(DigestBackend.backend(forcedBy: name) == nil)
  }

  @Test("what is slower than another way that is there isn't used")
  func fastest() {
    #expect(SHA1.fastest(of: [.swift]) == [.swift])
    #expect(SHA1.fastest(of: [.swift, .avx2]) == [.swift, .avx2])
    #expect(SHA1.fastest(of: [.swift, .shaNI, .avx2]) == [.swift, .shaNI])
    #expect(SHA1.fastest(of: [.swift, .avx2, .avx512]) == [.swift, .avx512])
    #expect(SHA1.fastest(of: [.swift, .shaNI, .avx2, .avx512]) == [.swift, .shaNI, .avx512])
    #expect(SHA256.fastest(of: [.swift, .avx2]) == [.swift, .avx2])
    #expect(SHA256.fastest(of: [.swift, .avx2, .avx512]) == [.swift, .avx512])
    #expect(SHA256.fastest(of: [.swift, .shaNI, .avx2, .avx512]) == [.swift, .shaNI])
  }

  @Test("the narrowest function that takes all messages, or else the widest")
  func widths() {
    let swift = SHA1.functions(of: [.swift]).single.body
    let functions = BlockFunctions(swift, [2, 4].map { BlockFunction(width: $0, body: swift) })
    #expect(functions.width == 4)
    #expect((0...10).map { functions.function(for: $0).width } == [1, 1, 2, 4, 4, 4, 4, 4, 4, 4, 4])
  }
}
