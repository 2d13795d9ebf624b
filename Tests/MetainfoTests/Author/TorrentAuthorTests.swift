import Foundation
import Metainfo
import TestKit
import Testing

@Suite("Making torrents")
struct TorrentAuthorTests {
  static let hasLibtorrent = output(of: ["python3", "-c", "import libtorrent"]) != nil
  static let hasMktorrent = output(of: ["sh", "-c", "command -v mktorrent"]) != nil

  static func options(threads: Int? = nil) -> AuthorOptions {
    var options = AuthorOptions()
    options.pieceLength = ContentCase.pieceLength
    options.threads = threads
    return options
  }

  @Test(
    "M17 any number of threads gives the digests of the pieces, and verify agrees", arguments: ContentCase.all
  )
  func threads(content: ContentCase) throws {
    let folder = try ContentFolder()
    let path = try content.write(to: folder)
    let made = try TorrentAuthor(content: path, options: Self.options(threads: 1)).create()
    let info = made.torrent.info
    #expect(info.isSingleFile == content.isSingleFile)
    #expect(info.files.reduce(0) { $0 + $1.length } == content.files.reduce(0) { $0 + $1.size })

    var whole: [UInt8] = []
    for file in info.files {
      whole += try folder.read(content.isSingleFile ? file.path.description : "content/\(file.path)")
    }
    let expected = stride(from: 0, to: whole.count, by: ContentCase.pieceLength).flatMap { start in
      InfoHash(SHA1.digest(of: whole[start..<min(start + ContentCase.pieceLength, whole.count)])).array
    }
    #expect(info.pieceHashes == expected)

    for threads in [2, 3, 4, 5, 6, 7, 8, 32] {
      let again = try TorrentAuthor(content: path, options: Self.options(threads: threads)).create()
      #expect(again.bytes == made.bytes, "\(threads) threads")
    }
    let location = ContentLocation.find(info, content: path, torrentFile: nil)
    #expect(location.path == path)
    for threads in [1, 2, 8] {
      let report = ContentVerifier(info, at: location, threads: threads).verify()
      #expect(report.isOK)
      #expect(report.pieces.good == info.geometry.pieceCount && report.pieces.total == report.pieces.good)
    }
  }

  @Test("what is made reads back as what was meant")
  func roundTrip() throws {
    let folder = try ContentFolder()
    try folder.write("data/a", [1, 2, 3])
    var options = AuthorOptions()
    options.name = "other"
    options.announce = AnnounceTiers([["http://a/announce", "http://b/announce"], ["udp://c:1"]])
    options.isPrivate = true
    options.source = "S"
    options.comment = "say \"hi\""
    options.createdBy = "torrentctl/0"
    options.creationDate = 1_700_000_000
    let made = try TorrentAuthor(content: folder["data"], options: options).create()
    let read = try Torrent(decoding: made.bytes)
    #expect(read.infoHash == made.torrent.infoHash)
    #expect(read.info.name.name == "other")
    #expect(read.announce == options.announce)
    #expect(read.info.isPrivate && read.info.source == "S")
    #expect(read.comment == options.comment && read.createdBy == options.createdBy)
    #expect(read.creationDate == options.creationDate)
    #expect(read.warnings.isEmpty && read.extraKeys.isEmpty)
  }

  @Test("files come in the order of their components' bytes; hidden ones and junk are left out")
  func order() throws {
    let folder = try ContentFolder()
    let names = ["B", "a/b", "a.txt", "a/B", "a b", "é", "z", "e\u{301}"]
    for name in names + [".hidden", ".git/config", "Thumbs.db", "a/desktop.ini"] {
      try folder.write("data/" + name, [1])
    }
    var options = AuthorOptions()
    let author = try TorrentAuthor(content: folder["data"], options: options)
    #expect(
      author.layout.files.map(\.path.description) == [
        "B", "a/B", "a/b", "a b", "a.txt", "e\u{301}", "z", "é",
      ])
    #expect(
      author.skipped.map(\.path)
        == [".git", ".hidden", "Thumbs.db", "a/desktop.ini"].map { folder["data/" + $0] })
    options.filter.includesHidden = true
    #expect(
      try TorrentAuthor(content: folder["data/"], options: options).layout.files.count == names.count + 4)
  }

  @Test("progress rises by one piece at a time to the whole")
  func progress() throws {
    let folder = try ContentFolder()
    let path = try folder.write("a", pattern(10 * ContentCase.pieceLength + 5, seed: 1))
    let seen = Counter()
    _ = try TorrentAuthor(content: path, options: Self.options(threads: 4)).create { seen.append($0.done) }
    #expect(seen.values.count == 11)
    #expect(seen.values == seen.values.sorted() && seen.values.last == 10 * ContentCase.pieceLength + 5)
  }

  @Test("M17 libtorrent has the same info-hash", .enabled(if: hasLibtorrent), arguments: ContentCase.all)
  func libtorrent(content: ContentCase) throws {
    let folder = try ContentFolder()
    let path = try content.write(to: folder)
    let made = try TorrentAuthor(content: path, options: Self.options()).create()
    let script = """
      import libtorrent as lt, os, sys
      root, name = os.path.split(sys.argv[1])
      paths = [name]
      if os.path.isdir(sys.argv[1]):
        # In the order of the bytes of the components.
        found = [os.path.relpath(os.path.join(d, f), root) for d, _, files in os.walk(sys.argv[1]) for f in files]
        paths = sorted(found, key=lambda p: [c.encode() for c in p.split('/')])
      storage = lt.file_storage()
      for p in paths: storage.add_file(p, os.path.getsize(os.path.join(root, p)))
      torrent = lt.create_torrent(storage, \(ContentCase.pieceLength), lt.create_torrent.v1_only)
      lt.set_piece_hashes(torrent, root)
      print(lt.torrent_info(torrent.generate()).info_hashes().v1)
      """
    let theirs = try #require(output(of: ["python3", "-c", script, path]))
    #expect(theirs.trimmingCharacters(in: .whitespacesAndNewlines) == made.torrent.infoHash.description)
  }

  @Test("M17 mktorrent has the same info-hash", .enabled(if: hasMktorrent))
  func mktorrent() throws {
    let folder = try ContentFolder()
    for (index, size) in [40_000, 32_768, 1, 0, 100_000].enumerated() {
      try folder.write("data/\(index)", pattern(size, seed: 7))
    }
    var options = AuthorOptions()
    options.pieceLength = 32768
    let made = try TorrentAuthor(content: folder["data"], options: options).create()
    try #require(output(of: ["mktorrent", "-l", "15", "-o", folder["m.torrent"], folder["data"]]) != nil)
    #expect(try Torrent(decoding: folder.read("m.torrent")).infoHash == made.torrent.infoHash)
  }
}
