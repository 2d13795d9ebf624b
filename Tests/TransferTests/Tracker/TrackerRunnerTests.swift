import Metainfo
import Testing

@testable import Transfer

/// A torrent's place on a loop: holds the runner and passes on what it says.
private actor Torrent {
  enum Event: Hashable, Sendable {
    case outcome(String, TrackerOutcome)
    case found([Endpoint])
  }

  let loop: EventLoop
  let resolver: Resolver
  nonisolated let events: AsyncStream<Event>
  private let report: AsyncStream<Event>.Continuation
  private var runner: TrackerRunner?
  nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

  init() throws {
    loop = try EventLoop(named: "announces")
    resolver = try Resolver()
    (events, report) = AsyncStream.makeStream()
    try loop.start()
  }

  func start(_ tiers: [[String]], deadline: Instant.Span = .seconds(10)) {
    let facts = TrackerRunner.Facts(
      infoHash: InfoHash([UInt8](repeating: 0x41, count: 20))!, peerID: PeerID("-TC0100-abcdefghijkl".utf8)!,
      port: 6881, announce: AnnounceTiers(tiers), deadline: deadline)
    let runner = TrackerRunner(facts, by: .init(loop: loop, resolver: resolver)) {
      TransferTotals(uploaded: 1, downloaded: 2, left: 3)
    } found: { [report] in
      report.yield(.found($0))
    } report: { [report] in
      report.yield(.outcome($0, $1))
    }
    self.runner = runner
    runner.start()
  }

  func complete() { runner?.completed() }

  /// How long the end took by the loop's own thread; the caller may be resumed much later on a busy machine.
  @discardableResult
  func stop() async -> Instant.Span {
    let start = EventLoop.clock()
    return await withCheckedContinuation { continuation in
      runner?.stop { continuation.resume(returning: EventLoop.clock() - start) }
    }
  }

  nonisolated func end() {
    loop.stop()
    resolver.shutdown()
  }
}

@Suite(.timeLimit(.minutes(5))) struct TrackerRunnerTests {
  private static let answer = "d8:intervali1800e5:peers6:\u{7f}\u{0}\u{0}\u{1}\u{1a}\u{2a}e"
  private static let peer = Endpoint(.loopbackIPv4, port: 0x1a2a)

  private func events(_ torrent: Torrent, _ count: Int) async -> [Torrent.Event] {
    var events: [Torrent.Event] = []
    guard count > 0 else { return events }
    for await event in torrent.events {
      events.append(event)
      if events.count == count { break }
    }
    return events
  }

  private func events(of target: String) -> String? {
    target.split(separator: "&").first { $0.hasPrefix("event=") }.map(String.init)
  }

  @Test func lifeOfATorrent() async throws {
    let server = try ScriptedServer { _, _ in .ok(Self.answer) }
    let torrent = try Torrent()
    defer {
      server.stop()
      torrent.end()
    }
    let url = "\(server.url)/announce?passkey=x"
    await torrent.start([[url]])
    #expect(await events(torrent, 2) == [.outcome(url, .peers(1)), .found([Self.peer])])
    await torrent.complete()
    #expect(await events(torrent, 2) == [.outcome(url, .peers(1)), .found([Self.peer])])
    await torrent.stop()
    await torrent.stop()
    #expect(server.targets.map(events(of:)) == ["event=started", "event=completed", "event=stopped"])
    #expect(
      server.targets[0].hasPrefix("/announce?passkey=x&info_hash=AAAAAAAAAAAAAAAAAAAA&peer_id=-TC0100-"))
    #expect(server.targets[0].contains("&port=6881&uploaded=1&downloaded=2&left=3&compact=1&"))
  }

  @Test(
    "T01 every bad answer leads to the next tracker",
    arguments: [
      (.ok("not bencode"), "not a tracker's answer (expected a value at byte 0)"),
      (.ok("<html>Welcome</html>"), "not a tracker's answer (expected a value at byte 0)"),
      (.ok(""), "empty answer"),
      (.text(""), "connection closed without an answer"),
      (.text("HTTP/1.1 404 Not Found\r\n\r\nx"), "HTTP 404 Not Found"),
      (.text("HTTP/1.1 410 Gone\r\n\r\n"), "HTTP 410 Gone"),
      (.text("HTTP/1.1 500 \u{1b}[2J\r\n\r\n"), "HTTP 500 \\u{1B}[2J"),
      (.text("HTTP/1.1 503\r\n\r\n"), "HTTP 503"),
      (.ok("d14:failure reason7:no\nway!e"), "refused: no\\nway!"),
      (.text("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nd8:interval"), "answer cut short"),
      (.text("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nd8:intervali1800ee"), "not a tracker's answer"),
      (
        .text("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"), "malformed chunk"
      ),
      (
        .text("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\nx"),
        "compressed answer, which was not asked for"
      ),
      (.endless("HTTP/1.1 200 OK\r\n", piece: "A: b\r\n"), "HTTP header too large"),
      (.drip(Array("HTTP/1.1 200 OK\r\n\r\n".utf8), milliseconds: 50), "no answer within 1 s"),
      (.redirect("/again"), "redirected in a loop"),
      (.redirect("https://127.0.0.1/"), "redirected to a bad place: https is not supported"),
    ] as [(ScriptedServer.Answer, String)])
  func failover(_ answer: ScriptedServer.Answer, _ reason: String) async throws {
    let bad = try ScriptedServer { target, _ in target.hasPrefix("/again") ? .redirect("/again") : answer }
    let good = try ScriptedServer { _, _ in .ok(Self.answer) }
    let torrent = try Torrent()
    defer {
      bad.stop()
      good.stop()
      torrent.end()
    }
    await torrent.start([["\(bad.url)/a"], ["\(good.url)/a"]], deadline: .milliseconds(600))
    let events = await events(torrent, 3)
    guard case .outcome(let url, .failure(let text)) = events[0] else {
      Issue.record("\(events)")
      return
    }
    #expect(url == "\(bad.url)/a")
    #expect(text == reason || (reason == "not a tracker's answer" && text.hasPrefix(reason)))
    #expect(events[1...] == [.outcome("\(good.url)/a", .peers(1)), .found([Self.peer])])
    await torrent.stop()
    // Only who has answered is told of the end.
    #expect(good.targets.last.map(self.events(of:)) == "event=stopped")
    #expect(!bad.targets.contains { $0.contains("event=stopped") })
  }

  @Test("T01 a warning is passed on, escaped, and its peers are taken")
  func warning() async throws {
    let server = try ScriptedServer { _, _ in
      .ok("d8:intervali60e5:peers6:\u{7f}\u{0}\u{0}\u{1}\u{1a}\u{2a}15:warning message6:a\u{1b}[mb\re")
    }
    let torrent = try Torrent()
    defer {
      server.stop()
      torrent.end()
    }
    await torrent.start([[server.url]])
    #expect(
      await events(torrent, 3) == [
        .outcome(server.url, .warning("a\\u{1B}[mb\\r")), .outcome(server.url, .peers(1)),
        .found([Self.peer]),
      ])
  }

  @Test("M11 trackers that can't be asked are reported without their passwords, and the rest is asked")
  func unusable() async throws {
    let server = try ScriptedServer { _, _ in .ok(Self.answer) }
    let torrent = try Torrent()
    defer {
      server.stop()
      torrent.end()
    }
    let good = "http://user:secret@\(server.endpoint)/a"
    await torrent.start([["https://user:secret@h/a", "\tx"], [good]])
    let events = await events(torrent, 4)
    #expect(
      Set(events.prefix(2)) == [
        .outcome("https://h/a", .failure("https is not supported")),
        .outcome("\\tx", .failure("URL with a control character")),
      ])
    #expect(events[2...] == [.outcome("\(server.url)/a", .peers(1)), .found([Self.peer])])
  }

  @Test("the end waits for a silent tracker no longer than its deadline")
  func silentFarewell() async throws {
    let server = try ScriptedServer { _, number in number == 0 ? .ok(Self.answer) : .silence }
    let torrent = try Torrent()
    defer {
      server.stop()
      torrent.end()
    }
    await torrent.start([[server.url]])
    _ = await events(torrent, 2)
    let elapsed = await torrent.stop()
    #expect(elapsed > .seconds(4) && elapsed < .seconds(8))
    #expect(server.targets.count == 2)
  }
}
