import Glibc
import Testing

@testable import Transfer

/// Makes exchanges on a loop of its own.
private actor Client {
  let loop: EventLoop
  let resolver: Resolver
  private var exchanges: [Int: HTTPExchange] = [:]
  nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

  init() throws {
    loop = try EventLoop(named: "exchanges")
    resolver = try Resolver()
    try loop.start()
  }

  nonisolated func end() {
    loop.stop()
    resolver.shutdown()
  }

  func get(_ text: String, deadline: Instant.Span = .seconds(10)) async throws -> Result<
    String, HTTPExchangeError
  > {
    let url = try HTTPURL(text)
    let number = exchanges.count
    return await withCheckedContinuation { continuation in
      let exchange = HTTPExchange(url, by: .init(loop: loop, resolver: resolver), deadline: deadline) {
        result in
        continuation.resume(
          returning: result.map { "\($0.head.status) \(String(decoding: $0.body, as: UTF8.self))" })
      }
      exchanges[number] = exchange
      exchange.start()
    }
  }

  /// Starts an exchange, calls it off and waits; whether it has kept quiet.
  func isQuietAfterCancelling(_ text: String) async throws -> Bool {
    var isQuiet = true
    let exchange = HTTPExchange(
      try HTTPURL(text), by: .init(loop: loop, resolver: resolver), deadline: .milliseconds(20)
    ) { _ in isQuiet = false }
    exchange.start()
    exchange.cancel()
    await withCheckedContinuation { continuation in
      _ = loop.schedule(after: .milliseconds(60)) { continuation.resume() }
    }
    return isQuiet
  }
}

@Suite(.timeLimit(.minutes(5))) struct HTTPExchangeTests {
  /// One request to a server with one answer.
  private func outcome(
    _ answer: ScriptedServer.Answer, deadline: Instant.Span = .seconds(10)
  ) async throws -> Result<String, HTTPExchangeError> {
    let server = try ScriptedServer { _, _ in answer }
    let client = try Client()
    defer {
      server.stop()
      client.end()
    }
    return try await client.get("\(server.url)/a", deadline: deadline)
  }

  @Test func answers() async throws {
    #expect(try await outcome(.ok("hello")) == .success("200 hello"))
    #expect(try await outcome(.text("HTTP/1.0 200 OK\r\n\r\nuntil close")) == .success("200 until close"))
    #expect(try await outcome(.text("HTTP/1.1 404 Not Found\r\n\r\nx")) == .success("404 x"))
    let large = String(repeating: "0123456789", count: 100_000)
    #expect(try await outcome(.ok(large)) == .success("200 \(large)"))
  }

  @Test("T01 chunked forms over a real connection, whole and byte by byte")
  func chunked() async throws {
    let text =
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nT: u\r\n\r\n"
    #expect(try await outcome(.text(text)) == .success("200 abcde"))
    #expect(try await outcome(.drip(Array(text.utf8), milliseconds: 0)) == .success("200 abcde"))
  }

  @Test("T01 answers that end too early or never")
  func bad() async throws {
    #expect(try await outcome(.text("")) == .failure(.http(.noAnswer)))
    #expect(
      try await outcome(.text("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc"))
        == .failure(.http(.truncated)))
    #expect(try await outcome(.text("SSH-2.0-x\r\n")) == .failure(.http(.notHTTP)))
    #expect(
      try await outcome(.endless("HTTP/1.1 200 OK\r\n", piece: "X: yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy\r\n"))
        == .failure(.http(.headerTooLarge)))
    #expect(
      try await outcome(.endless("HTTP/1.1 200 OK\r\nX: ", piece: String(repeating: "y", count: 1000)))
        == .failure(.http(.headerTooLarge)))
    #expect(
      try await outcome(.endless("HTTP/1.1 200 OK\r\n\r\n", piece: String(repeating: "y", count: 10_000)))
        == .failure(.http(.bodyTooLarge(limit: 1 << 20))))
  }

  @Test("T01 a byte now and then does not outlive the deadline")
  func slow() async throws {
    let start = EventLoop.clock()
    let bytes = Array("HTTP/1.1 200 OK\r\n".utf8) + [UInt8](repeating: 0x61, count: 10_000)
    let slow = try await outcome(.drip(bytes, milliseconds: 20), deadline: .milliseconds(300))
    #expect(slow == .failure(.network("no answer within 1 s")))
    #expect(
      try await outcome(.silence, deadline: .milliseconds(100)) == .failure(.network("no answer within 1 s")))
    // The drip alone would take 200 seconds; the rest is room for a busy machine.
    #expect(EventLoop.clock() - start < .seconds(60))
  }

  @Test func nobodyListens() async throws {
    let descriptor = try Socket.listen(at: Endpoint(.loopbackIPv4, port: 0))
    let endpoint = try Socket.localEndpoint(descriptor.raw)
    _ = descriptor.close()
    let client = try Client()
    defer { client.end() }
    #expect(
      try await client.get("http://\(endpoint)/") == .failure(.network("\(endpoint): Connection refused")))
  }

  @Test("a name with several addresses: the next is tried when one refuses")
  func names() async throws {
    // "localhost" is ::1 before 127.0.0.1 on many machines; the server is on the latter alone.
    let server = try ScriptedServer { _, _ in .ok("x") }
    let client = try Client()
    defer {
      server.stop()
      client.end()
    }
    #expect(try await client.get("http://localhost:\(server.endpoint.port)/") == .success("200 x"))
    switch try await client.get("http://name.invalid/") {
    case .failure(.network(let reason)): #expect(reason.hasPrefix("name.invalid: "))
    case let other: Issue.record("\(other)")
    }
  }

  @Test("T01 redirect chains")
  func redirects() async throws {
    let server = try ScriptedServer { target, _ in
      switch target {
      case "/a": .redirect("/b")
      case "/b": .redirect("c?x=y")
      case "/c?x=y": .ok("there")
      case "/loop": .redirect("/loop2")
      case "/loop2": .redirect("/loop")
      case "/secure": .redirect("https://127.0.0.1/")
      default: .redirect(target + "x")
      }
    }
    let client = try Client()
    defer {
      server.stop()
      client.end()
    }
    #expect(try await client.get("\(server.url)/a") == .success("200 there"))
    #expect(server.targets == ["/a", "/b", "/c?x=y"])
    #expect(try await client.get("\(server.url)/loop") == .failure(.redirect(.loop)))
    #expect(try await client.get("\(server.url)/x") == .failure(.redirect(.tooMany)))
    #expect(server.targets.count == 3 + 2 + 6)
    #expect(
      try await client.get("\(server.url)/secure")
        == .failure(.redirect(.badLocation(.unsupportedScheme("https")))))
  }

  @Test func aCancelledOneKeepsQuiet() async throws {
    let server = try ScriptedServer { _, _ in .ok("x") }
    let client = try Client()
    defer {
      server.stop()
      client.end()
    }
    #expect(try await client.isQuietAfterCancelling(server.url))
    #expect(try await client.isQuietAfterCancelling("http://localhost:1/"))
  }
}
