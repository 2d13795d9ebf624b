import Foundation
import Metainfo
import TestKit
import Testing

/// What we edit and link to, as libtorrent reads it.
@Suite("Edits and magnet links beside libtorrent", .timeLimit(.minutes(5)))
struct EditAgreementTests {
  private struct Facts: Decodable {
    struct Hashes: Decodable, Equatable {
      var v1: String?
      var v2: String?
    }
    var hashes: Hashes
    var name: String
    var trackers: [String]
    var webSeeds: [String]
    var comment: String?
    var info: String?
    var magnet: String?
    var peers: [String]?
    var files: [Int]?
  }

  private static let fixtures: [String] = {
    let folder = ReferenceClient.packageFolder + "/Fixtures"
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.filter { $0.hasSuffix(".torrent") }.sorted()
  }()

  @Test(
    "M12 M19 libtorrent reads what was edited, and the same in our links as in its own", .needs(.libtorrent))
  func libtorrentAgrees() async throws {
    let scratch = try ScratchFolder("edit")
    let names = Self.fixtures
    #expect(names.count >= 10)
    for name in names {
      let bytes = TestFile.bytes("\(ReferenceClient.packageFolder)/Fixtures/\(name)")
      try TestFile.write(try #require(bytes), to: "\(scratch.path)/\(name)")
    }
    let before = try await facts(names, in: scratch)
    let edit = [
      "--add-tracker", "udp://new.example:6969", "--add-web-seed", "http://w.example/", "--comment", "édité",
    ]
    let edited = try await Torrentctl.run(
      ["edit"] + names + edit, folder: scratch.path, directory: scratch.path)
    #expect(edited.code == 0, "\(edited.errors)")
    let after = try await facts(names, in: scratch)
    let links = try await self.links(names, in: scratch)
    let linkedFacts = try await facts(links, in: scratch)
    try #require([before.count, after.count, linkedFacts.count].allSatisfy { $0 == names.count })
    for index in names.indices {
      let (name, old, new) = (names[index], before[index], after[index])
      let (text, linked) = (links[index], linkedFacts[index])
      #expect(new.hashes == old.hashes, "\(name)")
      #expect(new.info == old.info, "\(name)")
      #expect(new.trackers == (old.trackers + ["udp://new.example:6969"]).sorted(), "\(name)")
      #expect(new.webSeeds == (old.webSeeds + ["http://w.example/"]).sorted(), "\(name)")
      #expect(new.comment == "édité", "\(name)")
      #expect(linked.hashes == new.hashes, "\(name)")
      #expect(linked.name == new.name, "\(name)")
      #expect(linked.trackers == new.trackers, "\(name)")
      #expect(linked.peers == ["192.0.2.7 6881", "::1 1"], "\(name)")
      let own = try MagnetLink(parsing: text)
      #expect(linked.files == new.files, "\(name)")
      let theirs = try MagnetLink(parsing: try #require(new.magnet))
      #expect(theirs.infoHashes == own.infoHashes, "\(name)")
      #expect(theirs.name == own.name && theirs.trackers == own.trackers, "\(name)")
      #expect(theirs.warnings == [], "\(name)")
    }
  }

  /// Our link of each file, with two peers and all files by number.
  private func links(_ names: [String], in scratch: ScratchFolder) async throws -> [String] {
    var links: [String] = []
    for name in names {
      let link = try await Torrentctl.run(
        ["magnet", name, "--peer", "192.0.2.7:6881", "--peer", "[::1]:1", "--select", "*"],
        folder: scratch.path, directory: scratch.path)
      #expect(link.code == 0, "\(link.errors)")
      links.append(link.output.trimmingCharacters(in: .newlines))
    }
    return links
  }

  /// What libtorrent says of each file or link.
  private func facts(_ arguments: [String], in scratch: ScratchFolder) async throws -> [Facts] {
    let command = try ReferenceClient.driver("libtorrent_facts") + arguments
    let name = "facts-\(UInt32.random(in: 0 ... .max))"
    let child = try ProcessChild(name, command, folder: scratch.path, directory: scratch.path)
    let code = try await child.exit(within: .seconds(60))
    #expect(code == 0, "\(child.report())")
    return try child.output.split(separator: "\n").map {
      try JSONDecoder().decode(Facts.self, from: Data($0.utf8))
    }
  }
}
