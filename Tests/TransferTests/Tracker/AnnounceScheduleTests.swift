import Metainfo
import Testing

@testable import Transfer

private func at(_ seconds: Int) -> Instant { Instant(nanoseconds: Int64(seconds) * 1_000_000_000) }

private func response(interval: Int = 1800, minimum: Int = 60, id: String? = nil) -> AnnounceResponse {
  var response = AnnounceResponse()
  response.interval = .seconds(interval)
  response.minimumInterval = .seconds(minimum)
  response.trackerID = id.map { Array($0.utf8) }
  return response
}

@Suite struct TrackerRotationTests {
  private var random = SplitMix64(seed: 3)

  @Test("tiers in order, shuffled within, success moves to the front (BEP 12)")
  mutating func order() throws {
    let names = (0..<8).map { "http://a\($0)/" }
    var rotation = TrackerRotation(AnnounceTiers([names, ["http://b/"]]), using: &random)
    let first = rotation.all.map(\.text)
    #expect(Set(first.prefix(8)) == Set(names))
    #expect(Array(first.prefix(8)) != names)
    #expect(first[8] == "http://b/")

    for place in 0..<3 {
      #expect(rotation.current?.text == first[place])
      let hasNext = rotation.failed()
      #expect(hasNext)
    }
    rotation.succeeded()
    #expect(rotation.all.map(\.text) == [first[3], first[0], first[1], first[2]] + first[4...])
    for place in 0..<9 {
      #expect(rotation.current == rotation.all[place])
      let hasNext = rotation.failed()
      #expect(hasNext == (place < 8))
    }
    #expect(rotation.current?.text == first[3])
  }

  @Test mutating func unusableAndRepeated() {
    let rotation = TrackerRotation(
      AnnounceTiers([["udp://t:80"], ["http://a/", "http://a/", "https://b/"], ["http://a/"]]), using: &random
    )
    #expect(rotation.all.map(\.text) == ["http://a/"])
    #expect(rotation.unusable.map(\.text) == ["udp://t:80", "https://b/"])
    #expect(rotation.unusable.map { "\($0.reason)" } == ["udp is not supported", "https is not supported"])
  }

  @Test mutating func bounded() {
    let tiers = AnnounceTiers((0..<10_000).map { ["http://t\($0)/"] })
    #expect(TrackerRotation(tiers, using: &random).all.count == TrackerRotation.limit)
    var empty = TrackerRotation(AnnounceTiers([["udp://x"]]), using: &random)
    let hasNext = empty.failed()
    #expect(empty.isEmpty && empty.current == nil && !hasNext)
    empty.succeeded()
  }
}

@Suite struct AnnounceScheduleTests {
  private var random = SplitMix64(seed: 4)

  private mutating func schedule(_ tiers: [[String]] = [["http://a/"], ["http://b/"]]) -> AnnounceSchedule {
    AnnounceSchedule(AnnounceTiers(tiers), at: at(0), using: &random)
  }

  /// The announce that is to be made now.
  private func announce(_ schedule: inout AnnounceSchedule, at now: Instant) throws
    -> AnnounceSchedule.Announce
  {
    guard case .announce(let announce) = schedule.next(at: now) else {
      throw Unexpected()
    }
    return announce
  }

  private func step(_ schedule: inout AnnounceSchedule, at now: Instant) -> AnnounceSchedule.Step {
    schedule.next(at: now)
  }

  private func stopped(_ schedule: inout AnnounceSchedule) -> [AnnounceSchedule.Announce] { schedule.stop() }

  private struct Unexpected: Error {}

  @Test mutating func lifeOfATorrent() throws {
    var schedule = schedule()
    var next = try announce(&schedule, at: at(0))
    #expect(next.tracker.text == "http://a/" && next.event == .started && next.trackerID == nil)
    #expect(step(&schedule, at: at(1)) == .idle)
    schedule.answered(response(id: "id"), at: at(2))
    #expect(step(&schedule, at: at(2)) == .wait(until: at(1802)))

    next = try announce(&schedule, at: at(1802))
    #expect(next.event == nil && next.trackerID == Array("id".utf8))
    schedule.answered(response(), at: at(1803))

    schedule.completed(at: at(2000))
    next = try announce(&schedule, at: at(2000))
    #expect(next.event == .completed)
    schedule.answered(response(), at: at(2001))
    #expect(step(&schedule, at: at(2001)) == .wait(until: at(3801)))

    #expect(stopped(&schedule).map(\.event) == [.stopped])
    #expect(stopped(&schedule).isEmpty)
    #expect(step(&schedule, at: at(9999)) == .idle)
  }

  @Test("T01 a failing tracker is followed by the next one at once")
  mutating func failover() throws {
    var schedule = schedule()
    _ = try announce(&schedule, at: at(0))
    schedule.failed(at: at(1), using: &random)
    let next = try announce(&schedule, at: at(1))
    #expect(next.tracker.text == "http://b/" && next.event == .started)
    schedule.answered(response(), at: at(1))
    // The first one gets its chance with the next announce, and hears `started` then.
    let later = try announce(&schedule, at: at(1801))
    #expect(later.tracker.text == "http://a/" && later.event == .started)
    schedule.failed(at: at(1801), using: &random)
    #expect(try announce(&schedule, at: at(1801)).event == nil)
    #expect(stopped(&schedule).map(\.tracker.text) == ["http://b/"])
  }

  @Test("T08 the pause doubles up to ten minutes, and trackers that come back are found")
  mutating func backOff() throws {
    var schedule = schedule([["http://a/"]])
    var now = at(0)
    var pauses: [Double] = []
    while now < at(3600) {
      _ = try announce(&schedule, at: now)
      schedule.failed(at: now, using: &random)
      guard case .wait(let until) = schedule.next(at: now) else { throw Unexpected() }
      pauses.append((until - now).seconds)
      now = until
    }
    for (place, pause) in pauses.enumerated() {
      let base = min(5 * Double(1 << min(place, 20)), 600)
      #expect(pause >= 0.75 * base && pause <= 1.25 * base)
    }
    #expect(pauses.count > 10)
    #expect(try announce(&schedule, at: now).event == .started)
    schedule.answered(response(), at: now)
    #expect(step(&schedule, at: now) == .wait(until: now + .seconds(1800)))
    _ = try announce(&schedule, at: now + .seconds(1800))
    schedule.failed(at: now, using: &random)
    #expect((schedule.nextDue - now).seconds < 7)
  }

  @Test("T03 min interval holds back the wish for peers, and a person may retry")
  mutating func minimumInterval() throws {
    var schedule = schedule()
    _ = try announce(&schedule, at: at(0))
    schedule.answered(response(interval: 1800, minimum: 300), at: at(0))
    schedule.wantsPeers(at: at(10))
    #expect(step(&schedule, at: at(10)) == .wait(until: at(300)))
    schedule.wantsPeers(at: at(400))
    _ = try announce(&schedule, at: at(400))
    schedule.answered(response(interval: 60, minimum: 86400), at: at(400))
    #expect(step(&schedule, at: at(500)) == .wait(until: at(86800)))
    schedule.wantsPeers(at: at(500))
    #expect(step(&schedule, at: at(500)) == .wait(until: at(86800)))
    schedule.retry(at: at(500))
    _ = try announce(&schedule, at: at(500))
  }

  @Test("completion during an announce, and before any tracker has answered")
  mutating func completionAtOddMoments() throws {
    var schedule = schedule([["http://a/"]])
    schedule.completed(at: at(0))
    #expect(try announce(&schedule, at: at(0)).event == .started)
    schedule.answered(response(), at: at(1))
    #expect(try announce(&schedule, at: at(1)).event == .completed)
    schedule.failed(at: at(2), using: &random)
    let due = schedule.nextDue
    #expect(due > at(2))
    #expect(try announce(&schedule, at: due).event == .completed)
    schedule.completed(at: due)
    schedule.answered(response(), at: due)
    #expect(step(&schedule, at: due) == .wait(until: due + .seconds(1800)))
  }

  @Test("who may have been counted in is told of the end")
  mutating func stopUnderWay() throws {
    var schedule = schedule()
    #expect(stopped(&schedule).isEmpty)
    schedule = self.schedule()
    _ = try announce(&schedule, at: at(0))
    #expect(stopped(&schedule).map(\.tracker.text) == ["http://a/"])
    schedule.answered(response(), at: at(1))
    schedule.failed(at: at(1), using: &random)
    #expect(step(&schedule, at: at(1)) == .idle)
  }
}
