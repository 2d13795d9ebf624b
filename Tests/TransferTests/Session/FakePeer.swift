import Foundation
import Glibc
import Metainfo
import Platform
import Synchronization
import Testing

@testable import Transfer

/// Runs something that blocks on a thread of its own: the threads that tests run on are few.
func onThread<T: Sendable>(_ body: @escaping @Sendable () throws -> T) async throws -> T {
  try await withCheckedThrowingContinuation { continuation in
    Thread { continuation.resume(with: Result { try body() }) }.start()
  }
}

/// What a thread waits for, with a deadline.
final class Gate: Sendable {
  private let semaphore = DispatchSemaphore(value: 0)

  /// For all who wait, and who will.
  func open() { semaphore.signal() }

  func wait() {
    _ = semaphore.wait(timeout: .now() + .seconds(FakePeer.deadline))
    semaphore.signal()
  }
}

/// The far end of a connection, as a test wants it: blocking, with a deadline for every call.
final class FakePeer {
  enum Failure: Error { case closed, late, failed(Int32), notAFrame }

  /// What comes off the wire.
  enum Frame: Equatable {
    case message(Message)
    case block(RawBlock, [UInt8])
  }

  static let deadline = 20

  private var descriptor: Descriptor?
  private let socket: Int32
  /// The local end's address, as the session sees it.
  let endpoint: Endpoint

  init(_ descriptor: consuming Descriptor) throws {
    socket = descriptor.raw
    self.descriptor = consume descriptor
    endpoint = try Socket.localEndpoint(socket)
    _ = fcntl(socket, F_SETFL, 0)
    try Socket.setNoDelay(socket)
    try Socket.set(socket, SOL_SOCKET, SO_RCVTIMEO, timeval(tv_sec: Self.deadline, tv_usec: 0))
    try Socket.set(socket, SOL_SOCKET, SO_SNDTIMEO, timeval(tv_sec: Self.deadline, tv_usec: 0))
  }

  convenience init(connectingTo endpoint: Endpoint) throws {
    try self.init(try Self.connect(to: endpoint))
    guard Socket.connectError(socket) == 0 else { throw Failure.closed }
  }

  private static func connect(to endpoint: Endpoint) throws -> Descriptor {
    let descriptor = try Socket.connect(to: endpoint)
    var poll = pollfd(fd: descriptor.raw, events: Int16(POLLOUT), revents: 0)
    guard Glibc.poll(&poll, 1, Int32(deadline) * 1000) == 1 else { throw Failure.late }
    return descriptor
  }

  // MARK: Sending

  func send(_ bytes: [UInt8]) throws {
    var rest = bytes[...]
    while !rest.isEmpty {
      switch rest.withUnsafeBytes({ Socket.send(socket, $0) }) {
      case .bytes(let count): rest = rest.dropFirst(count)
      case .wouldBlock: throw Failure.late
      case .closed: throw Failure.closed
      case .failed(let error): throw Failure.failed(error)
      }
    }
  }

  func send(_ messages: Message...) throws { try send(messages.flatMap(\.encoded)) }

  static func frame(_ raw: RawBlock, _ bytes: [UInt8]) -> [UInt8] {
    var frame: [UInt8] = []
    RawBlock(piece: raw.piece, offset: raw.offset, length: UInt32(bytes.count)).encodePieceHeader(
      into: &frame)
    return frame + bytes
  }

  func send(_ raw: RawBlock, _ bytes: [UInt8]) throws { try send(Self.frame(raw, bytes)) }

  // MARK: Receiving

  func receive(_ count: Int) throws -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    var filled = 0
    while filled < count {
      let result = bytes.withUnsafeMutableBytes {
        Socket.receive(socket, into: UnsafeMutableRawBufferPointer(rebasing: $0[filled...]))
      }
      switch result {
      case .bytes(let more): filled += more
      case .wouldBlock: throw Failure.late
      case .closed: throw Failure.closed
      case .failed(ECONNRESET), .failed(EPIPE): throw Failure.closed
      case .failed(let error): throw Failure.failed(error)
      }
    }
    return bytes
  }

  /// The next message that is not a keep-alive.
  func next(_ sample: SampleTorrent) throws -> Frame {
    while true {
      let prefix = try receive(4)
      let length = prefix.reduce(0) { $0 << 8 | Int($1) }
      if length == 0 { continue }
      let bytes = prefix + (try receive(length))
      let step = try bytes.withUnsafeBytes {
        try FrameDecoder(pieceCount: sample.geometry.pieceCount).decode($0.bytes)
      }
      switch step {
      case .message(let message, bytes.count): return .message(message)
      case .block(let raw): return .block(raw, Array(bytes.dropFirst(RawBlock.headerLength)))
      default: throw Failure.notAFrame
      }
    }
  }

  /// Passes over messages until this one.
  func expect(_ message: Message, _ sample: SampleTorrent) throws {
    while try next(sample) != .message(message) {}
  }

  /// Passes over messages until a block.
  func nextBlock(_ sample: SampleTorrent) throws -> (raw: RawBlock, bytes: [UInt8]) {
    while true {
      if case .block(let raw, let bytes) = try next(sample) { return (raw, bytes) }
    }
  }

  /// Passes over messages until a request.
  func nextRequest(_ sample: SampleTorrent) throws -> RawBlock {
    while true {
      if case .message(.request(let raw)) = try next(sample) { return raw }
    }
  }

  /// Whether the other side closes before the deadline; what it sends until then is passed over.
  func isClosed() -> Bool {
    do {
      while true { _ = try receive(1) }
    } catch Failure.closed {
      return true
    } catch {
      return false
    }
  }

  // MARK: Handshake and end

  static func id(_ number: Int = 1) -> PeerID {
    let digits = String(number)
    let id = "-FK0001-" + String(repeating: "0", count: 12 - digits.utf8.count) + digits
    return PeerID(Array(id.utf8))!
  }

  static func handshake(
    _ sample: SampleTorrent, id: PeerID = id(), fast: Bool = true, extensions: Bool = false
  ) -> [UInt8] {
    Handshake(
      infoHash: sample.torrent.infoHash, peerID: id, supportsFast: fast, supportsExtensions: extensions
    ).encoded
  }

  /// Sends a handshake and takes the other one.
  @discardableResult
  func shakeHands(
    _ sample: SampleTorrent, id: PeerID = id(), fast: Bool = true, extensions: Bool = false
  ) throws -> Handshake {
    try send(Self.handshake(sample, id: id, fast: fast, extensions: extensions))
    return try takeHandshake()
  }

  func takeHandshake() throws -> Handshake {
    guard let handshake = try Handshake.decode(try receive(Handshake.length)) else { throw Failure.notAFrame }
    return handshake
  }

  func close() { descriptor = nil }

  /// Ends the connection with a reset instead of an orderly end.
  func reset() {
    try? Socket.set(socket, SOL_SOCKET, SO_LINGER, linger(l_onoff: 1, l_linger: 0))
    close()
  }
}

/// A port that fake peers are accepted at.
final class FakeListener: Sendable {
  private let descriptor: Descriptor
  let endpoint: Endpoint

  init(at address: IPAddress = .loopbackIPv4) throws {
    let descriptor = try Socket.listen(at: Endpoint(address, port: 0))
    endpoint = try Socket.localEndpoint(descriptor.raw)
    self.descriptor = consume descriptor
  }

  /// The next connection, or `nil` when none comes within the time.
  func accept(milliseconds: Int = FakePeer.deadline * 1000) throws -> FakePeer? {
    var poll = pollfd(fd: descriptor.raw, events: Int16(POLLIN), revents: 0)
    guard Glibc.poll(&poll, 1, Int32(milliseconds)) == 1 else { return nil }
    switch Socket.accept(descriptor.raw) {
    case .connection(let connection, _): return try FakePeer(connection)
    case .none: return nil
    case .failed(let error): throw FakePeer.Failure.failed(error)
    }
  }
}
