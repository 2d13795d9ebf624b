import Glibc
import Platform
import TestKit
import Testing

@testable import Metainfo

@Suite("Content that is a stream")
struct StreamAuthorTests {
  /// Gives bytes in runs of odd lengths, as a pipe does, and may fail behind them.
  private final class Pipe: ContentStream {
    private let bytes: [UInt8]
    private let failure: Int32?
    private let state: Lock<(position: Int, random: SeededGenerator)>

    init(_ bytes: [UInt8], failure: Int32? = nil) {
      self.bytes = bytes
      self.failure = failure
      state = Lock((0, SeededGenerator(seed: UInt64(bytes.count))))
    }

    var position: Int { state.withLock { $0.position } }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(Errno) -> Int {
      let count = state.withLock { state in
        let limit = Int(state.random.next() % 70_000) + 1
        let count = min(buffer.count, bytes.count - state.position, limit)
        buffer.copyBytes(from: bytes[state.position..<state.position + count])
        state.position += count
        return count
      }
      if count == 0, let failure { throw Errno(failure) }
      return count
    }
  }

  private func options(_ format: TorrentFormat, _ pieceLength: Int?, threads: Int? = nil) -> AuthorOptions {
    var options = AuthorOptions()
    options.format = format
    options.pieceLength = pieceLength
    options.threads = threads
    return options
  }

  @Test(
    "M17 a stream makes the torrent that a file of the same bytes makes", arguments: TorrentFormat.allCases)
  func sameAsAFile(format: TorrentFormat) throws {
    let folder = try ContentFolder()
    let piece = 16_384
    for length in [
      1, piece - 1, piece, piece + 1, 3 * piece, 5 * piece + 77, 300 * piece + 5, 4 << 20, 9_000_001,
    ] {
      // Of a length that no piece is a multiple of, so that no two pieces are equal.
      let tile = pattern(min(length, 65_537), seed: UInt64(length))
      let bytes = Array(repeatElement(tile, count: length / tile.count + 1).joined().prefix(length))
      let path = try folder.write("name", bytes)
      for pieceLength in [piece, 1 << 20, 32 << 20] {
        let file = try TorrentAuthor(content: path, options: options(format, pieceLength)).create()
        for threads in [1, 3] {
          let author = try StreamAuthor(name: "name", options: options(format, pieceLength, threads: threads))
          let seen = Counter()
          let made = try author.create(Pipe(bytes)) { seen.append($0) }
          #expect(made.bytes == file.bytes, "\(length) bytes, pieces of \(pieceLength), \(threads) threads")
          #expect(seen.values == seen.values.sorted() && seen.values.last == length)
        }
      }
    }
  }

  @Test("without a piece length it is 1 MiB, whatever comes")
  func defaultPieceLength() throws {
    let author = try StreamAuthor(name: "n", options: options(.v1, nil))
    #expect(try author.create(Pipe([1])) { _ in }.torrent.info.geometry.pieceLength == 1 << 20)
  }

  @Test("M15 nothing, a failure on the way, and more than there may be are errors")
  func failures() throws {
    func refusal(_ bytes: Int, failure: Int32? = nil, limit: Int? = nil, pieceLength: Int = 16_384) throws
      -> String
    {
      let author = try StreamAuthor(
        name: "n", options: options(.hybrid, pieceLength, threads: 3), maximumPieceCount: limit)
      let pipe = Pipe([UInt8](repeating: 1, count: bytes), failure: failure)
      return try #require(throws: AuthorError.self) { try author.create(pipe) { _ in } }.description
    }
    #expect(try refusal(0) == "standard input: holds no byte; other clients refuse a torrent of nothing")
    for bytes in [0, 5, 100_000, 9 << 20] {
      for pieceLength in [16_384, 32 << 20] {
        #expect(
          try refusal(bytes, failure: EIO, pieceLength: pieceLength) == "standard input: Input/output error")
      }
    }
    #expect(try refusal(11 * 16_384, limit: 10).contains("more than 10 pieces of 16384 bytes"))
    #expect(try refusal(33 << 20, limit: 1, pieceLength: 32 << 20).contains("more than 1 pieces"))
    let author = try StreamAuthor(name: "n", options: options(.v1, 16_384), maximumPieceCount: 10)
    #expect(try author.create(Pipe([UInt8](repeating: 1, count: 163_840))) { _ in }.bytes.count > 200)
  }

  @Test("a stream that is refused for its length is not read to its end")
  func endless() throws {
    let author = try StreamAuthor(name: "n", options: options(.v1, 16_384), maximumPieceCount: 10)
    let pipe = Pipe([UInt8](repeating: 0, count: 64 << 20))
    #expect(throws: AuthorError.self) { try author.create(pipe) { _ in } }
    #expect(pipe.position <= 4 << 20)
  }

  @Test("a name that is none, a piece length that is none")
  func badOptions() {
    for name in ["", ".", "a/b"] {
      #expect(throws: AuthorError.self) { try StreamAuthor(name: name, options: options(.v1, nil)) }
    }
    #expect(throws: AuthorError.self) { try StreamAuthor(name: "n", options: options(.v1, 1 << 28)) }
  }
}
