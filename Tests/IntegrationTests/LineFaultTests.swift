import Foundation
import TestKit
import Testing

/// Lines that lose, delay and break; sources that lack something.
@Suite("Faults of lines and sources", .timeLimit(.minutes(5)))
struct LineFaultTests {
  // MARK: Lines

  @Test(
    "N02 a line that is down for some seconds in the middle: the download goes on by itself", .needsNamespaces
  )
  func brokenLine() async throws {
    let (here, there) = try NetworkNamespace.joined()
    let share = try await SharedFile("down", size: 4 << 20)
    let near = Host(prefix: here.prefix, address: NetworkNamespace.firstAddress)
    let far = Host(prefix: there.prefix, address: NetworkNamespace.secondAddress)
    let (seeder, peer) = try await share.seed(on: near, "--upload-limit", "2MiB")
    let leecher = try share.download(into: "copy", from: peer, on: far)
    _ = try await leecher.event("piece")
    let line = ["ip", "-n", here.name, "link", "set", "veth0"]
    try #require(ReferenceClient.runs(line + ["down"]))
    let before = leecher.events.count { $0.event == "piece" }
    // As long as the line is to be down; nothing tells of it.
    try await Task.sleep(for: .seconds(4))
    #expect(leecher.events.count { $0.event == "piece" } <= before + 200)
    try #require(ReferenceClient.runs(line + ["up"]))
    #expect(try await leecher.exit(within: .seconds(60)) == 0, "\(leecher.report())")
    #expect(share.copy("copy") == share.bytes)
    seeder.end()
  }

  /// Blocks per second that TCP brings over a line, by Padhye's model (SIGCOMM '98, equation 30): how often it has to wait
  /// for its timer decides where many packets are lost.
  private func segments(perSecondWithLoss p: Double, roundTrip: Double, timer: Double) -> Double {
    let (acknowledgedAtOnce, p2) = (2.0, p * p)
    let recovery = roundTrip * (2 * acknowledgedAtOnce * p / 3).squareRoot()
    let waiting = timer * min(1, 3 * (3 * acknowledgedAtOnce * p / 8).squareRoot()) * p * (1 + 32 * p2)
    return 1 / (recovery + waiting)
  }

  @Test(
    "N01 a fifth of all packets lost, half a second there and back, out of order, 576 bytes each: it completes, no slower than TCP",
    .needsNamespaces, .needsPython,
    .enabled("there is no /dev/net/tun") {
      FileManager.default.isWritableFile(atPath: "/dev/net/tun")
    })
  func badLine() async throws {
    let (here, there) = (try NetworkNamespace(), try NetworkNamespace())
    let share = try await SharedFile("bad line", size: 64 << 10)
    let seed = UInt32.random(in: 0 ... .max)
    let line = try ProcessChild(
      "line",
      ReferenceClient.driver("bad_line") + [
        here.name, there.name, "--seed", "\(seed)", "--loss", "20", "--delay", "250", "--reordered", "10",
        "--mtu", "576",
      ], folder: share.scratch.path)
    _ = try await line.event("ready")
    let (seeder, peer) = try await share.seed(on: Host(prefix: here.prefix, address: "10.98.0.1"))
    let start = ContinuousClock.now
    let leecher = try share.download(
      into: "copy", from: peer, on: Host(prefix: there.prefix, address: "10.98.0.2"))
    // Ten seconds for the ways to and fro before the first block: a dial that is lost is tried again.
    let rate = 536 * segments(perSecondWithLoss: 0.2, roundTrip: 0.5, timer: 1)
    let allowed = Duration.seconds(10 + Double(share.bytes.count) / rate)
    #expect(
      try await leecher.exit(within: .seconds(250)) == 0,
      "seed \(seed)\n\(leecher.report())\n\(seeder.report())")
    #expect(ContinuousClock.now - start < allowed, "seed \(seed): \(allowed)")
    #expect(share.copy("copy") == share.bytes)
    line.signal(SIGTERM)
    let packets = try await line.event("line")
    #expect(try #require(packets.lost) * 10 > #require(packets.total), "seed \(seed)")
    seeder.end()
  }

  // MARK: Sources

  @Test(
    "N03 the only peer lacks a piece: which one is told, everything else is kept, and the wait costs nothing")
  func onlyPartly() async throws {
    let share = try await SharedFile("partly", size: 100 * (16 << 10))
    // A downloader that has all but piece 42 and gives on what it has.
    let part = try share.scratch.folder("partly")
    var bytes = share.bytes
    bytes.replaceSubrange(42 * (16 << 10)..<43 * (16 << 10), with: repeatElement(0, count: 16 << 10))
    try TestFile.write(bytes, to: "\(part)/film.bin.part")
    let giver = try Torrentctl.start(
      "giver", ["download", share.torrent, "-o", part, "--seed", "--bind", "127.0.0.1"] + SharedFile.options,
      folder: share.scratch.path)
    _ = try await giver.event("verified")
    let leecher = try share.download(
      into: "copy", from: "127.0.0.1:\(try await giver.listeningPort())", on: .loopback, "--timeout",
      "3s")
    #expect(try await leecher.exit(within: .seconds(30)) == 5, "\(leecher.report())")
    #expect(
      leecher.errors.contains("no progress for 3s: 99.0% done, 1 peer, no source of piece 42"),
      "\(leecher.errors)")
    #expect(leecher.events.count { $0.event == "piece" } == 99)
    #expect(TestFile.bytes("\(share.scratch.path)/copy/film.bin.part") == bytes)
    giver.end()
  }
}
