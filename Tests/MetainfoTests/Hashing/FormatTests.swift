import Foundation
import Metainfo
import TestKit
import Testing

@Suite("Torrents of every format")
struct FormatTests {
  @Test(
    "M17 what is created is read back, and its content found right", arguments: TorrentFormat.allCases,
    ContentCase.all)
  func roundTrip(format: TorrentFormat, content: ContentCase) throws {
    let folder = try ContentFolder()
    let path = try content.write(to: folder)
    var options = AuthorOptions()
    options.format = format
    options.pieceLength = ContentCase.pieceLength
    let author = try TorrentAuthor(content: path, options: options)
    let made = try author.create()
    #expect(made.torrent.info.format == format)
    #expect(author.torrentLength >= made.bytes.count)
    // The decoder computes the roots of files again, and refuses a hybrid whose parts disagree.
    let read = try Torrent(decoding: made.bytes)
    #expect(read.infoHashes == made.torrent.infoHashes)
    #expect(read.info.format == format && read.warnings.isEmpty)
    let place = ContentLocation.find(read.info, content: path, torrentFile: nil)
    #expect(ContentVerifier(read.info, at: place).verify().isOK)
  }

  /// libtorrent 2.1.1 made these of `data/`, or of a file in it.
  @Test(
    "M17 the info-hashes are those of libtorrent",
    arguments: ["single", "hybrid", "hybrid-single", "v2", "v2-pieces", "v2-single"])
  func libtorrent(name: String) throws {
    let theirs = try Torrent(decoding: Sample.fixture("libtorrent-\(name).torrent"))
    let data = Sample.fixtures.deletingLastPathComponent().appending(path: "data")
    let path = theirs.info.isSingleFile ? data.appending(path: "pictures/mandelbrot/whole.png") : data
    var options = AuthorOptions()
    options.format = theirs.info.format
    options.pieceLength = theirs.info.geometry.pieceLength
    let made = try TorrentAuthor(content: path.path, options: options).create()
    #expect(made.torrent.infoHashes == theirs.infoHashes)
  }

  @Test("M17 the number of threads changes nothing", arguments: TorrentFormat.allCases)
  func threads(format: TorrentFormat) throws {
    let folder = try ContentFolder()
    let content = try #require(ContentCase.all.first { $0.name == "sizes around a piece" })
    let path = try content.write(to: folder)
    let all = try (1...8).map { threads in
      var options = AuthorOptions()
      options.format = format
      options.pieceLength = ContentCase.pieceLength
      options.threads = threads
      return try TorrentAuthor(content: path, options: options).create().bytes
    }
    #expect(Set(all).count == 1)
  }

  @Test("the size of a torrent is known before it is made", arguments: TorrentFormat.allCases)
  func size(format: TorrentFormat) throws {
    let folder = try ContentFolder()
    for (number, length) in [0, 1, 300_000, 16_384, 16_385].enumerated() {
      try folder.write("data/\(number)", pattern(length, seed: UInt64(number)))
    }
    var options = AuthorOptions()
    options.format = format
    options.pieceLength = ContentCase.pieceLength
    let author = try TorrentAuthor(content: folder["data"], options: options)
    #expect(author.torrentLength == (try author.create().bytes.count))
  }

  @Test("version 2 has no other order than that of paths", arguments: [TorrentFormat.v2, .hybrid])
  func order(format: TorrentFormat) throws {
    let folder = try ContentFolder()
    try folder.write("data", [1])
    var options = AuthorOptions()
    options.format = format
    options.order = .size
    #expect(throws: AuthorError.self) { try TorrentAuthor(content: folder["data"], options: options) }
  }
}
