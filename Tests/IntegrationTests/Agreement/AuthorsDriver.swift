import Foundation
import Metainfo
import TestKit

/// Other programs that make torrents, driven by `Drivers/authors.py`.
enum AuthorsDriver {
  enum Program: String, Codable, Sendable {
    case libtorrent, torf, mktorrent, transmission
    /// libtorrent checks the content against an existing torrent.
    case check
  }

  enum Format: String, Codable, Sendable, CaseIterable {
    case v1, v2, hybrid
    /// Version 1 with pad files.
    case padded

    var torrentFormat: TorrentFormat {
      switch self {
      case .v1, .padded: .v1
      case .v2: .v2
      case .hybrid: .hybrid
      }
    }
  }

  struct Request: Encodable, Sendable {
    var program: Program
    /// Absolute paths.
    var content: String
    var output: String
    var format: Format
    var pieceLength: Int
    var isPrivate: Bool
    var source: String?
    var comment: String?
    var files: [String]

    init(
      _ program: Program, _ tree: RandomTree, at content: String, to output: String, _ format: Format = .v1,
      pieceLength: Int? = nil
    ) {
      self.program = program
      self.content = content
      self.output = output
      self.format = format
      self.pieceLength = pieceLength ?? tree.pieceLength
      isPrivate = tree.isPrivate
      source = tree.source
      comment = tree.comment
      files = tree.files.map { $0.path.joined(separator: "/") }.filter { !$0.isEmpty }
    }

    /// Absent and null are not the same to the driver.
    func encode(to encoder: any Encoder) throws {
      var fields = encoder.container(keyedBy: CodingKeys.self)
      try fields.encode(program, forKey: .program)
      try fields.encode(content, forKey: .content)
      try fields.encode(output, forKey: .output)
      try fields.encode(format, forKey: .format)
      try fields.encode(pieceLength, forKey: .pieceLength)
      try fields.encode(isPrivate, forKey: .isPrivate)
      try fields.encode(source, forKey: .source)
      try fields.encode(comment, forKey: .comment)
      try fields.encode(files, forKey: .files)
    }

    private enum CodingKeys: CodingKey {
      case program, content, output, format, pieceLength, isPrivate, source, comment, files
    }
  }

  struct Answer: Decodable, Sendable {
    /// In hexadecimal.
    var v1: String?
    var v2: String?
    /// How many there are and how many match; of `check` alone.
    var pieces: Int?
    var good: Int?
    var error: String?

    func agrees(with hashes: InfoHashes) -> Bool {
      error == nil && v1 == hashes.v1?.description && v2 == hashes.v2?.description
    }
  }

  /// Has everything done by one process, one after the other.
  static func answers(to requests: [Request], folder: String) async throws -> [Answer] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .withoutEscapingSlashes
    let lines = try requests.map { try encoder.encode($0) + [0x0A] }
    let name = "authors-\(UInt32.random(in: 0 ... .max))"
    let list = "\(folder)/\(name).jsonl"
    try TestFile.write(lines.flatMap { Array($0) }, to: list)
    let child = try ProcessChild(name, ReferenceClient.driver("authors") + [list], folder: folder)
    let code = try await child.exit(within: .seconds(120))
    let answers = child.output.split(separator: "\n").compactMap {
      try? JSONDecoder().decode(Answer.self, from: Data($0.utf8))
    }
    guard code == 0, answers.count == requests.count else { throw ProcessFailure(child.report()) }
    return answers
  }
}
