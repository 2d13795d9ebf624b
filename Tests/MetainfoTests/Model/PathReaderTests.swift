import Bencode
import Metainfo
import Testing

@Suite struct PathReaderTests {
  private func check(_ files: FileList) {
    var reader = PathReader(files)
    var previous: [String] = []
    for file in files.indices {
      reader.read(file)
      let path = files[file].path.components
      #expect(files.length(of: file) == files[file].length)
      #expect(files.isPadding(file) == files[file].isPadding)
      #expect((0..<reader.components.count).map { reader.component($0) } == path)
      let shared = zip(path.dropLast(), previous.dropLast()).prefix { $0.utf8.elementsEqual($1.utf8) }.count
      #expect(reader.sharedFolders == shared)
      previous = path
    }
  }

  @Test("paths are read as they are, with the folders they share with the one before")
  func reading() throws {
    let paths = [
      ["a"], ["b", "c"], ["b", "d"], ["b", "d", "e"], ["x", "d", "e"], ["x", "d", "f"], ["é", "1"],
      ["e\u{301}", "1"], ["\u{1F30A}"],
    ]
    check(try Torrent(decoding: Sample.bytes(Sample.files(paths))).info.files)
    check(
      FileList(
        try paths.enumerated().map {
          FileEntry(path: try #require(TorrentPath($1)), length: 1, offset: $0)
        }))
  }

  @Test("paths that had to be changed are read as they were changed to")
  func changed() throws {
    let torrent = try Torrent(
      decoding: Sample.bytes(
        Sample.files([["a", "b"], ["a", ".", "c"], ["a", "b"], ["a", "d/e"], ["a", "f"]])))
    #expect(torrent.paths == [["a", "b"], ["a", "c"], ["a", "b (2)"], ["a", "d_e"], ["a", "f"]])
    check(torrent.info.files)
  }

  @Test("every fixture's paths")
  func fixtures() throws {
    for name in FixtureTests.hashes.map(\.name) {
      check(try Torrent(decoding: Sample.fixture(name)).info.files)
    }
  }
}
