import Glibc
import Platform
import Testing

@testable import Transfer

@Suite struct SocketTests {
  /// Both ends of a TCP connection over loopback.
  private final class Pair {
    let client: Descriptor
    let server: Descriptor

    init(at address: IPAddress = .loopbackIPv4) throws {
      let listener = try Socket.listen(at: Endpoint(address, port: 0))
      client = try Socket.connect(to: Socket.localEndpoint(listener.raw), from: address)
      waitFor(listener.raw, POLLIN)
      server = try Self.accept(listener.raw)
    }

    private static func accept(_ listener: Int32) throws -> Descriptor {
      switch Socket.accept(listener) {
      case .connection(let descriptor, _): return descriptor
      case .none: throw SystemError("accept", cause: .wouldBlock)
      case .failed(let error): throw SystemError("accept", cause: Errno(error))
      }
    }
  }

  @Test(arguments: [IPAddress.loopbackIPv4, .loopbackIPv6])
  func connectionCarriesBytesBothWays(address: IPAddress) throws {
    let pair = try Pair(at: address)
    waitFor(pair.client.raw, POLLOUT)
    #expect(Socket.connectError(pair.client.raw) == 0)
    try Socket.setNoDelay(pair.client.raw)
    #expect(try Socket.peerEndpoint(pair.client.raw) == Socket.localEndpoint(pair.server.raw))

    var room = [UInt8](repeating: 0, count: 8)
    #expect(room.withUnsafeMutableBytes { Socket.receive(pair.server.raw, into: $0) } == .wouldBlock)
    #expect([1, 2, 3].withUnsafeBytes { Socket.send(pair.client.raw, $0, more: true) } == .bytes(24))
    let parts: [[UInt8]] = [[10, 11], [12, 13, 14]]
    let sent = parts[0].withUnsafeBytes { a in
      parts[1].withUnsafeBytes { b in
        withBuffers(a, b) { Socket.send(pair.client.raw, $0) }
      }
    }
    #expect(sent == .bytes(5))
    waitFor(pair.server.raw, POLLIN)
    var first = [UInt8](repeating: 0, count: 24)
    var second = [UInt8](repeating: 0, count: 5)
    let got = first.withUnsafeMutableBytes { a in
      second.withUnsafeMutableBytes { b in
        withBuffers(UnsafeRawBufferPointer(a), UnsafeRawBufferPointer(b)) {
          Socket.receive(pair.server.raw, into: $0)
        }
      }
    }
    #expect(got == .bytes(29))
    #expect(first[0] == 1 && first[16] == 3 && second == [10, 11, 12, 13, 14])

    shutdown(pair.server.raw, Int32(SHUT_WR))
    waitFor(pair.client.raw, POLLIN)
    #expect(room.withUnsafeMutableBytes { Socket.receive(pair.client.raw, into: $0) } == .closed)
  }

  @Test func fileIsSentWithoutABuffer() throws {
    let pair = try Pair()
    let raw = memfd()
    let file = Descriptor(owning: raw)
    let bytes = [UInt8](0..<100)
    #expect(pwrite(file.raw, bytes, bytes.count, 0) == 100)
    #expect(Socket.sendFile(pair.client.raw, file: file.raw, offset: 90, count: 50) == .bytes(10))
    #expect(Socket.sendFile(pair.client.raw, file: file.raw, offset: 100, count: 50) == .closed)
    waitFor(pair.server.raw, POLLIN)
    var room = [UInt8](repeating: 0, count: 50)
    #expect(room.withUnsafeMutableBytes { Socket.receive(pair.server.raw, into: $0) } == .bytes(10))
    #expect(Array(room[..<10]) == Array(90..<100))
  }

  @Test func closedConnectionIsAnErrorAndNotASignal() throws {
    ProcessSignals.ignoreBrokenPipe()
    let pair = try Pair()
    let file = Descriptor(owning: memfd())
    #expect(pwrite(file.raw, "x", 1, 0) == 1)
    shutdown(pair.client.raw, Int32(SHUT_WR))
    #expect([1].withUnsafeBytes { Socket.send(pair.client.raw, $0) } == .failed(EPIPE))
    #expect(Socket.sendFile(pair.client.raw, file: file.raw, offset: 0, count: 1) == .failed(EPIPE))
  }

  @Test func refusedConnectionIsTold() throws {
    // A port that was just ours, and that nobody listens at.
    let endpoint: Endpoint
    do {
      let listener = try Socket.listen(at: Endpoint(.loopbackIPv4, port: 0))
      endpoint = try Socket.localEndpoint(listener.raw)
    }
    do {
      let client = try Socket.connect(to: endpoint)
      waitFor(client.raw, POLLOUT)
      #expect(Socket.connectError(client.raw) == ECONNREFUSED)
    } catch {
      #expect(error.cause.code == ECONNREFUSED)
    }
  }

  @Test func bothFamiliesListenOnOnePort() throws {
    let six = try Socket.listen(at: Endpoint(.anyIPv6, port: 0))
    let port = try Socket.localEndpoint(six.raw).port
    let four = try Socket.listen(at: Endpoint(.anyIPv4, port: port))
    #expect(try Socket.localEndpoint(four.raw).port == port)
  }

  @Test func portInUseNamesTheAddress() throws {
    let first = try Socket.listen(at: Endpoint(.loopbackIPv4, port: 0))
    let endpoint = try Socket.localEndpoint(first.raw)
    let error = #expect(throws: SystemError.self) { _ = try Socket.listen(at: endpoint).raw }
    #expect(error?.cause.code == EADDRINUSE)
    #expect(error?.description == "bind \(endpoint): Address already in use")
  }

  @Test func datagramsSayWhereTheyComeFrom() throws {
    let a = try Socket.bindDatagram(to: Endpoint(.loopbackIPv6, port: 0))
    let b = try Socket.bindDatagram(to: Endpoint(.loopbackIPv6, port: 0))
    let sent = [UInt8]("hello".utf8).withUnsafeBytes {
      Socket.send(a.raw, $0, to: try! Socket.localEndpoint(b.raw))
    }
    #expect(sent == .bytes(5))
    waitFor(b.raw, POLLIN)
    var sender: Endpoint?
    var room = [UInt8](repeating: 0, count: 16)
    #expect(room.withUnsafeMutableBytes { Socket.receive(b.raw, into: $0, from: &sender) } == .bytes(5))
    #expect(try sender == Socket.localEndpoint(a.raw))
    #expect(room.withUnsafeMutableBytes { Socket.receive(b.raw, into: $0, from: &sender) } == .wouldBlock)
  }

  @Test func multicastReachesEverySocketOnLoopback() throws {
    let group = try #require(IPAddress("239.192.77.88"))
    let first = try Socket.bindDatagram(to: Endpoint(.anyIPv4, port: 0), shared: true)
    let port = try Socket.localEndpoint(first.raw).port
    let second = try Socket.bindDatagram(to: Endpoint(.anyIPv4, port: port), shared: true)
    for raw in [first.raw, second.raw] { try Socket.join(raw, group: group, on: .ipv4(.loopbackIPv4)) }
    let sender = try Socket.bindDatagram(to: Endpoint(.anyIPv4, port: 0))
    try Socket.sendMulticast(sender.raw, by: .ipv4(.loopbackIPv4))
    let sent = [UInt8]("news".utf8).withUnsafeBytes {
      Socket.send(sender.raw, $0, to: Endpoint(group, port: port))
    }
    #expect(sent == .bytes(4))
    for raw in [first.raw, second.raw] {
      waitFor(raw, POLLIN)
      var from: Endpoint?
      var room = [UInt8](repeating: 0, count: 16)
      #expect(room.withUnsafeMutableBytes { Socket.receive(raw, into: $0, from: &from) } == .bytes(4))
    }
  }

  @Test func multicastOverIPv6ByInterfaceNumber() throws {
    let group = try #require(IPAddress("ff15::77:88"))
    let loopback = try #require(try NetworkInterface.all().first { $0.isLoopback })
    let receiver = try Socket.bindDatagram(to: Endpoint(.anyIPv6, port: 0), shared: true)
    try Socket.join(receiver.raw, group: group, on: .ipv6(loopback.index))
    // Once more says that it has been joined: the first call did something.
    let error = #expect(throws: SystemError.self) {
      try Socket.join(receiver.raw, group: group, on: .ipv6(loopback.index))
    }
    #expect(error?.cause.code == EADDRINUSE)
    let sender = try Socket.bindDatagram(to: Endpoint(.anyIPv6, port: 0))
    try Socket.sendMulticast(sender.raw, by: .ipv6(loopback.index))
    let port = try Socket.localEndpoint(receiver.raw).port
    let sent = [UInt8]("news".utf8).withUnsafeBytes {
      Socket.send(sender.raw, $0, to: Endpoint(group, port: port))
    }
    // A loopback interface has a route for IPv6 multicast only where someone has set one up.
    if sent == .failed(ENETUNREACH) { return }
    #expect(sent == .bytes(4))
    waitFor(receiver.raw, POLLIN)
  }

  @Test func loopbackIsAmongTheInterfaces() throws {
    let loopback = try #require(try NetworkInterface.all().first { $0.isLoopback })
    #expect(loopback.addresses.contains(.loopbackIPv4))
    #expect(loopback.index > 0 && loopback.isUp)
  }

  @Test func descriptorIsClosedByItsOwner() throws {
    var pair: [Int32] = [0, 0]
    #expect(pipe(&pair) == 0)
    let reader = Descriptor(owning: pair[0])
    do { _ = Descriptor(owning: pair[1]) }
    // The writing end is gone, so reading finds the end.
    var byte: UInt8 = 0
    #expect(read(reader.raw, &byte, 1) == 0)
    #expect(reader.close() == 0)
    #expect(Descriptor(owning: -1).close() == EBADF)
  }
}

/// Waits until the descriptor is ready; a test that waits longer than ten seconds has failed.
func waitFor(_ descriptor: Int32, _ events: Int32) {
  var entry = pollfd(fd: descriptor, events: Int16(events), revents: 0)
  let count = poll(&entry, 1, 10_000)
  #expect(count == 1, "nothing happened on the descriptor")
}

private func memfd() -> Int32 {
  var template = Array("/tmp/socket-test-XXXXXX".utf8CString)
  let raw = mkstemp(&template)
  unlink(template)
  return raw
}

private func withBuffers<R>(
  _ a: UnsafeRawBufferPointer, _ b: UnsafeRawBufferPointer, _ body: (UnsafeBufferPointer<iovec>) -> R
) -> R {
  [a, b].map { iovec(iov_base: UnsafeMutableRawPointer(mutating: $0.baseAddress), iov_len: $0.count) }
    .withUnsafeBufferPointer(body)
}
