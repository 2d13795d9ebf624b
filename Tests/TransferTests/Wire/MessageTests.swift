import Metainfo
import Testing

@testable import Transfer

@Suite("Messages on the wire")
struct MessageTests {
  /// A decoder for a torrent of 20 pieces: a bitfield has 3 bytes.
  private let decoder = FrameDecoder(pieceCount: 20)

  private static let block = RawBlock(piece: 0x0102_0304, offset: 0x0506_0708, length: 0x090a_0b0c)

  /// Every message with the bytes that BEP 3, 5 and 6 say.
  static let table: [(message: Message, bytes: [UInt8])] = [
    (.keepAlive, [0, 0, 0, 0]),
    (.choke, [0, 0, 0, 1, 0]),
    (.unchoke, [0, 0, 0, 1, 1]),
    (.interested, [0, 0, 0, 1, 2]),
    (.notInterested, [0, 0, 0, 1, 3]),
    (.have(0x0102_0304), [0, 0, 0, 5, 4, 1, 2, 3, 4]),
    (.bitfield([0xaa, 0x55, 0xf0]), [0, 0, 0, 4, 5, 0xaa, 0x55, 0xf0]),
    (.request(block), [0, 0, 0, 13, 6, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]),
    (.cancel(block), [0, 0, 0, 13, 8, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]),
    (.port(0x1ae1), [0, 0, 0, 3, 9, 0x1a, 0xe1]),
    (.suggest(0xffff_ffff), [0, 0, 0, 5, 13, 255, 255, 255, 255]),
    (.haveAll, [0, 0, 0, 1, 14]),
    (.haveNone, [0, 0, 0, 1, 15]),
    (.reject(block), [0, 0, 0, 13, 16, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]),
    (.allowedFast(0), [0, 0, 0, 5, 17, 0, 0, 0, 0]),
    (
      .extensionHandshake(ExtensionHandshake(client: "tc 1", requestQueue: 9)),
      [0, 0, 0, 27, 20, 0] + Array("d1:mde4:reqqi9e1:v4:tc 1e".utf8)
    ),
  ]

  @Test("Every message is written as the specifications say, and read back")
  func roundTrip() throws {
    for (message, bytes) in Self.table {
      #expect(message.encoded == bytes)
      #expect(try decoder.step(bytes) == .message(message, consumed: bytes.count))
      // What follows belongs to the next message.
      let more = bytes + [0xff, 0xff, 0xff, 0xff, 0xff]
      #expect(try decoder.step(more) == .message(message, consumed: bytes.count))
    }
  }

  @Test("Every prefix of a message needs more, and never more than the message has")
  func prefixes() throws {
    for (message, bytes) in Self.table {
      for count in bytes.indices {
        guard case .needsBytes(let needed) = try decoder.step(bytes[..<count]) else {
          Issue.record("\(message): \(count) bytes of \(bytes.count) are taken for a whole")
          continue
        }
        #expect(needed > count && needed <= bytes.count, "\(message), \(count) bytes")
        #expect(needed <= decoder.longestMessage)
      }
    }
  }

  @Test("The header of a block: its own length is the message's without nine bytes")
  func pieceHeader() throws {
    for length: UInt32 in [1, 100, 16_383, 16_384] {
      let block = RawBlock(piece: 7, offset: 0x0001_8000, length: length)
      var bytes: [UInt8] = []
      block.encodePieceHeader(into: &bytes)
      #expect(bytes.count == RawBlock.headerLength)
      #expect(try decoder.step(bytes) == .block(block))
      for count in bytes.indices {
        guard case .needsBytes = try decoder.step(bytes[..<count]) else {
          Issue.record("\(count) bytes are taken for a header")
          continue
        }
      }
    }
  }

  /// Reads a stream that arrives in the given parts, as a connection does.
  private func read(_ stream: [UInt8], cutAt cuts: [Int]) throws -> [FrameDecoder.Step] {
    var steps: [FrameDecoder.Step] = []
    var waiting: [UInt8] = []
    var skipping = 0
    var start = 0
    for end in cuts + [stream.count] {
      waiting += stream[start..<end]
      start = end
      while true {
        let skipped = min(skipping, waiting.count)
        waiting.removeFirst(skipped)
        skipping -= skipped
        if skipping > 0 { break }
        let step = try decoder.step(waiting)
        if case .needsBytes = step { break }
        steps.append(step)
        switch step {
        case .needsBytes: break
        case .message(_, let consumed): waiting.removeFirst(consumed)
        case .block(let block):
          waiting.removeFirst(RawBlock.headerLength)
          skipping = Int(block.length)
        case .unknown(_, let payload):
          waiting.removeFirst(5)
          skipping = payload
        }
      }
    }
    #expect(waiting.isEmpty && skipping == 0)
    return steps
  }

  /// A stream of every message, blocks and unknown messages among them.
  private func stream() -> (bytes: [UInt8], steps: [FrameDecoder.Step]) {
    var bytes: [UInt8] = []
    var steps: [FrameDecoder.Step] = []
    for (index, (message, encoded)) in (Self.table + Self.table.reversed()).enumerated() {
      bytes += encoded
      steps.append(.message(message, consumed: encoded.count))
      if index % 5 == 0 {
        let block = RawBlock(piece: 3, offset: 16_384, length: UInt32(index * 3 + 1))
        block.encodePieceHeader(into: &bytes)
        bytes += [UInt8](repeating: 0, count: Int(block.length))
        steps.append(.block(block))
      }
      if index % 7 == 0 {
        bytes += [0, 0, 0, UInt8(index + 1), 99] + [UInt8](repeating: 1, count: index)
        steps.append(.unknown(id: 99, payload: index))
      }
    }
    return (bytes, steps)
  }

  @Test("Every split point of a stream gives the same messages")
  func everySplit() throws {
    let (bytes, steps) = stream()
    for cut in bytes.indices { #expect(try read(bytes, cutAt: [cut]) == steps, "cut at \(cut)") }
    #expect(try read(bytes, cutAt: Array(bytes.indices)) == steps, "byte by byte")
  }

  @Test(
    "W02 a length that no message has is refused at the fourth byte",
    arguments: [
      0xffff_ffff, 0x8000_0000, 0x7fff_ffff, 1 << 20 | 1, 1 << 24,
    ] as [UInt32])
  func lengths(length: UInt32) {
    let bytes = (0..<4).map { UInt8(truncatingIfNeeded: length >> (24 - 8 * UInt32($0))) }
    for count in 0..<4 {
      #expect(throws: Never.self) { try decoder.step(bytes[..<count]) }
    }
    #expect(throws: WireError.messageTooLong(Int(length))) { try decoder.step(bytes) }
  }

  @Test("W02 1 MiB is the longest unknown message; only a bitfield that is due may be longer")
  func longest() throws {
    #expect(
      try decoder.step(([0, 0x10, 0, 0, 21] as [UInt8])) == .unknown(id: 21, payload: 1 << 20 - 1))
    let large = FrameDecoder(pieceCount: 16 << 20)
    let header: [UInt8] = [0, 0x20, 0, 1]
    #expect(try large.step((header + [5])) == .needsBytes(5 + 2 << 20))
    for id in UInt8.min...UInt8.max where id != MessageID.bitfield {
      #expect(throws: WireError.self, "id \(id)") { try large.step((header + [id])) }
    }
  }

  @Test("W03 every id with every kind of payload: known and wrong is refused, unknown is passed over")
  func everyID() throws {
    let sizes: [UInt8: ClosedRange<Int>] = [
      0: 0...0, 1: 0...0, 2: 0...0, 3: 0...0, 4: 4...4, 5: 3...3, 6: 12...12, 7: 9...8 + 16_384, 8: 12...12,
      9: 2...2, 13: 4...4, 14: 0...0, 15: 0...0, 16: 12...12, 17: 4...4, 20: 1...1 << 20,
    ]
    for id in UInt8.min...UInt8.max {
      for payload in [0, 1, 2, 3, 4, 5, 8, 9, 11, 12, 13, 100, 8 + 16_384, 9 + 16_384, 1 << 20 - 1] {
        let length = UInt32(payload + 1)
        let header = (0..<4).map { UInt8(truncatingIfNeeded: length >> (24 - 8 * UInt32($0))) } + [id]
        let bytes = header + [UInt8](repeating: 0xff, count: payload)
        guard let right = sizes[id] else {
          #expect(try decoder.step(bytes) == .unknown(id: id, payload: payload))
          continue
        }
        if right.contains(payload) {
          switch try decoder.step(bytes) {
          case .message(_, let consumed): #expect(consumed == bytes.count)
          case .block(let block): #expect(Int(block.length) == payload - 8)
          // Of the extended messages all but the handshake are passed over.
          case .unknown(20, payload): break
          case let other: Issue.record("id \(id), \(payload) bytes: \(other)")
          }
        } else {
          // The header is enough to tell: nothing of a wrong message is ever waited for.
          #expect(throws: WireError.self, "id \(id), \(payload) bytes") { try decoder.step(header) }
        }
      }
    }
  }

  @Test("Any bytes are messages, an error, or a wish for more: never a trap, never without progress")
  func randomBytes() {
    var random = SplitMix64(seed: 77)
    for round in 0..<20_000 {
      var bytes = (0..<Int.random(in: 0...40, using: &random)).map { _ in
        UInt8.random(in: 0...255, using: &random)
      }
      // Most random lengths are too long: make the first bytes small.
      for index in bytes.indices.prefix(3) { bytes[index] = 0 }
      if bytes.count > 4 { bytes[4] &= 31 }
      guard let step = try? decoder.step(bytes) else { continue }
      switch step {
      case .needsBytes(let needed): #expect(needed > bytes.count, "seed 77, round \(round)")
      case .message(let message, let consumed):
        #expect(message.encoded == Array(bytes[..<consumed]), "seed 77, round \(round)")
      case .block, .unknown: break
      }
    }
  }
}

extension FrameDecoder {
  fileprivate func step(_ bytes: some Collection<UInt8>) throws(WireError) -> Step {
    let bytes = Array(bytes)
    return try decode(bytes.span.bytes)
  }
}
