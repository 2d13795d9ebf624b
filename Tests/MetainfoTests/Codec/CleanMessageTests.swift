import Bencode
import Testing

@testable import Metainfo

@Suite struct CleanMessageTests {
  @Test("M08 errors and warnings about hostile names are one clean line")
  func messages() throws {
    var info = Sample.files([["a\u{1B}b"], ["a\u{1B}b"], ["x/\n"]])
    info["name"] = .string([0x1B, 0xFF])
    let torrent = try Torrent(decoding: Sample.bytes(info))
    #expect(torrent.warnings.count == 3)
    for line in torrent.warnings.map(\.description) {
      #expect(!line.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7F }, "\(line)")
    }
  }
}
