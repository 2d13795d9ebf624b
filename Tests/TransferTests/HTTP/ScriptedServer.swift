import Glibc
import Platform

@testable import Transfer

/// An HTTP server on loopback that answers each request with what a test wants, right or wrong. One connection after
/// the other.
final class ScriptedServer: Sendable {
  enum Answer: Sendable {
    case text(String)
    case bytes([UInt8])
    /// One byte at a time, with so many milliseconds between, until the client goes.
    case drip([UInt8], milliseconds: UInt32)
    /// The text, then this piece again and again until the client goes.
    case endless(String, piece: String)
    /// Nothing until the client goes.
    case silence

    static func ok(_ body: String) -> Answer {
      .text("HTTP/1.1 200 OK\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
    }
    static func redirect(_ location: String) -> Answer {
      .text("HTTP/1.1 302 Found\r\nLocation: \(location)\r\nContent-Length: 0\r\n\r\n")
    }
  }

  let endpoint: Endpoint
  private let listener: Int32
  private let seen = Lock<[String]>([])
  private let script: @Sendable (_ target: String, _ number: Int) -> Answer

  /// - Parameter script: target and number (from 0) of a request to its answer.
  init(
    at address: IPAddress = .loopbackIPv4,
    _ script: @escaping @Sendable (_ target: String, _ number: Int) -> Answer
  ) throws {
    self.script = script
    let descriptor = try Socket.listen(at: Endpoint(address, port: 0))
    endpoint = try Socket.localEndpoint(descriptor.raw)
    // Here blocking calls are simplest.
    listener = descriptor.release()
    setBlocking(listener)
    try PlainThread.start(named: "server") { [self] in serve() }.detach()
  }

  /// Lets the thread end.
  func stop() { shutdown(listener, Int32(SHUT_RDWR)) }

  var url: String { "http://\(endpoint)" }

  /// The request lines' targets, in order.
  var targets: [String] { seen.withLock { $0 } }

  private func serve() {
    while true {
      let client = accept(listener, nil, nil)
      guard client >= 0 else { break }
      answer(client)
      close(client)
    }
    close(listener)
  }

  private func answer(_ client: Int32) {
    var request: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while !request.suffix(4).elementsEqual("\r\n\r\n".utf8) {
      let count = recv(client, &buffer, buffer.count, 0)
      guard count > 0 else { return }
      request += buffer[..<count]
    }
    let target = String(decoding: request.split(separator: 0x20)[1], as: UTF8.self)
    let number = seen.withLock { seen in
      seen.append(target)
      return seen.count - 1
    }
    switch script(target, number) {
    case .text(let text): _ = send(client, Array(text.utf8))
    case .bytes(let bytes): _ = send(client, bytes)
    case .drip(let bytes, let milliseconds):
      for byte in bytes {
        guard send(client, [byte]) else { return }
        // Waits, and hears at once when the client goes.
        var poll = pollfd(fd: client, events: Int16(POLLIN), revents: 0)
        guard Glibc.poll(&poll, 1, Int32(milliseconds)) == 0 else { return }
      }
    case .endless(let start, let piece):
      guard send(client, Array(start.utf8)) else { return }
      while send(client, Array(piece.utf8)) {}
    case .silence: _ = recv(client, &buffer, 1, 0)
    }
  }

  private func send(_ client: Int32, _ bytes: [UInt8]) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.send(client, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
      guard count > 0 else { return false }
      rest = rest.dropFirst(count)
    }
    return true
  }
}

private func setBlocking(_ descriptor: Int32) {
  _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) & ~O_NONBLOCK)
}
