import Foundation
import TestKit
import Testing

/// Sessions of very many torrents, and torrents of very many files.
@Suite("Many torrents and many files", .timeLimit(.minutes(5)))
struct ManyTorrentsTests {
  private let options = ["--bind", "127.0.0.1", "--port", "0", "--no-lsd", "--events"]
  /// SHA-1 of the one letter `x`.
  private static let digest: [UInt8] = [
    0x11, 0xf6, 0xad, 0x8e, 0xc5, 0x2a, 0x29, 0x84, 0xab, 0xaa, 0xfd, 0x7c, 0x3b, 0x51, 0x65, 0x03, 0x78,
    0x5c, 0x20,
    0x72,
  ]

  @Test(
    "N07 a thousand torrents that are asked for one after the other take no more memory and descriptors than before"
  )
  func flat() async throws {
    let scratch = try ScratchFolder("thousand")
    let torrents = try (0..<1000).map { number in
      let name = "t\(number + 1000)"
      try TestFile.write(Array("x".utf8), to: "\(scratch.path)/\(name)")
      let info =
        Array("d4:infod6:lengthi1e4:name5:\(name)12:piece lengthi16384e6:pieces20:".utf8) + Self.digest
        + Array("ee".utf8)
      try TestFile.write(info, to: "\(scratch.path)/\(name).torrent")
      return "\(scratch.path)/\(name).torrent"
    }
    let seeder = try Torrentctl.start("seeder", ["seed"] + torrents + options, folder: scratch.path)
    let port = try await seeder.listeningPort()
    _ = try await eventually("all verified", within: .seconds(60), saying: { "" }) {
      seeder.events.count { $0.event == "verified" } == 1000 ? true : nil
    }
    func round() async throws {
      for part in 0..<5 {
        let copy = try scratch.folder("copy-\(UUID().uuidString)")
        for torrent in torrents[part * 3..<part * 3 + 3] {
          let (code, _, errors) = try await Torrentctl.run(
            [
              "download", torrent, "-o", copy, "--peer", "127.0.0.1:\(port)", "--no-lsd", "--bind",
              "127.0.0.1", "--port", "0",
            ],
            folder: scratch.path)
          #expect(code == 0, "\(errors)")
        }
      }
    }
    // What is made once, such as buffers, is there after the first round.
    try await round()
    let (memory, descriptors) = (try seeder.memory(), try seeder.descriptors())
    for _ in 0..<3 { try await round() }
    #expect(try seeder.memory() <= memory + (1 << 20))
    #expect(memory < 40 << 20)
    #expect(try seeder.descriptors() <= descriptors + 20)
    #expect(descriptors < 300)
    seeder.end()
  }

  @Test("F12 F16 One command fetches several torrents, the same one by two names once")
  func severalDownloads() async throws {
    let scratch = try ScratchFolder("several")
    var torrents: [String] = []
    for name in ["a", "b", "c"] {
      try TestFile.write([UInt8](repeating: name.utf8.first!, count: 300_000), to: "\(scratch.path)/\(name)")
      torrents.append("\(name).torrent")
      let (code, _, errors) = try await Torrentctl.run(["create", name, "-q"], folder: scratch.path)
      #expect(code == 0, "\(errors)")
    }
    let seeder = try Torrentctl.start("seeder", ["seed"] + torrents + options, folder: scratch.path)
    let port = try await seeder.listeningPort()
    let (code, output, errors) = try await Torrentctl.run(
      ["download"] + torrents + ["./a.torrent", "-o", "copy", "-p", "127.0.0.1:\(port)", "--no-lsd"]
        + ["--bind", "127.0.0.1", "--port", "0"], folder: scratch.path)
    #expect(code == 0, "\(errors)")
    #expect(errors.contains("./a.torrent: the same torrent as a.torrent"))
    let lines = output.split(separator: "\n")
    #expect(
      lines.count == 4 && lines[3].hasPrefix("3 of 3 torrents complete: 878.9 KiB fetched in "), "\(output)")
    seeder.end()
    let verified = try await Torrentctl.run(
      ["verify"] + torrents + ["--content", "copy"], folder: scratch.path)
    #expect(verified.0 == 0 && verified.1.hasSuffix("3 of 3 torrents ok, 878.9 KiB\n"), "\(verified)")
  }

  @Test("N08 200,000 files: at work within seconds, in bounded memory, and a signal is answered at once")
  func manyFiles() async throws {
    let scratch = try ScratchFolder("files")
    var bytes: [UInt8] = Array("d4:infod5:filesl".utf8)
    for number in 0..<200_000 {
      bytes += "d6:lengthi8e4:pathl3:\(100 + number / 1000)6:\(100_000 + number)ee".utf8
    }
    let pieces = (200_000 * 8 + 16_383) / 16_384
    bytes += "e4:name4:many12:piece lengthi16384e6:pieces\(20 * pieces):".utf8
    bytes += [UInt8](repeating: 7, count: 20 * pieces) + Array("ee".utf8)
    let torrent = "\(scratch.path)/many.torrent"
    try TestFile.write(bytes, to: torrent)
    let leecher = try Torrentctl.start(
      "leecher", ["download", torrent, "-o", try scratch.folder("copy")] + options, folder: scratch.path)
    _ = try await leecher.event("verified", within: .seconds(30))
    _ = try await leecher.event("progress", within: .seconds(5))
    #expect(try leecher.memory() < 200 << 20)
    leecher.signal(SIGINT)
    #expect(try await leecher.exit(within: .seconds(5)) == 130)
  }
}

extension ProcessChild {
  /// Bytes that are resident.
  fileprivate func memory() throws -> Int {
    let status = TestFile.text("/proc/\(pid)/status")
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
    guard let words = line?.split(separator: " "), words.count > 1,
      let kilobytes = Int(words[1].drop { $0 == "\t" })
    else {
      throw ProcessFailure("no VmRSS\n\(report())")
    }
    return kilobytes << 10
  }

  /// Descriptors that are open.
  fileprivate func descriptors() throws -> Int {
    try FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/fd").count
  }
}
