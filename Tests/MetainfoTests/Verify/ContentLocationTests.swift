import Foundation
import Metainfo
import TestKit
import Testing

@Suite("Where content is looked for")
struct ContentLocationTests {
  let folder: ContentFolder
  let many: Info
  let single: Info

  init() throws {
    folder = try ContentFolder()
    try folder.write("place/data/a", [1])
    try folder.write("place/data/b", [2])
    try folder.write("place/file", [3])
    many = try TorrentAuthor(content: folder["place/data"], options: AuthorOptions()).create().torrent.info
    single = try TorrentAuthor(content: folder["place/file"], options: AuthorOptions()).create().torrent.info
  }

  private func find(_ info: Info, _ content: String?, torrent: String? = nil) -> String {
    ContentLocation.find(info, content: content.map { folder[$0] }, torrentFile: torrent.map { folder[$0] })
      .path
  }

  @Test("a given path is the content, or the folder around it")
  func given() {
    for path in ["place", "place/", "place/data", "place/data/"] {
      #expect(find(many, path).hasSuffix("/place/data") || find(many, path).hasSuffix("/place/data/"))
      #expect(ContentVerifier(many, at: .find(many, content: folder[path], torrentFile: nil)).verify().isOK)
    }
    #expect(find(single, "place") == folder["place/file"])
    #expect(find(single, "place/file") == folder["place/file"])
  }

  @Test("content under another name is found by its path, and has no parent to seed from")
  func renamed() throws {
    try folder.write("other/a", [1])
    try folder.write("other/b", [2])
    try folder.write("copy", [3])
    #expect(find(many, "other") == folder["other"])
    #expect(find(single, "copy") == folder["copy"])
    #expect(ContentLocation.find(many, content: folder["other"], torrentFile: nil).parent == nil)
    #expect(ContentLocation.find(many, content: folder["place"], torrentFile: nil).parent == folder["place"])
    #expect(
      ContentLocation.find(many, content: folder["place/data/"], torrentFile: nil).parent == folder["place"])
  }

  @Test("a folder of the same name inside is taken when the files are in there")
  func nested() throws {
    try folder.write("data/data/a", [1])
    try folder.write("data/data/b", [2])
    #expect(find(many, "data") == folder["data/data"])
  }

  @Test("without a path: beside the .torrent, or around it")
  func beside() {
    #expect(find(many, nil, torrent: "place/x.torrent") == folder["place/data"])
    #expect(find(single, nil, torrent: "place/x.torrent") == folder["place/file"])
    #expect(find(many, nil, torrent: "place/data/data.torrent").hasSuffix("/place/data"))
    #expect(find(many, nil, torrent: "elsewhere/x.torrent") == folder["elsewhere/data"])
  }

  @Test("without a path and nothing beside the .torrent: the current directory, or around it")
  func currentDirectory() throws {
    func find(_ info: Info, torrent: String?, current: String) -> String {
      ContentLocation.find(
        info, content: nil, torrentFile: torrent.map { folder[$0] }, currentDirectory: folder[current]
      ).path
    }
    try folder.makeFolder("elsewhere")
    for torrent in ["elsewhere/x.torrent", nil] {
      #expect(find(many, torrent: torrent, current: "place") == folder["place/data"])
      #expect(find(single, torrent: torrent, current: "place") == folder["place/file"])
      #expect(find(many, torrent: torrent, current: "place/data").hasSuffix("/place/data"))
    }
    // What lies beside the .torrent comes first; what lies nowhere is missing from beside it.
    try folder.write("elsewhere/file", [3])
    #expect(find(single, torrent: "elsewhere/x.torrent", current: "place") == folder["elsewhere/file"])
    #expect(find(many, torrent: "elsewhere/x.torrent", current: "elsewhere") == folder["elsewhere/data"])
  }
}
