import Foundation
import Metainfo
import Platform
import Testing

@testable import Transfer

/// A seed that does with requests what the test says, on a thread of its own, one connection after the other.
final class FakeSeed: Sendable {
  /// What becomes of a request.
  enum Answer: Sendable {
    case block([UInt8])
    case reject
    case nothing
    /// The header of the block, and then byte after byte with this pause (microseconds).
    case drip([UInt8], UInt32)
  }

  private struct State {
    var isStopped = false
    var requests: [RawBlock] = []
    var connections = 0
  }

  let endpoint: Endpoint
  private let listener: FakeListener
  private let state = Lock(State())
  private let sample: SampleTorrent
  private let unchokes: Bool
  private let id: PeerID
  private let answer: @Sendable (RawBlock, _ number: Int) -> Answer

  /// - Parameter answer: hears the request and how many have come before it.
  init(
    _ sample: SampleTorrent, number: Int = 1, unchokes: Bool = true,
    answer: @escaping @Sendable (RawBlock, _ number: Int) -> Answer
  ) throws {
    self.sample = sample
    self.unchokes = unchokes
    self.answer = answer
    id = FakePeer.id(number)
    listener = try FakeListener()
    endpoint = listener.endpoint
    Thread { self.run() }.start()
  }

  /// One that gives what is asked for.
  static func honest(_ sample: SampleTorrent, number: Int) throws -> FakeSeed {
    try FakeSeed(sample, number: number) { raw, _ in sample.content(of: raw).map(Answer.block) ?? .nothing }
  }

  var requests: [RawBlock] { state.withLock { $0.requests } }
  var connections: Int { state.withLock { $0.connections } }
  private var isStopped: Bool { state.withLock { $0.isStopped } }

  func stop() { state.withLock { $0.isStopped = true } }

  private func run() {
    while !isStopped {
      guard let peer = try? listener.accept(milliseconds: 50) else { continue }
      state.withLock { $0.connections += 1 }
      try? serve(peer)
    }
  }

  private func serve(_ peer: FakePeer) throws {
    _ = try peer.takeHandshake()
    try peer.send(FakePeer.handshake(sample, id: id))
    try peer.send(.haveAll)
    while !isStopped {
      switch try peer.next(sample) {
      case .message(.interested) where unchokes: try peer.send(.unchoke)
      case .message(.request(let raw)):
        let number = state.withLock { state in
          state.requests.append(raw)
          return state.requests.count - 1
        }
        try give(answer(raw, number), to: raw, peer)
      default: continue
      }
    }
  }

  private func give(_ answer: Answer, to raw: RawBlock, _ peer: FakePeer) throws {
    switch answer {
    case .block(let bytes): try peer.send(raw, bytes)
    case .reject: try peer.send(.reject(raw))
    case .nothing: break
    case .drip(let bytes, let pause):
      for byte in FakePeer.frame(raw, bytes) where !isStopped {
        try peer.send([byte])
        usleep(pause)
      }
    }
  }
}
