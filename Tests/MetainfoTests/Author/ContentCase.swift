import TestKit
import Testing

/// Content of a shape that has tripped torrent tools.
struct ContentCase: Sendable, CustomTestStringConvertible {
  static let pieceLength = 16 * 1024

  let name: String
  /// Sizes by path; a single path without a folder is a file by itself.
  let files: [(path: String, size: Int)]
  var isSingleFile: Bool { files.count == 1 && !files[0].path.contains("/") }

  var testDescription: String { name }

  static let all: [ContentCase] = {
    let piece = pieceLength
    let sizes = [1, piece - 1, piece, piece + 1, 2 * piece, 5 * piece + 77]
    var cases = sizes.map { ContentCase(name: "a file of \($0)", files: [("content.bin", $0)]) }
    cases += sizes.map { ContentCase(name: "a folder with a file of \($0)", files: [("content/one", $0)]) }
    cases.append(
      ContentCase(
        name: "sizes around a piece",
        files: [
          ("content/0 empty", 0), ("content/a", piece), ("content/b/1", 1), ("content/b/2", piece - 1),
          ("content/b.txt", piece + 1), ("content/b0", 0), ("content/größe/日本.txt", 3 * piece),
          ("content/z", 1), ("content/zz", 0),
        ]))
    cases.append(
      ContentCase(
        name: "many small files",
        files: (0..<400).map { ("content/\($0 % 7)/\($0)", ($0 * 37) % 211) }))
    return cases
  }()

  /// Writes the content and gives its path.
  func write(to folder: ContentFolder) throws -> String {
    for (index, file) in files.enumerated() {
      try folder.write(file.path, pattern(file.size, seed: UInt64(index)))
    }
    return folder[isSingleFile ? files[0].path : "content"]
  }
}
