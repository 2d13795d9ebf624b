import Bencode
import Foundation
import Metainfo

/// Torrents to take apart, built from what each test changes.
enum Sample {
  /// An info dictionary of one file of 100,000 bytes in 6 full pieces and 1 short one.
  static let single: [String: BencodeValue] = [
    "name": "file.bin", "length": 100_000, "piece length": 16384, "pieces": hashes(7),
  ]

  /// The info dictionary of files with these paths, of one byte each, in one piece.
  static func files(_ paths: [[String]]) -> [String: BencodeValue] {
    [
      "name": "folder", "piece length": 16384, "pieces": hashes(1),
      "files": .list(paths.map { ["length": 1, "path": .list($0.map(BencodeValue.text))] }),
    ]
  }

  static func hashes(_ count: Int) -> BencodeValue {
    .string((0..<count * 20).map { UInt8(truncatingIfNeeded: $0) })
  }

  static func value(_ entries: [String: BencodeValue]) -> BencodeValue {
    .dictionary(Dictionary(uniqueKeysWithValues: entries.map { (Array($0.utf8), $1) }))
  }

  /// The bytes of a torrent with this info dictionary and further fields.
  static func bytes(_ info: [String: BencodeValue], _ fields: [String: BencodeValue] = [:]) -> [UInt8] {
    value(fields.merging(["info": value(info)]) { $1 }).encoded()
  }

  /// A torrent made by another program; see `Fixtures/README.md`.
  static func fixture(_ name: String) throws -> [UInt8] {
    try Array(Data(contentsOf: fixtures.appending(path: name)))
  }

  static let fixtures = URL(filePath: #filePath).deletingLastPathComponent().appending(
    path: "../../../Fixtures"
  ).standardized
}

extension Torrent {
  var paths: [[String]] { info.files.map(\.path.components) }
}
