import Platform

/// One GET over HTTP, redirections included: look-up, connection, request, answer, within one deadline.
///
/// Lives on its loop's thread. Whoever starts it keeps it until it has answered or has been cancelled.
final class HTTPExchange {
  struct Answer {
    let head: HTTPResponseHead
    let body: [UInt8]
  }

  /// How an exchange is made.
  struct Means {
    let loop: EventLoop
    let resolver: Resolver
    /// Where connections come from; for a family that is not among them the system chooses.
    var localAddresses: [IPAddress] = []
    var limits = HTTPResponseParser.Limits()
  }

  /// Addresses of one name that are tried.
  private static let addressLimit = 8
  /// For one connection to be made while there are other addresses to try.
  private static let connectPatience = Instant.Span.seconds(5)

  private let means: Means
  private var redirects: HTTPRedirects
  private let deadline: Instant.Span
  private var completion: ((Result<Answer, HTTPExchangeError>) -> Void)?

  private var addresses: ArraySlice<IPAddress> = []
  private var connection: HTTPConnection?
  private var lastFailure = HTTPExchangeError.network("no address")
  private var deadlineTimer: Timer?
  private var connectTimer: Timer?

  /// - Parameter deadline: for all of it.
  init(
    _ url: HTTPURL, by means: Means, deadline: Instant.Span,
    _ completion: @escaping (Result<Answer, HTTPExchangeError>) -> Void
  ) {
    self.means = means
    self.deadline = deadline
    self.completion = completion
    redirects = HTTPRedirects(from: url)
  }

  /// The answer never comes before this returns.
  func start() {
    deadlineTimer = means.loop.schedule(after: deadline) { [weak self] in
      guard let self else { return }
      finish(.failure(.network("no answer within \(Int(deadline.seconds.rounded(.up))) s")))
    }
    resolve()
  }

  /// It will not answer.
  func cancel() {
    completion = nil
    release()
  }

  private func release() {
    connection?.close()
    connection = nil
    for timer in [deadlineTimer, connectTimer] { timer.map(means.loop.cancel) }
    deadlineTimer = nil
    connectTimer = nil
  }

  private func finish(_ result: Result<Answer, HTTPExchangeError>) {
    let completion = completion.take()
    release()
    completion?(result)
  }

  // MARK: Look-up

  /// Carries an exchange through the resolver's threads, which do not touch it.
  private struct Parcel: @unchecked Sendable {
    weak var exchange: HTTPExchange?
  }

  private func resolve() {
    let url = redirects.current
    guard url.address == nil else { return later { $0.resolved(url.address.map { [$0] } ?? []) } }
    let parcel = Parcel(exchange: self)
    let loop = means.loop
    means.resolver.resolve(url.host) { result in
      loop.post {
        switch result {
        case .success(let addresses): parcel.exchange?.resolved(addresses)
        case .failure(let failure): parcel.exchange?.finish(.failure(.network("\(failure)")))
        }
      }
    }
  }

  private func later(_ body: @escaping (HTTPExchange) -> Void) {
    connectTimer = means.loop.schedule(after: .seconds(0)) { [weak self] in self.map(body) }
  }

  private func resolved(_ addresses: [IPAddress]) {
    guard completion != nil else { return }
    self.addresses = addresses.prefix(Self.addressLimit)
    connectNext()
  }

  // MARK: Connection

  private func connectNext() {
    connectTimer.take().map(means.loop.cancel)
    connection?.close()
    connection = nil
    guard let address = addresses.popFirst() else { return finish(.failure(lastFailure)) }
    let url = redirects.current
    let endpoint = Endpoint(address, port: url.port)
    let local = means.localAddresses.first { $0.isIPv4 == address.isIPv4 }
    do throws(SystemError) {
      connection = try HTTPConnection(
        to: endpoint, from: local, on: means.loop, sending: HTTPRequest(url).encoded, limits: means.limits
      ) { [weak self] event in self?.handle(event) }
    } catch {
      return failed(error.reason, at: endpoint)
    }
    guard !addresses.isEmpty else { return }
    connectTimer = means.loop.schedule(after: Self.connectPatience) { [weak self] in
      self?.failed("no connection", at: endpoint)
    }
  }

  private func failed(_ reason: String, at endpoint: Endpoint) {
    lastFailure = .network("\(endpoint): \(reason)")
    connectNext()
  }

  private func handle(_ event: HTTPConnection.Event) {
    switch event {
    case .connected:
      connectTimer.take().map(means.loop.cancel)
    case .refused(let endpoint, let reason):
      failed(reason, at: endpoint)
    case .broken(let endpoint, let reason):
      finish(.failure(.network("\(endpoint): \(reason)")))
    case .unreadable(let error):
      finish(.failure(.http(error)))
    case .answered(let head, let body):
      answered(head, body)
    }
  }

  private func answered(_ head: HTTPResponseHead, _ body: [UInt8]) {
    do throws(HTTPRedirectError) {
      guard try redirects.follow(head) != nil else { return finish(.success(Answer(head: head, body: body))) }
    } catch {
      return finish(.failure(.redirect(error)))
    }
    connection?.close()
    connection = nil
    resolve()
  }
}

/// Why an exchange brought no answer.
enum HTTPExchangeError: Error, Hashable, Sendable {
  /// No connection, or none for long enough; in words, which are not escaped.
  case network(String)
  case http(HTTPError)
  case redirect(HTTPRedirectError)
}
