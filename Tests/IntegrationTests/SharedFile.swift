import TestKit
import Testing

/// A file with its torrent, that programs of ours seed and fetch.
struct SharedFile {
  let scratch: ScratchFolder
  let source: String
  let torrent: String
  let bytes: [UInt8]
  var content: String { "\(source)/film.bin" }

  static let options = ["--port", "0", "--no-lsd", "--events"]

  init(_ name: String, size: Int, pieceLength: Int = 16 << 10) async throws {
    scratch = try ScratchFolder(name)
    source = try scratch.folder("source")
    torrent = "\(scratch.path)/film.torrent"
    var seed = UInt64(size)
    bytes = SampleContent.bytes(size, seed: &seed)
    try TestFile.write(bytes, to: content)
    let (code, _, errors) = try await Torrentctl.run(
      ["create", content, "-o", torrent, "--piece-length", "\(pieceLength)"], folder: scratch.path)
    try #require(code == 0, "create: \(errors)")
  }

  func copy(_ name: String) -> [UInt8]? { TestFile.bytes("\(scratch.path)/\(name)/film.bin") }

  /// A seed that has checked the file, and where peers reach it.
  func seed(on host: Host, _ more: String...) async throws -> (ProcessChild, String) {
    let name = "seed-\(UInt32.random(in: 0 ... .max))"
    let child = try Torrentctl.start(
      name, ["seed", torrent, "--content", source, "--bind", host.address] + Self.options + more, host: host,
      folder: scratch.path)
    _ = try await child.event("verified")
    return (child, "\(host.address):\(try await child.listeningPort())")
  }

  func download(into name: String, from peer: String, on host: Host, _ more: String...) throws -> ProcessChild
  {
    try Torrentctl.start(
      "\(name)-\(UInt32.random(in: 0 ... .max))",
      ["download", torrent, "-o", try scratch.folder(name), "--peer", peer, "--bind", host.address]
        + Self.options + more, host: host, folder: scratch.path)
  }
}
