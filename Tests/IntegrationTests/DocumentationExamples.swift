import Bencode
import Metainfo
import Transfer

/// The examples with which the libraries' documentation begins. `DocumentationTests` compares them with the pages,
/// word by word, and runs those that need no peer.
enum DocumentationExamples {
  static func bencode() throws -> (name: String?, size: Int64?, bytes: [UInt8], again: [UInt8]) {
    // example: Bencode
    let bytes = Array("d4:name5:share4:sizei42ee".utf8)
    let document = try BencodeDocument(bytes)
    let name = document.root["name"]?.text
    let size = document.root["size"]?.integer

    let value: BencodeValue = ["name": "share", "size": 42]
    let again = value.encoded()
    // end
    return (name, size, bytes, again)
  }

  /// Run where the sample tree is: `data` is a path.
  static func metainfo() throws -> (torrent: Torrent, link: MagnetLink, report: VerifyReport) {
    // example: Metainfo
    var options = AuthorOptions()
    options.format = .hybrid
    options.announce = AnnounceTiers([["http://tracker.example/announce"]])
    let made = try TorrentAuthor(content: "data", options: options).create()

    let torrent = try Torrent(decoding: made.bytes)
    let link = MagnetLink(torrent)

    let location = ContentLocation.find(torrent.info, content: "data", torrentFile: nil)
    let report = ContentVerifier(torrent.info, at: location).verify()
    // end
    return (torrent, link, report)
  }

  static func transfer(_ torrent: Torrent) async throws {
    // example: Transfer
    let session = try Session(SessionConfiguration())
    let download = try await session.download(torrent, into: "dest")
    Task {
      for await case .progress(download.id, let progress) in session.events() {
        print(progress.done, "of", progress.total, "bytes from", progress.peers, "peers")
      }
    }
    try await download.completion()
    await session.stop()
    // end
  }
}
