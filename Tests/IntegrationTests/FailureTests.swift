import Foundation
import TestKit
import Testing

/// What goes wrong on a user's machine: one clear line, the right exit code, nothing half-written.
@Suite("Failures", .timeLimit(.minutes(5)))
struct FailureTests {
  private let quiet = ["--bind", "127.0.0.1", "--port", "0", "--no-lsd", "--quiet"]

  @Test("a port in use is a network error")
  func portInUse() async throws {
    let content = try await SampleContent(pieceLength: 16 << 10, announce: nil)
    let seed = [
      "seed", content.torrents[0], "--content", content.source, "--bind", "127.0.0.1", "--no-lsd", "--quiet",
    ]
    let first = try Torrentctl.start(
      "first", seed + ["--port", "0", "--events"], folder: content.scratch.path)
    let port = try await first.listeningPort()
    let second = try await Torrentctl.run(seed + ["--port", "\(port)"], folder: content.scratch.path)
    #expect(second.code == 5)
    expectOneLine(second.errors, naming: "\(port)")
    first.end()
  }

  @Test("no peers for as long as --timeout says is a network error")
  func noPeers() async throws {
    let content = try await SampleContent(pieceLength: 16 << 10, announce: nil)
    let copy = try content.scratch.folder("copy")
    let start = ContinuousClock.now
    let (code, _, errors) = try await Torrentctl.run(
      ["download", content.torrents[2], "-o", copy, "--timeout", "2s"] + quiet, folder: content.scratch.path)
    #expect(code == 5)
    #expect(ContinuousClock.now - start >= .seconds(2))
    expectOneLine(errors)
    #expect(!SampleContent.files(below: copy).contains(content.names[2]))
  }

  /// The disk is a tmpfs of 1 MiB, mounted in a mount namespace that ends with the command.
  @Test("a full disk is a disk error, and no file that is not whole has its final name", .needsNamespaces)
  func diskFull() async throws {
    let content = try await SampleContent(pieceLength: 4 << 20, announce: nil)
    let seeder = try await Peer.torrentctl.seed(content, on: .loopback)
    let copy = try content.scratch.folder("copy")
    let listing = "\(content.scratch.path)/listing"
    let script = """
      mount -t tmpfs -o size=1m tmpfs "$1" || exit 99
      copy=$1; listing=$2; shift 2
      "$@"; code=$?
      find "$copy" -type f >"$listing"
      exit $code
      """
    let child = try ProcessChild(
      "full",
      ["unshare", "--mount", "sh", "-c", script, "sh", copy, listing, Torrentctl.path]
        + [
          "download", content.torrents[3], "-o", copy, "--timeout", "20s", "--peer",
          "127.0.0.1:\(seeder.port)",
        ]
        + quiet, folder: content.scratch.path)
    #expect(try await child.exit(within: .seconds(40)) == 4, "\(child.report())")
    expectOneLine(child.errors, naming: "disk full")
    #expect(!TestFile.text(listing).split(separator: "\n").contains { $0.hasSuffix("/" + content.names[3]) })
    seeder.process.end()
  }

  @Test("a file that is no torrent is malformed input", arguments: ["show", "verify", "seed", "download"])
  func notATorrent(command: String) async throws {
    let scratch = try ScratchFolder("bad")
    try TestFile.write(Array("just some text\n".utf8), to: "\(scratch.path)/text.torrent")
    let (code, output, errors) = try await Torrentctl.run([command, "text.torrent"], folder: scratch.path)
    #expect(code == 3)
    #expect(output == "")
    expectOneLine(errors, naming: "text.torrent")
  }

  @Test("a torrent that isn't there is a file error", arguments: ["show", "verify", "seed", "download"])
  func missingTorrent(command: String) async throws {
    let scratch = try ScratchFolder("missing")
    let (code, output, errors) = try await Torrentctl.run([command, "none.torrent"], folder: scratch.path)
    #expect(code == 4)
    #expect(output == "")
    expectOneLine(errors, naming: "none.torrent")
  }

  @Test("content that doesn't match is answered with no, and stays as it is", arguments: ["verify", "seed"])
  func contentDiffers(command: String) async throws {
    let content = try await SampleContent(pieceLength: 16 << 10, announce: nil)
    let path = "\(content.source)/\(content.names[2])"
    var bytes = try #require(TestFile.bytes(path))
    bytes[5000] ^= 1
    try TestFile.write(bytes, to: path)
    let options = command == "seed" ? quiet : []
    let (code, _, errors) = try await Torrentctl.run(
      [command, content.torrents[2], "--content", content.source] + options, folder: content.scratch.path)
    #expect(code == 1, "\(errors)")
    #expect(TestFile.bytes(path) == bytes)
  }

  /// One line on stderr in the form of every error: `torrentctl: error: WHAT: WHY`.
  private func expectOneLine(_ errors: String, naming what: String = "") {
    let lines = errors.split(separator: "\n").filter { !$0.hasPrefix("torrentctl: warning:") }
    #expect(lines.count == 1, "\(errors)")
    #expect(lines.first?.hasPrefix("torrentctl: error: ") == true, "\(errors)")
    #expect(what.isEmpty || errors.contains(what), "\(errors)")
  }
}
