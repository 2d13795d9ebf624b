import Platform

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Host names to addresses, by the system's rules (`getaddrinfo`).
///
/// A look-up can take as long as the system's configuration says, and can't be called off: who can't wait sets
/// a timer and ignores the answer.
package final class Resolver: Sendable {
  private let workers: WorkerThreads

  /// - Parameter threads: how many look-ups go on at once; as many as `capacity` wait.
  init(threads: Int = 2, capacity: Int = 256) throws(SystemError) {
    workers = try WorkerThreads(threads, capacity: capacity, named: "resolver")
  }

  /// A name that could not be looked up.
  package struct Failure: Error, Hashable, Sendable, CustomStringConvertible {
    let host: String
    /// The system's words.
    let reason: String
    /// "tracker.example: Name or service not known". The host is not escaped.
    package var description: String { "\(host): \(reason)" }
  }

  /// Answers once, with at least one address or a failure: on one of the resolver's threads, or before this
  /// returns when `host` is an address itself or the queue is full.
  func resolve(_ host: String, _ answer: @escaping @Sendable (Result<[IPAddress], Failure>) -> Void) {
    if let address = IPAddress(host) { return answer(.success([address])) }
    let isAccepted = workers.submit { answer(Self.lookUp(host)) }
    if !isAccepted { answer(.failure(Failure(host: host, reason: "too many look-ups are waiting"))) }
  }

  /// Waits for look-ups that were begun, and ends the threads.
  func shutdown() { workers.shutdown() }

  /// Blocks. Addresses in the order in which the system would try them, each once.
  package static func lookUp(_ host: String) -> Result<[IPAddress], Failure> {
    // A NUL would cut the name short for C.
    guard !host.isEmpty, !host.utf8.contains(0) else {
      return .failure(Failure(host: host, reason: "not a host name"))
    }
    var hints = addrinfo()
    hints.ai_family = AF_UNSPEC
    hints.ai_socktype = Socket.stream
    var first: UnsafeMutablePointer<addrinfo>?
    let code = getaddrinfo(host, nil, &hints, &first)
    guard code == 0 else {
      let reason =
        code == EAI_SYSTEM
        ? Errno(errno).description : gai_strerror(code).map { String(cString: $0) } ?? "error \(code)"
      return .failure(Failure(host: host, reason: reason))
    }
    defer { freeaddrinfo(first) }
    var addresses: [IPAddress] = []
    var next = first
    while let entry = next?.pointee {
      next = entry.ai_next
      guard let pointer = entry.ai_addr, let endpoint = SocketAddress.endpoint(at: pointer) else { continue }
      if !addresses.contains(endpoint.address) { addresses.append(endpoint.address) }
    }
    guard !addresses.isEmpty else { return .failure(Failure(host: host, reason: "no address")) }
    return .success(addresses)
  }
}
