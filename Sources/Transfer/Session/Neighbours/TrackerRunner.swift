import Metainfo
import Text

/// Announces one torrent to its trackers: performs what its `AnnounceSchedule` decides.
///
/// Lives on the loop's thread. What it reports may be shown as it is: words of trackers are escaped,
/// passwords in URLs left out.
final class TrackerRunner {
  /// What does not change in a torrent's announces.
  struct Facts {
    let infoHash: InfoHash
    let peerID: PeerID
    /// Where peers are accepted.
    let port: UInt16
    let announce: AnnounceTiers
    /// For one tracker to answer.
    var deadline = Instant.Span.seconds(25)
  }

  /// For all trackers together to be told of the end.
  static let farewellDeadline = Instant.Span.seconds(5)

  private let means: HTTPExchange.Means
  private let facts: Facts
  private let totals: () -> TransferTotals
  private let found: ([Endpoint]) -> Void
  private let report: (_ url: String, TrackerOutcome) -> Void

  private var random = SystemRandomNumberGenerator()
  private var schedule: AnnounceSchedule
  private let key: UInt32
  private var exchange: HTTPExchange?
  private var timer: Timer?
  private var farewells: [Int: HTTPExchange] = [:]
  /// Who waits for the end; `nil` until the end is asked for.
  private var waiting: [() -> Void]?

  /// - Parameters:
  ///   - totals: asked for before each announce.
  ///   - found: hears of the peers of each answer.
  ///   - report: hears what came of each announce but the last, and of trackers that can't be asked.
  init(
    _ facts: Facts, by means: HTTPExchange.Means, totals: @escaping () -> TransferTotals,
    found: @escaping ([Endpoint]) -> Void, report: @escaping (_ url: String, TrackerOutcome) -> Void
  ) {
    self.means = means
    self.facts = facts
    self.totals = totals
    self.found = found
    self.report = report
    schedule = AnnounceSchedule(
      facts.announce, at: means.loop.now, spread: .random(in: 0...0.1, using: &random), using: &random)
    key = random.next()
  }

  /// Announces now, and from now on.
  func start() {
    for (text, reason) in schedule.unusable {
      report(Escaping.escaped(RedactedURL.text(text)), .failure("\(reason)"))
    }
    step()
  }

  /// The download is complete, which it was not at the start.
  func completed() {
    schedule.completed(at: means.loop.now)
    step()
  }

  /// Asks again as early as the tracker allows.
  func wantsPeers() {
    let due = schedule.nextDue
    schedule.wantsPeers(at: means.loop.now)
    if schedule.nextDue != due { step() }
  }

  /// Ends all announces, and tells the trackers that have answered. `completion` comes when they know, 5
  /// seconds later at the latest, and before this returns when there is nobody to tell (any more).
  func stop(_ completion: @escaping () -> Void) {
    if waiting == nil {
      waiting = []
      exchange?.cancel()
      exchange = nil
      timer.take().map(means.loop.cancel)
      for (number, announce) in schedule.stop().enumerated() {
        // Holds this object until all are done.
        farewells[number] = HTTPExchange(url(for: announce), by: means, deadline: Self.farewellDeadline) {
          _ in
          self.ended(farewell: number)
        }
      }
      for farewell in farewells.values { farewell.start() }
    }
    if farewells.isEmpty { completion() } else { waiting?.append(completion) }
  }

  private func ended(farewell number: Int) {
    farewells[number] = nil
    guard farewells.isEmpty else { return }
    let completions = waiting ?? []
    waiting = []
    for completion in completions { completion() }
  }

  // MARK: Announces

  private func step() {
    timer.take().map(means.loop.cancel)
    let now = means.loop.now
    switch schedule.next(at: now) {
    case .idle: break
    case .wait(let due):
      timer = means.loop.schedule(after: due - now) { [weak self] in self?.step() }
    case .announce(let announce):
      let exchange = HTTPExchange(url(for: announce), by: means, deadline: facts.deadline) { [weak self] in
        self?.ended(announce, $0)
      }
      self.exchange = exchange
      exchange.start()
    }
  }

  private func url(for announce: AnnounceSchedule.Announce) -> HTTPURL {
    AnnounceRequest(
      infoHash: facts.infoHash, peerID: facts.peerID, port: facts.port, totals: totals(),
      event: announce.event,
      key: key, trackerID: announce.trackerID
    ).url(at: announce.tracker.url)
  }

  private func ended(
    _ announce: AnnounceSchedule.Announce, _ result: Result<HTTPExchange.Answer, HTTPExchangeError>
  ) {
    exchange = nil
    let url = Escaping.escaped(RedactedURL.text(announce.tracker.text))
    do throws(AnnounceError) {
      let response = try response(result)
      schedule.answered(response, at: means.loop.now)
      step()
      if let warning = response.warning { report(url, .warning(Escaping.escaped(warning))) }
      report(url, .peers(response.peers.count))
      if !response.peers.isEmpty { found(response.peers) }
    } catch {
      schedule.failed(at: means.loop.now, using: &random)
      step()
      report(url, .failure(Escaping.escaped("\(error)")))
    }
  }

  private func response(
    _ result: Result<HTTPExchange.Answer, HTTPExchangeError>
  ) throws(AnnounceError) -> AnnounceResponse {
    switch result {
    case .success(let answer):
      return try AnnounceError.response(
        to: answer.head, body: answer.body, own: (facts.peerID, facts.port))
    case .failure(.network(let reason)): throw .network(reason)
    case .failure(.http(let error)): throw .http(error)
    case .failure(.redirect(let error)): throw .redirect(error)
    }
  }
}
