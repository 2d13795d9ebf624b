import Foundation
import TestKit
import Testing

/// The three commands exactly as the README writes them, with no further option.
///
/// Without options they use every interface and multicast, so they run in a network namespace that has a loopback
/// interface of its own and nothing else.
@Suite("Plain commands", .needsNamespaces, .serialized, .timeLimit(.minutes(5)))
struct PlainCommandTests {
  @Test("create, seed and download find each other by local service discovery", arguments: [true, false])
  func findEachOther(seederFirst: Bool) async throws {
    let scratch = try ScratchFolder("plain")
    let space = try NetworkNamespace()
    let host = Host(prefix: space.prefix, address: "")
    try FileManager.default.copyItem(
      atPath: ReferenceClient.packageFolder + "/data", toPath: scratch.path + "/data")

    let create = try Torrentctl.start(
      "create", ["create", "data/", "-o", "share.torrent"], folder: scratch.path)
    try #require(try await create.exit(within: .seconds(10)) == 0, "\(create.report())")

    func seed() throws -> ProcessChild {
      try Torrentctl.start("seed", ["seed", "share.torrent"], host: host, folder: scratch.path)
    }
    // A shell writes down when the download ended: the test itself may be kept waiting by others.
    let timed = #""$@"; code=$?; date +%s%N >ended; exit $code"#
    func download() throws -> ProcessChild {
      try ProcessChild(
        "download",
        ["sh", "-c", timed, "sh"] + host.prefix
          + [Torrentctl.path, "download", "-o", "dest", "share.torrent"], folder: scratch.path)
    }
    let first = seederFirst ? try seed() : try download()
    // The second starts when the first listens on its default port, so that discovery alone is what is measured.
    _ = try await eventually("the first listens", within: .seconds(10), saying: first.report) {
      Self.listens(in: space, scratch) ? true : nil
    }
    let start = Date().timeIntervalSince1970
    let second = seederFirst ? try download() : try seed()
    let (seeder, leecher) = seederFirst ? (first, second) : (second, first)
    #expect(try await leecher.exit(within: .seconds(20)) == 0, "\(leecher.report())")
    let end = try #require(Double(TestFile.text(scratch.path + "/ended").trimmingCharacters(in: .newlines)))
    #expect(end / 1e9 - start < 2, "seconds from the start of the second to the end of the download")

    let copied = SampleContent.files(below: scratch.path + "/dest/data")
    #expect(copied == SampleContent.files(below: scratch.path + "/data"))
    for name in copied {
      #expect(
        TestFile.bytes("\(scratch.path)/dest/data/\(name)") == TestFile.bytes("\(scratch.path)/data/\(name)"))
    }
    seeder.signal(SIGINT)
    #expect(try await seeder.exit(within: .seconds(8)) == 130)
  }

  /// Whether something in the namespace listens on one of the default ports, 6881 to 6889, as the kernel's tables say.
  private static func listens(in space: NetworkNamespace, _ scratch: ScratchFolder) -> Bool {
    guard
      let table = try? ProcessChild(
        "sockets", space.prefix + ["cat", "/proc/net/tcp", "/proc/net/tcp6"], folder: scratch.path)
    else { return false }
    for _ in 0..<400 where table.exitCode == nil { usleep(5_000) }
    return table.output.split(separator: "\n").contains { line in
      let fields = line.split(separator: " ")
      guard fields.count > 3, fields[3] == "0A", let port = fields[1].split(separator: ":").last else {
        return false
      }
      return (6881...6889).contains(Int(port, radix: 16) ?? 0)
    }
  }
}
