import Foundation
import TestKit
import Testing

/// Torrents that other programs made, read by the command, and the reverse.
@Suite("Torrents by other hands", .timeLimit(.minutes(5)))
struct OtherHandsTests {
  private static let root = ReferenceClient.packageFolder

  /// `Fixtures/hashes.txt`: the info-hash that the other program reports, and the file.
  private static let fixtures: [[String]] = TestFile.text(root + "/Fixtures/hashes.txt")
    .split(separator: "\n").map { $0.split(separator: " ").map(String.init) }

  @Test("M02 show reports the other program's info-hash, and the sample tree verifies", arguments: fixtures)
  func readAndVerify(fixture: [String]) async throws {
    let scratch = try ScratchFolder("hands")
    let torrent = "\(Self.root)/Fixtures/\(fixture[1])"
    let show = try await Torrentctl.run(["show", torrent, "--json"], folder: scratch.path)
    #expect(show.code == 0, "\(show.errors)")
    let shown = try JSONDecoder().decode(Shown.self, from: Data(show.output.utf8))
    #expect((fixture[0].count == 40 ? shown.infoHash.v1 : shown.infoHash.v2) == fixture[0])

    let homes = ["whole.png": "/data/pictures/mandelbrot/whole.png", "潮.txt": "/data/日本語/潮.txt"]
    let content = Self.root + (homes[shown.name] ?? "/data")
    let verify = try await Torrentctl.run(["verify", torrent, "--content", content], folder: scratch.path)
    #expect(verify.code == 0, "\(verify.output)\(verify.errors)")
  }

  @Test("libtorrent reads what create makes, and agrees on the info-hash", .needs(.libtorrent))
  func libtorrentReads() async throws {
    let scratch = try ScratchFolder("hands")
    let torrent = "\(scratch.path)/data.torrent"
    let create = try await Torrentctl.run(
      ["create", Self.root + "/data", "-o", torrent, "--json"], folder: scratch.path)
    #expect(create.code == 0, "\(create.errors)")
    let ours = try JSONDecoder().decode(Shown.self, from: Data(create.output.utf8))
    let code = "import libtorrent, sys; print(libtorrent.torrent_info(sys.argv[1]).info_hashes().v1)"
    let python = try #require(ReferenceClient.python)
    let theirs = try ProcessChild("libtorrent", [python, "-c", code, torrent], folder: scratch.path)
    #expect(try await theirs.exit(within: .seconds(20)) == 0, "\(theirs.report())")
    #expect(theirs.output == (ours.infoHash.v1 ?? "") + "\n")
  }

  /// What these tests ask of the JSON of `show` and `create`.
  private struct Shown: Decodable {
    struct Hashes: Decodable { var v1, v2: String? }
    var name: String
    var infoHash: Hashes
  }
}
