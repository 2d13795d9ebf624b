import TestKit
import Testing

/// The environment's choice of how digests are computed.
@Suite("TORRENTCTL_DIGEST")
struct DigestSwitchTests {
  @Test(
    "every way of computing digests finds other programs' digests right",
    arguments: ["swift", "shani", "avx2", "avx512", "arm64", "unknown", ""])
  func verifying(way: String) async throws {
    let scratch = try ScratchFolder("digest")
    let data = ReferenceClient.packageFolder + "/data"
    for fixture in ["libtorrent-multi", "libtorrent-hybrid", "libtorrent-v2-pieces"] {
      let torrent = ReferenceClient.packageFolder + "/Fixtures/\(fixture).torrent"
      let verify = try Torrentctl.start(
        "verify-\(fixture)", ["verify", torrent, "--content", data], folder: scratch.path,
        environment: ["TORRENTCTL_DIGEST": way])
      #expect(try await verify.exit(within: .seconds(30)) == 0, "\(verify.report())")
    }
  }
}
