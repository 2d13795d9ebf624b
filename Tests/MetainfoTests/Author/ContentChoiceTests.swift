import Foundation
import Glibc
import Metainfo
import TestKit
import Testing

@Suite("Which files go into a torrent, and in what order")
struct ContentChoiceTests {
  let folder: ContentFolder

  init() throws { folder = try ContentFolder() }

  private func author(_ change: (inout AuthorOptions) throws -> Void) throws -> TorrentAuthor {
    var options = AuthorOptions()
    options.pieceLength = ContentCase.pieceLength
    try change(&options)
    return try TorrentAuthor(content: folder["data"], options: options)
  }

  private func paths(_ author: TorrentAuthor) -> [String] {
    author.layout.files.map(\.path.description)
  }

  @Test("rules choose among the files, and a folder they close is not entered")
  func rules() async throws {
    for name in ["a.flac", "b.txt", "bonus/c.flac", "closed/d.flac", ".hidden.flac"] {
      try folder.write("data/" + name, [1])
    }
    chmod(folder["data/closed"], 0)
    defer { chmod(folder["data/closed"], 0o700) }
    var options = AuthorOptions()
    options.filter.rules = [
      .init(try Glob("*.flac"), takes: true), .init(try Glob("bonus/"), takes: false),
      .init(try Glob("/closed"), takes: false),
    ]
    let (path, copy) = (folder["data"], options)
    #expect(await refusalWithoutPrivileges { _ = try TorrentAuthor(content: path, options: copy) } == nil)
    let author = try TorrentAuthor(content: path, options: options)
    #expect(paths(author) == ["a.flac"])
    #expect(author.skipped.map(\.description) == ["\(folder["data/.hidden.flac"]): skipped: hidden"])
  }

  @Test("links are followed to files and folders, twice to the same if they say so, and read through")
  func links() throws {
    try folder.write("else/x", pattern(40_000, seed: 1))
    try folder.write("else/deep/y", pattern(20_000, seed: 2))
    try folder.write("data/own", [7])
    try folder.link("data/file", to: "../else/x")
    try folder.link("data/one", to: "../else")
    try folder.link("data/two", to: folder["else"])
    #expect(paths(try author { _ in }) == ["own"])
    let author = try author { $0.followsLinks = true }
    #expect(paths(author) == ["file", "one/deep/y", "one/x", "own", "two/deep/y", "two/x"])
    #expect(author.skipped.isEmpty)
    let made = try author.create()
    var whole = pattern(40_000, seed: 1) + pattern(20_000, seed: 2) + pattern(40_000, seed: 1) + [7]
    whole += pattern(20_000, seed: 2) + pattern(40_000, seed: 1)
    #expect(made.torrent.info.layout.totalLength == whole.count)
    for piece in made.torrent.info.geometry.pieces {
      let start = made.torrent.info.geometry.offset(of: piece)
      let digest = SHA1.digest(of: whole[start..<min(start + ContentCase.pieceLength, whole.count)])
      #expect(Array(made.torrent.info.hash(of: piece)) == InfoHash(digest).array)
    }
  }

  @Test("M14 what a link leads to must not change either")
  func changedBehindALink() throws {
    try folder.write("else/x", pattern(200_000, seed: 1))
    try folder.write("data/own", [7])
    try folder.link("data/file", to: "../else/x")
    let author = try author {
      $0.followsLinks = true
      $0.threads = 1
    }
    let target = folder["else/x"]
    #expect(throws: AuthorError.self) { try author.create { _ in truncate(target, 300_000) } }
  }

  @Test("M15 a link to the file that is to be written is no content")
  func linkToOutput() throws {
    try folder.write("old.torrent", [1])
    try folder.write("data/a", [1])
    try folder.link("data/b", to: "../old.torrent")
    var options = AuthorOptions()
    options.followsLinks = true
    let output = try AtomicFile(folder["old.torrent"], overwrites: true)
    let failure = try #require(throws: AuthorError.self) {
      try TorrentAuthor(content: folder["data"], options: options, output: output)
    }
    #expect(failure.reason == "would overwrite a file of the content")
  }

  @Test("by size: the largest first, and of one size by path")
  func bySize() throws {
    for (name, size) in [("a", 1), ("b/x", 5), ("b.txt", 5), ("c", 0), ("d/e", 9)] {
      try folder.write("data/" + name, [UInt8](repeating: 3, count: size))
    }
    let author = try author { $0.order = .size }
    #expect(paths(author) == ["d/e", "b/x", "b.txt", "a", "c"])
    let content = [UInt8](repeating: 3, count: 20)
    #expect(
      try author.create().torrent.info.pieceHashes == InfoHash(SHA1.digest(of: content)).array)
  }

  @Test(
    "pad files let every file start at a piece, and are what libtorrent makes", .enabled(if: hasLibtorrent))
  func padding() throws {
    let piece = ContentCase.pieceLength
    let sizes = [("a", 20_000), ("b", 0), ("c", piece), ("d/e", 5), ("f", 3 * piece + 1), ("g", 0)]
    for (index, file) in sizes.enumerated() {
      try folder.write("data/" + file.0, pattern(file.1, seed: UInt64(index)))
    }
    let author = try author { $0.isPadded = true }
    let made = try author.create()
    for file in made.torrent.info.files where !file.isPadding && file.length > 0 {
      #expect(file.offset % piece == 0)
    }
    #expect(made.torrent.info.contentLength == sizes.reduce(0) { $0 + $1.1 })
    #expect(
      made.torrent.info.files.filter(\.isPadding).map(\.path.description) == [
        ".pad/12768", ".pad/16379", ".pad/16383",
      ])
    let theirs = try #require(Self.libtorrent(folder["data"], "v1_only | lt.create_torrent.canonical_files"))
    #expect(theirs == made.torrent.infoHash.description)
    let report = ContentVerifier(
      made.torrent.info, at: .find(made.torrent.info, content: folder["data"], torrentFile: nil)
    ).verify()
    #expect(report.isOK)
    #expect(try Torrent(decoding: made.bytes).infoHash == made.torrent.infoHash)
  }

  @Test("the files of a new torrent are those that are read back", arguments: TorrentFormat.allCases)
  func readBack(format: TorrentFormat) throws {
    for (name, size) in [("a", 20_000), ("b", 0), ("c", 16_384), ("d", 5), ("e", 0), ("f", 0)] {
      try folder.write("data/" + name, pattern(size, seed: 1))
    }
    let made = try author { $0.format = format }.create()
    let read = try Torrent(decoding: made.bytes)
    #expect(Array(read.info.files) == Array(made.torrent.info.files))
    #expect(read.info.geometry == made.torrent.info.geometry)
    #expect(read.infoHashes == made.torrent.infoHashes)
  }

  @Test("a file by itself, in a folder or not, needs no pad file")
  func onlyFile() throws {
    try folder.write("data/a", [1, 2, 3])
    #expect(try author { $0.isPadded = true }.layout.files.count == 1)
  }

  @Test("the size of the .torrent is known to the byte before anything is read")
  func torrentLength() throws {
    for count in [1, 5, 60] {
      for number in 0..<count { try folder.write("data/\(number)", pattern(7_000, seed: 1)) }
      for isPadded in [false, true] {
        let author = try author {
          $0.isPadded = isPadded
          $0.announce = AnnounceTiers([["http://a/"], ["http://b/"]])
          $0.webSeeds = ["http://c/"]
          $0.nodes = [BootstrapNode(host: "d", port: 1)].compactMap { $0 }
          $0.creationDate = 5
          $0.source = "S"
        }
        #expect(try author.create().bytes.count == author.torrentLength)
      }
    }
  }

  static let hasLibtorrent = output(of: ["python3", "-c", "import libtorrent"]) != nil

  /// The info-hash of what libtorrent makes of a folder, with a flag of its own.
  static func libtorrent(_ path: String, _ flags: String) -> String? {
    let script = """
      import libtorrent as lt, os, sys
      root = os.path.dirname(sys.argv[1])
      found = [os.path.relpath(os.path.join(d, f), root) for d, _, files in os.walk(sys.argv[1]) for f in files]
      storage = lt.file_storage()
      for p in sorted(found, key=lambda p: [c.encode() for c in p.split('/')]):
        storage.add_file(p, os.path.getsize(os.path.join(root, p)))
      torrent = lt.create_torrent(storage, \(ContentCase.pieceLength), lt.create_torrent.\(flags))
      lt.set_piece_hashes(torrent, root)
      print(lt.torrent_info(torrent.generate()).info_hashes().v1)
      """
    return output(of: ["python3", "-c", script, path])?.trimmingCharacters(in: .whitespacesAndNewlines)
  }
}
