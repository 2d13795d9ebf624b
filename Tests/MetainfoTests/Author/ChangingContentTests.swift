import Foundation
import Glibc
import Metainfo
import TestKit
import Testing

@Suite("Content that changes while it is hashed")
struct ChangingContentTests {
  enum Change: CaseIterable, Sendable {
    case shrinks, grows, disappears, isRewritten, isReplaced

    func apply(to path: String) throws {
      switch self {
      case .shrinks: truncate(path, 1000)
      case .grows: truncate(path, 1_000_000)
      case .disappears: unlink(path)
      case .isRewritten: try Data(count: 163_840).write(to: URL(fileURLWithPath: path), options: [])
      case .isReplaced:
        try Data(count: 163_840).write(to: URL(fileURLWithPath: path + ".new"))
        rename(path + ".new", path)
      }
    }
  }

  /// The first is changed after it was read, the last before.
  @Test("M14 a file that changes is an error", arguments: Change.allCases, ["a", "c"])
  func changes(change: Change, file: String) throws {
    let folder = try ContentFolder()
    for name in ["a", "b", "c"] {
      let path = try folder.write("data/" + name, pattern(163_840, seed: 3))
      let past = Date(timeIntervalSinceNow: -60)
      try FileManager.default.setAttributes([.modificationDate: past], ofItemAtPath: path)
    }
    var options = AuthorOptions()
    options.pieceLength = ContentCase.pieceLength
    options.threads = 1
    let path = folder["data/" + file]
    let author = try TorrentAuthor(content: folder["data"], options: options)
    let failure = try #require(throws: AuthorError.self) {
      // 12 pieces are past the first file and before the last.
      try author.create { if $0.done == 12 * ContentCase.pieceLength { try? change.apply(to: path) } }
    }
    #expect(failure.kind == .changed)
    #expect(failure.description.hasPrefix("\(path): changed while reading: "))
  }
}
