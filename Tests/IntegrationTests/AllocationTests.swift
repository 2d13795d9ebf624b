import Foundation
import TestKit
import Testing

/// How often a transfer asks for memory. Of the program as it is shipped: a build without optimisation copies at every step.
@Suite struct AllocationTests {
  private static let compiler = ["cc", "gcc", "clang"].lazy.compactMap(ReferenceClient.findProgram).first
  private static let isRelease = ProcessInfo.processInfo.environment["TORRENTCTL"] != nil

  private let scratch: ScratchFolder
  private let counter: String
  private static let pieceLength = 16 << 20

  init() throws {
    scratch = try ScratchFolder("allocations")
    counter = "\(scratch.path)/count.so"
  }

  /// Transfers so many bytes of zeros in long pieces; what each side has allocated.
  private func transfer(_ size: UInt64) async throws -> (leecher: Int, seeder: Int) {
    let source = try scratch.folder("source-\(size)")
    let torrent = "\(scratch.path)/\(size).torrent"
    try TestFile.write([], to: "\(source)/zeros")
    let file = try FileHandle(forWritingTo: URL(filePath: "\(source)/zeros"))
    try file.truncate(atOffset: size)
    try file.close()
    let (code, _, errors) = try await Torrentctl.run(
      ["create", "\(source)/zeros", "-o", torrent, "--piece-length", "\(Self.pieceLength)"],
      folder: scratch.path)
    try #require(code == 0, "create: \(errors)")
    let options = ["--bind", "127.0.0.1", "--port", "0", "--no-lsd", "--events"]
    func counting(_ name: String) -> [String: String] {
      ["LD_PRELOAD": counter, "ALLOCATIONS": "\(scratch.path)/\(name)-\(size).count"]
    }
    func count(_ name: String) throws -> Int {
      let text = try String(contentsOfFile: "\(scratch.path)/\(name)-\(size).count", encoding: .utf8)
      return try #require(Int(text.trimmingCharacters(in: .whitespacesAndNewlines)))
    }
    let seeder = try Torrentctl.start(
      "seeder-\(size)", ["seed", torrent, "--content", source] + options, folder: scratch.path,
      environment: counting("seeder"))
    _ = try await seeder.event("verified")
    let peer = "127.0.0.1:\(try await seeder.listeningPort())"
    let leecher = try Torrentctl.start(
      "leecher-\(size)",
      ["download", torrent, "-o", try scratch.folder("copy-\(size)"), "--peer", peer] + options,
      folder: scratch.path, environment: counting("leecher"))
    #expect(try await leecher.exit(within: .seconds(60)) == 0, "\(leecher.report())")
    seeder.signal(SIGINT)
    #expect(try await seeder.exit(within: .seconds(20)) == 130, "\(seeder.report())")
    return (try count("leecher"), try count("seeder"))
  }

  @Test(
    "A block that comes or goes allocates nothing",
    .enabled("there is no C compiler") { compiler != nil },
    .enabled("TORRENTCTL names no release binary") { isRelease })
  func perBlock() async throws {
    let compile = [
      try #require(Self.compiler), "-shared", "-fPIC", "-O2", "-o", counter,
      "\(ReferenceClient.packageFolder)/Tests/IntegrationTests/Drivers/count_allocations.c",
    ]
    try #require(ReferenceClient.runs(compile))
    let small = try await transfer(64 << 20)
    let large = try await transfer(256 << 20)
    let blocks = Double((192 << 20) / (16 << 10))
    // Pieces, reports and seconds do allocate: a dozen or two each.
    #expect(Double(large.leecher - small.leecher) / blocks < 0.1, "\(small) \(large)")
    #expect(Double(large.seeder - small.seeder) / blocks < 0.1, "\(small) \(large)")
  }
}
