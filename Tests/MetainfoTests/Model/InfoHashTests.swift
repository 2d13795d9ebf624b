import Metainfo
import Testing

@Suite struct InfoHashTests {
  private let long = Array(UInt8(0)..<32)

  @Test("the hash of version 2 has 32 bytes, 64 digits, and 20 bytes where there is no room for more")
  func versionTwo() throws {
    let hash = try #require(InfoHashV2(long))
    #expect(hash.array == long)
    #expect(hash.description == "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f")
    #expect(hash.truncated == InfoHash(long.prefix(20)))
    #expect(InfoHashV2(long.dropLast()) == nil)
    #expect(InfoHashV2(long + [0]) == nil)
  }

  @Test("swarms know a hybrid by its hash of version 1")
  func swarm() throws {
    let v1 = try #require(InfoHash([UInt8](repeating: 7, count: 20)))
    let v2 = try #require(InfoHashV2(long))
    #expect(InfoHashes(v1: v1, v2: v2)?.swarm == v1)
    #expect(InfoHashes(v1: nil, v2: v2)?.swarm == v2.truncated)
    #expect(InfoHashes(v1: v1, v2: nil) == InfoHashes(v1))
    #expect(InfoHashes(v1: nil, v2: nil) == nil)
  }
}
