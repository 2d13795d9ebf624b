import Foundation
import Metainfo
import Platform
import Testing
@testable import Transfer

@testable import torrentctl

/// A monitor whose terminal is memory, and a torrent of 4 pieces that it watches.
private struct Stage {
  let id = TorrentID(InfoHash([UInt8](repeating: 7, count: 20))!)
  let output = Text()
  let errors = Text()
  var monitor: TransferMonitor

  final class Text: Sendable {
    private let state = Lock("")
    var text: String { state.withLock { $0 } }
    func append(_ bytes: [UInt8]) { state.withLock { $0 += String(decoding: bytes, as: UTF8.self) } }
  }

  init(
    _ goal: TransferGoal, _ options: String..., isTerminal: Bool = false, others: [TorrentID] = [],
    isSelection: Bool = false
  ) throws {
    let request = try Request(["seed", "x.torrent"] + options, environment: { _ in nil })
    guard case .seed(let arguments) = request.invocation else {
      throw CancellationError()
    }
    let (output, errors) = (output, errors)
    let console = Console(
      arguments: [], environment: { _ in nil }, directory: "",
      output: Output { bytes in
        output.append(bytes)
      },
      errors: Output(isTerminal: isTerminal) { bytes in
        errors.append(bytes)
      }, manner: request.manner)
    var item = TransferItem(
      name: "da\u{1b}ta", place: "dest/data", file: "x.torrent", total: 4000, pieceCount: 4)
    item.isSelection = isSelection
    var torrents = TransferStandings()
    for id in [id] + others { _ = torrents.add(item, as: id) }
    monitor = try TransferMonitor(console, goal: goal, torrents: torrents, arguments: arguments.transfer)
  }

  mutating func hear(_ event: SessionEvent, at time: Double) throws -> ExitCode? {
    try monitor.handle(.session(event), at: time)
  }

  func progress(
    done: Int = 4000, of total: Int = 4000, downloaded: Int = 0, uploaded: Int = 0, peers: Int = 1,
    having pieces: [Int] = [], unavailable: Int = 0
  ) -> SessionEvent {
    var have = Bitfield(pieceCount: 4)
    for piece in pieces { have.insert(PieceIndex(unchecked: piece)) }
    return .progress(
      id,
      TransferProgress(
        done: done, total: total, downRate: 10, upRate: 20, downloaded: downloaded, uploaded: uploaded,
        peers: peers, pieces: have, unavailable: unavailable))
  }
}

private let peer = Endpoint(IPAddress.loopbackIPv4, port: 6881)

@Suite struct TransferMonitorTests {
  @Test("Each piece is heard of only where it is told")
  func wanted() throws {
    let goal = TransferGoal.complete(seeds: false, timeout: nil)
    #expect(try Stage(goal).monitor.wanted == .all.subtracting(.pieces))
    #expect(try Stage(goal, "--events").monitor.wanted == .all)
    #expect(try Stage(goal, "--log", "/dev/null").monitor.wanted == .all)
  }

  @Test func aDownloadIsOverWhenItIsComplete() throws {
    var stage = try Stage(.complete(seeds: false, timeout: nil))
    #expect(try stage.hear(.listening(peer), at: 0) == nil)
    #expect(try stage.hear(.verified(stage.id, good: 1, total: 4), at: 0.1) == nil)
    // A quarter was there: only what came counts for the rate.
    #expect(try stage.hear(stage.progress(done: 4096, downloaded: 3072), at: 1) == nil)
    #expect(try stage.hear(.completed(stage.id, seconds: 2, bytes: 4096, wasted: 0), at: 2) == .done)
    #expect(stage.output.text == "dest/data: complete: 4.0 KiB in 2.0 s (1.5 KiB/s)\n")
    #expect(stage.errors.text == "dest/data: 1 of 4 pieces are there already\n")
  }

  @Test func aDownloadThatWasCompleteSaysSo() throws {
    var stage = try Stage(.complete(seeds: false, timeout: nil))
    #expect(try stage.hear(.verified(stage.id, good: 4, total: 4), at: 0.1) == nil)
    #expect(try stage.hear(.completed(stage.id, seconds: 0, bytes: 4000, wasted: 0), at: 0.1) == .done)
    #expect(stage.output.text == "dest/data: already complete: 3.9 KiB\n")
  }

  @Test func aSelectionIsAllThereIsToFetch() throws {
    var stage = try Stage(.complete(seeds: false, timeout: 5), isTerminal: true, isSelection: true)
    #expect(try stage.hear(.verified(stage.id, good: 1, total: 4), at: 0) == nil)
    #expect(try stage.hear(stage.progress(done: 1000, of: 2000, downloaded: 500), at: 1) == nil)
    #expect(stage.errors.text.contains("50.0% of 2.0 KiB"))
    #expect(throws: CommandFailure("da\u{1b}ta: no progress for 5s: 50.0% done, 1 peer", code: .network)) {
      try stage.monitor.handle(.tick, at: 6)
    }
    #expect(try stage.hear(stage.progress(done: 2000, of: 2000, downloaded: 1500), at: 7) == nil)
    #expect(try stage.hear(.completed(stage.id, seconds: 2, bytes: 2000, wasted: 0), at: 7) == .done)
    #expect(stage.output.text.hasPrefix("dest/data: complete: 2.0 KiB in"))
  }

  @Test("N03 at the end it is said which pieces have no source")
  func unavailable() throws {
    var stage = try Stage(.complete(seeds: false, timeout: 5))
    #expect(try stage.hear(.verified(stage.id, good: 1, total: 4), at: 0) == nil)
    #expect(try stage.hear(stage.progress(done: 1000, having: [1], unavailable: 3), at: 1) == nil)
    #expect(
      throws: CommandFailure(
        "da\u{1b}ta: no progress for 5s: 25.0% done, 1 peer, no source of pieces 0, 2-3", code: .network)
    ) { try stage.monitor.handle(.tick, at: 7) }
    #expect(try stage.hear(stage.progress(done: 1000, having: [1], unavailable: 2), at: 8) == nil)
    #expect(
      throws: CommandFailure(
        "da\u{1b}ta: no progress for 5s: 25.0% done, 1 peer, 2 missing pieces with no source", code: .network)
    ) { try stage.monitor.handle(.tick, at: 15) }
  }

  @Test("W09 at the end it is said which piece every source has wrong")
  func wrongEverywhere() throws {
    var stage = try Stage(.complete(seeds: false, timeout: 5))
    let warning = "piece 2 came wrong from 127.0.0.1:6881, and no other source has it"
    #expect(try stage.hear(.verified(stage.id, good: 0, total: 4), at: 0) == nil)
    #expect(try stage.hear(stage.progress(done: 3000, downloaded: 4000, having: [0, 1, 3]), at: 1) == nil)
    #expect(try stage.hear(.warning(stage.id, warning), at: 2) == nil)
    #expect(
      throws: CommandFailure(
        "da\u{1b}ta: no progress for 5s: 75.0% done, 1 peer", hint: warning, code: .network)
    ) { try stage.monitor.handle(.tick, at: 7) }
  }

  @Test func aSelectionThatWasCompleteSaysSo() throws {
    var stage = try Stage(.complete(seeds: false, timeout: nil), isSelection: true)
    #expect(try stage.hear(.verified(stage.id, good: 2, total: 4), at: 0) == nil)
    #expect(try stage.hear(stage.progress(done: 2000, of: 2000), at: 0.1) == nil)
    #expect(try stage.hear(.completed(stage.id, seconds: 0, bytes: 2000, wasted: 0), at: 0.1) == .done)
    #expect(stage.output.text == "dest/data: already complete: 2.0 KiB\n")
  }

  @Test func eachSocketIsToldOfOnce() throws {
    var stage = try Stage(.seed(untilRatio: nil, untilIdle: nil))
    for address in [[UInt8](repeating: 0, count: 4), [UInt8](repeating: 0, count: 16)] {
      let any = try #require(IPAddress(address))
      _ = try stage.hear(.listening(Endpoint(any, port: 6881)), at: 0)
    }
    _ = try stage.hear(.listening(peer), at: 0)
    #expect(stage.errors.text == "listening on port 6881\nlistening at 127.0.0.1:6881\n")
  }

  @Test func aDownloadThatSeedsGoesOn() throws {
    var stage = try Stage(.complete(seeds: true, timeout: 5))
    #expect(try stage.hear(.verified(stage.id, good: 0, total: 4), at: 0.1) == nil)
    #expect(try stage.hear(stage.progress(done: 4000), at: 1) == nil)
    #expect(try stage.hear(.completed(stage.id, seconds: 1, bytes: 4000, wasted: 0), at: 1) == nil)
    #expect(try stage.monitor.handle(.tick, at: 1000) == nil)
    #expect(try stage.monitor.handle(.interrupted, at: 1001) == .interrupted)
  }

  @Test("Who ends it hears what has come of it")
  func interrupted() throws {
    func said(_ goal: TransferGoal, _ options: String..., after events: [SessionEvent]) throws -> String {
      var stage = try options.isEmpty ? Stage(goal) : Stage(goal, options[0])
      for event in events { _ = try stage.hear(event, at: 1) }
      let before = stage.errors.text
      stage.monitor.sayInterrupted(at: 250)
      return String(stage.errors.text.dropFirst(before.count))
    }
    let stage = try Stage(.complete(seeds: false, timeout: nil))
    let download = TransferGoal.complete(seeds: true, timeout: nil)
    let verified = SessionEvent.verified(stage.id, good: 0, total: 4)
    #expect(try said(download, after: []) == "interrupted while checking what is there\n")
    #expect(try said(download, after: [verified]) == "interrupted: nothing has come yet\n")
    #expect(
      try said(download, after: [verified, stage.progress(done: 1000)])
        == "interrupted at 25.0%: 1000 B of 3.9 KiB are kept; the same command goes on from here\n")
    #expect(
      try said(download, after: [verified, stage.progress(done: 4000, uploaded: 2048)])
        == "uploaded 2.0 KiB in 4m10s\n")
    for quiet in ["-q", "--events"] {
      #expect(try said(download, quiet, after: [verified, stage.progress(done: 1000)]) == "")
    }
  }

  @Test func aDownloadWithoutProgressTimesOut() throws {
    var stage = try Stage(.complete(seeds: false, timeout: 5))
    #expect(try stage.hear(.verified(stage.id, good: 0, total: 4), at: 1) == nil)
    #expect(try stage.hear(stage.progress(done: 0, downloaded: 10), at: 4) == nil)
    #expect(try stage.hear(stage.progress(done: 0, downloaded: 10), at: 8) == nil)
    #expect(try stage.monitor.handle(.tick, at: 8.9) == nil)
    #expect(throws: CommandFailure("da\u{1b}ta: no progress for 5s: 0.0% done, 1 peer", code: .network)) {
      try stage.monitor.handle(.tick, at: 9)
    }
  }

  @Test func withoutATimeoutItWaits() throws {
    var stage = try Stage(.complete(seeds: false, timeout: nil))
    #expect(try stage.hear(.verified(stage.id, good: 0, total: 4), at: 1) == nil)
    #expect(try stage.monitor.handle(.tick, at: 1e9) == nil)
  }

  @Test("--json gives one document at the end, and nothing else on standard output")
  func endsWithADocument() throws {
    var stage = try Stage(.complete(seeds: false, timeout: nil), "--json")
    _ = try stage.hear(.verified(stage.id, good: 0, total: 4), at: 0)
    _ = try stage.hear(stage.progress(done: 1000, downloaded: 1000), at: 1)
    _ = try stage.hear(stage.progress(downloaded: 4000, uploaded: 5), at: 2)
    let answer = try stage.hear(.completed(stage.id, seconds: 2, bytes: 4000, wasted: 0), at: 2)
    #expect(answer == .done && stage.output.text.isEmpty)
    try stage.monitor.finish(at: 2.5, answer)
    let document = try #require(
      try JSONSerialization.jsonObject(with: Data(stage.output.text.utf8)) as? [String: Any])
    #expect(document["exitCode"] as? Int == 0 && document["seconds"] as? Double == 2.5)
    let torrents = try #require(document["torrents"] as? [[String: Any]])
    #expect(torrents.count == 1)
    #expect(torrents[0]["complete"] as? Bool == true && torrents[0]["failed"] as? Bool == false)
    #expect(torrents[0]["done"] as? Int == 4000 && torrents[0]["uploaded"] as? Int == 5)
    #expect((torrents[0]["infoHash"] as? [String: Any])?.keys.contains("v1") == true)
  }

  @Test("F16 Several downloads are done when each is, and a total is given")
  func severalDownloads() throws {
    let other = TorrentID(try #require(InfoHash([UInt8](repeating: 8, count: 20))))
    var stage = try Stage(.complete(seeds: false, timeout: 60), others: [other])
    for id in [stage.id, other] { _ = try stage.hear(.verified(id, good: 0, total: 4), at: 0) }
    #expect(try stage.hear(.completed(stage.id, seconds: 2, bytes: 4000, wasted: 0), at: 2) == nil)
    #expect(try stage.hear(.completed(other, seconds: 3, bytes: 4000, wasted: 0), at: 3) == .done)
    let lines = stage.output.text.split(separator: "\n")
    #expect(lines.count == 3 && lines[2].hasPrefix("2 of 2 torrents complete: "), "\(lines)")
  }

  @Test("One of several downloads that fails gives its code when the others are done")
  func oneOfSeveralDownloadsFails() throws {
    let other = TorrentID(try #require(InfoHash([UInt8](repeating: 8, count: 20))))
    var stage = try Stage(.complete(seeds: false, timeout: nil), others: [other])
    let error = TransferError(.disk, "dest: no space")
    #expect(try stage.hear(.failed(other, error), at: 1) == nil)
    #expect(try stage.hear(.completed(stage.id, seconds: 2, bytes: 4000, wasted: 0), at: 2) == .disk)
    #expect(stage.output.text.contains("1 of 2 torrents complete"))
  }

  @Test("F23 -v tells each step on standard error")
  func verboseTellsSteps() throws {
    var stage = try Stage(.complete(seeds: false, timeout: nil), "-v")
    #expect(stage.monitor.wanted == .all)
    _ = try stage.hear(.verified(stage.id, good: 0, total: 4), at: 0)
    #expect(stage.errors.text.contains("torrentctl: da\\u{1B}ta: 0 of 4"), "\(stage.errors.text)")
  }

  @Test func aSeedWhoseContentDiffersEnds() throws {
    var stage = try Stage(.seed(untilRatio: nil, untilIdle: nil))
    do throws(CommandFailure) {
      _ = try stage.monitor.handle(.session(.verified(stage.id, good: 3, total: 4)), at: 0)
      Issue.record("went on")
    } catch {
      #expect(error.code == .no)
      #expect(
        error.line(Emphasis(isEnabled: false))
          == "torrentctl: error: dest/data: content does not match: 1 of 4 pieces differs "
          + "('torrentctl verify x.torrent' shows where)\n")
    }
  }

  @Test func aSeedEndsAtItsRatio() throws {
    var stage = try Stage(.seed(untilRatio: 1.5, untilIdle: nil))
    #expect(try stage.hear(stage.progress(uploaded: 9000), at: 0) == nil, "nothing is verified yet")
    #expect(try stage.hear(.verified(stage.id, good: 4, total: 4), at: 0) == nil)
    #expect(try stage.hear(stage.progress(uploaded: 5999), at: 1) == nil)
    #expect(try stage.hear(stage.progress(uploaded: 6000), at: 2) == .done)
  }

  @Test func aSeedEndsWhenIdle() throws {
    var stage = try Stage(.seed(untilRatio: nil, untilIdle: 10))
    #expect(try stage.hear(.verified(stage.id, good: 4, total: 4), at: 5) == nil)
    #expect(try stage.hear(stage.progress(uploaded: 1), at: 14) == nil)
    #expect(try stage.monitor.handle(.tick, at: 23.9) == nil)
    #expect(try stage.monitor.handle(.tick, at: 24) == .done)
  }

  @Test func aTorrentThatFailsEndsIt() throws {
    for (kind, code) in [
      (TransferError.Kind.disk, ExitCode.disk), (.foreignFile, .disk), (.network, .network),
    ] {
      var stage = try Stage(.complete(seeds: false, timeout: nil))
      do throws(CommandFailure) {
        _ = try stage.monitor.handle(.session(.failed(stage.id, TransferError(kind, "a: b"))), at: 0)
        Issue.record("went on")
      } catch {
        #expect(error.code == code)
        #expect(error.message == "a: b")
      }
    }
  }

  @Test func ofSeveralTorrentsTheOthersGoOn() throws {
    let other = TorrentID(try #require(InfoHash([UInt8](repeating: 8, count: 20))))
    var stage = try Stage(.seed(untilRatio: 1, untilIdle: nil), "--events", others: [other])
    let error = TransferError(.disk, "a: Input/output error")
    #expect(try stage.hear(.verified(stage.id, good: 4, total: 4), at: 0) == nil)
    #expect(try stage.hear(.failed(other, error), at: 1) == nil)
    #expect(stage.errors.text == "torrentctl: error: a: Input/output error\n")
    #expect(stage.output.text.contains(#""event":"error","time":1.0,"infoHash":"0808"#))
    #expect(try stage.hear(stage.progress(uploaded: 4000), at: 2) == .done)
    #expect(throws: CommandFailure("a: Input/output error", code: .disk)) {
      try stage.hear(.failed(stage.id, error), at: 3)
    }
  }

  @Test func eventsAreJSONLines() throws {
    var stage = try Stage(.complete(seeds: false, timeout: nil), "--events")
    let events: [SessionEvent] = [
      .listening(peer), .verified(stage.id, good: 0, total: 4),
      .peer(stage.id, peer, .connected, client: "x 1\u{202e}"),
      .peer(stage.id, peer, .disconnected("why"), client: ""), .peer(stage.id, peer, .banned, client: ""),
      .piece(stage.id, PieceIndex(unchecked: 3), from: [peer]), stage.progress(),
      .tracker(stage.id, url: "http://t/", .peers(2)),
      .tracker(stage.id, url: "http://t/", .failure("no\nway")),
      .tracker(stage.id, url: "http://t/", .warning("hm")), .warning(stage.id, "w"),
      .completed(stage.id, seconds: 1.23456, bytes: 4000, wasted: 5),
    ]
    for event in events { try stage.monitor.note(event, at: 1.2345) }
    let rows = try stage.output.text.split(separator: "\n").map {
      try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
    }
    #expect(rows.count == events.count)
    #expect(
      rows.map { $0["event"] as? String } == [
        "listening", "verified", "peer", "peer", "peer", "piece", "progress", "tracker", "tracker", "tracker",
        "warning",
        "completed",
      ])
    #expect(rows.allSatisfy { $0["time"] as? Double == 1.235 || $0["time"] as? Double == 1.234 })
    #expect(rows[0]["address"] as? String == "127.0.0.1" && rows[0]["port"] as? Int == 6881)
    #expect(rows[2]["state"] as? String == "connected" && rows[2]["client"] as? String == "x 1\u{202e}")
    #expect(rows[5]["index"] as? Int == 3 && rows[5]["from"] as? [String] == ["127.0.0.1:6881"])
    for (key, value) in ["done": 4000, "total": 4000, "downRate": 10, "upRate": 20, "peers": 1] {
      #expect(rows[6][key] as? Int == value)
    }
    #expect(rows[7]["result"] as? String == "ok" && rows[7]["peers"] as? Int == 2)
    #expect(rows[11]["seconds"] as? Double == 1.235 && rows[11]["wasted"] as? Int == 5)
    #expect(!stage.output.text.contains("\u{202e}"))
  }

  @Test func aTrackersComplaintIsToldOnce() throws {
    var stage = try Stage(.complete(seeds: false, timeout: nil))
    for reason in ["down", "down", "down\u{1b}[2J"] {
      _ = try stage.hear(.tracker(stage.id, url: "http://t/", .failure(reason)), at: 0)
    }
    #expect(
      stage.errors.text == """
        torrentctl: warning: tracker http://t/: down
        torrentctl: warning: tracker http://t/: down\\u{1B}[2J

        """)
  }

  @Test func quietMeansQuiet() throws {
    var stage = try Stage(.complete(seeds: false, timeout: nil), "-q", isTerminal: true)
    for event: SessionEvent in [
      .listening(peer), .verified(stage.id, good: 2, total: 4), stage.progress(done: 2000),
      .warning(stage.id, "w"),
      .tracker(stage.id, url: "u", .failure("f")),
      .completed(stage.id, seconds: 1, bytes: 4000, wasted: 0),
    ] { _ = try stage.hear(event, at: 1) }
    _ = try stage.monitor.handle(.tick, at: 2)
    #expect(stage.output.text == "")
    #expect(stage.errors.text == "")
  }

  @Test func progressIsDrawnOnATerminalOnly() throws {
    var off = try Stage(.complete(seeds: false, timeout: nil))
    _ = try off.hear(.verified(off.id, good: 0, total: 4), at: 0)
    _ = try off.hear(off.progress(done: 1000, peers: 0), at: 1)
    #expect(off.errors.text == "")
    var on = try Stage(.complete(seeds: false, timeout: nil), isTerminal: true)
    _ = try on.hear(.verified(on.id, good: 0, total: 4), at: 0)
    _ = try on.hear(on.progress(done: 1000, peers: 0), at: 1)
    #expect(on.errors.text.contains("25.0% of 3.9 KiB"))
    #expect(on.errors.text.contains("no peers yet"))
    try on.monitor.finish(at: 0, nil)
    #expect(on.errors.text.hasSuffix("\r\u{1b}[K"))
  }

  @Test func theLogHasALineForEachEvent() throws {
    let shell = try Shell()
    var stage = try Stage(.complete(seeds: false, timeout: nil), "--log", shell.path("log"))
    try stage.monitor.note(.listening(peer), at: 0)
    try stage.monitor.note(stage.progress(), at: 0)
    try stage.monitor.note(.piece(stage.id, PieceIndex(unchecked: 1), from: [peer]), at: 0)
    stage.monitor.note(CommandFailure("a: b", code: .disk))
    let lines = String(decoding: try shell.read("log"), as: UTF8.self).split(separator: "\n")
    #expect(lines.count == 3)
    #expect(lines.first?.hasSuffix("Z listening at 127.0.0.1:6881") == true)
    #expect(lines.dropFirst().first?.hasSuffix("Z da\\u{1B}ta: piece 1 from 127.0.0.1:6881") == true)
    #expect(lines.last?.hasSuffix("Z error: a: b") == true)
  }
}
