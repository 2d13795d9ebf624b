import Metainfo
import Testing

@testable import Transfer

@Suite("What a stream says, wherever it is cut")
struct PeerDialectTests {
  private static let handshake = Handshake(
    infoHash: InfoHash((0..<20).map { UInt8($0) })!, peerID: PeerID(Array("-TR4060-abcdefghijkl".utf8))!)
  private static let pieceCount = 20

  /// What has come out of a stream, payload joined and counted.
  private enum Heard: Equatable {
    case greeting(InfoHash)
    case handshake(Handshake)
    case message(Message)
    case block(RawBlock, payload: [UInt8])
  }

  /// Shows a dialect a stream as a connection does.
  private struct Listener {
    var dialect = PeerDialect()
    var waiting: [UInt8] = []
    var heard: [Heard] = []

    mutating func feed(_ bytes: some Sequence<UInt8>) throws(WireError) {
      waiting += bytes
      while true {
        var consumed = 0
        let event = try dialect.step(waiting, &consumed)
        let done = waiting[..<consumed]
        switch event {
        case nil: break
        case .greeting(let infoHash): heard.append(.greeting(infoHash))
        case .handshake(let handshake):
          heard.append(.handshake(handshake))
          #expect(dialect.isHeld && !dialect.isOpen)
          dialect.open(pieceCount: PeerDialectTests.pieceCount)
        case .message(let message): heard.append(.message(message))
        case .block(let raw): heard.append(.block(raw, payload: []))
        case .payload(let count):
          guard case .block(let raw, let payload)? = heard.popLast() else {
            Issue.record("payload without a block")
            return
          }
          heard.append(.block(raw, payload: payload + done.suffix(count)))
        }
        waiting.removeFirst(consumed)
        if event == nil { return }
      }
    }
  }

  /// A handshake, every message, blocks and unknown messages among them.
  private static func stream() -> (bytes: [UInt8], heard: [Heard]) {
    var bytes = handshake.encoded
    var heard: [Heard] = [.greeting(handshake.infoHash), .handshake(handshake)]
    for (index, (message, encoded)) in MessageTests.table.enumerated() {
      bytes += encoded
      heard.append(.message(message))
      if index % 4 == 0 {
        let payload = (0..<index * 3 + 1).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        let raw = RawBlock(piece: 3, offset: 16_384, length: UInt32(payload.count))
        raw.encodePieceHeader(into: &bytes)
        bytes += payload
        heard.append(.block(raw, payload: payload))
      }
      if index % 5 == 0 {
        bytes += [0, 0, 0, UInt8(index + 1), 99] + [UInt8](repeating: 1, count: index)
      }
    }
    return (bytes, heard)
  }

  @Test("Every split point of a stream gives the same, and so does every byte by itself")
  func everySplit() throws {
    let (bytes, heard) = Self.stream()
    for cut in 0...bytes.count {
      var listener = Listener()
      try listener.feed(bytes[..<cut])
      try listener.feed(bytes[cut...])
      #expect(listener.heard == heard, "cut at \(cut)")
      #expect(listener.waiting.isEmpty && listener.dialect.payloadLeft == 0)
    }
    var listener = Listener()
    for byte in bytes { try listener.feed([byte]) }
    #expect(listener.heard == heard)
  }

  @Test(
    "Every prefix is a start of the same, and the bytes that are wanted are never more than a message has")
  func everyPrefix() throws {
    let (bytes, heard) = Self.stream()
    for count in bytes.indices {
      var listener = Listener()
      try listener.feed(bytes[..<count])
      var got = listener.heard
      if case .block(let raw, let payload)? = got.last, payload.count < Int(raw.length) { got.removeLast() }
      #expect(got == Array(heard.prefix(got.count)))
      #expect(listener.dialect.needed > listener.waiting.count)
      #expect(listener.dialect.needed <= Handshake.length)
    }
  }

  @Test("Nothing is read behind a handshake until its torrent says so, however much is there")
  func held() throws {
    var dialect = PeerDialect()
    let bytes = Self.handshake.encoded + Message.unchoke.encoded + [UInt8](repeating: 0xff, count: 1000)
    var consumed = 0
    let greeting = try dialect.step(bytes, &consumed)
    #expect(greeting == .greeting(Self.handshake.infoHash) && consumed == 0)
    let handshake = try dialect.step(bytes, &consumed)
    #expect(handshake == .handshake(Self.handshake) && consumed == Handshake.length)
    let rest = bytes[consumed...]
    let nothing = try dialect.step(rest, &consumed)
    #expect(nothing == nil && consumed == 0)
    dialect.open(pieceCount: 1)
    let unchoke = try dialect.step(rest, &consumed)
    #expect(unchoke == .message(.unchoke))
    #expect(throws: WireError.messageTooLong(0xffff_ffff)) {
      try dialect.step(rest.dropFirst(consumed), &consumed)
    }
  }

  @Test("Blocks whose bytes go straight to their places are the same blocks")
  func placedBlocks() throws {
    var dialect = opened()
    let blocks = (0..<3).map { RawBlock(piece: 1, offset: UInt32($0) << 14, length: 1 << 14) }
    func header(_ raw: RawBlock) -> [UInt8] {
      var bytes: [UInt8] = []
      raw.encodePieceHeader(into: &bytes)
      return bytes
    }
    func begins(_ raw: RawBlock, _ bytes: [UInt8]) -> Bool { dialect.begins(raw, with: bytes.span.bytes) }
    var consumed = 0
    let first = try dialect.step(header(blocks[0]), &consumed)
    #expect(first == .block(blocks[0]) && dialect.payloadLeft == 1 << 14)
    dialect.placed(10_000)
    // No block begins inside another.
    #expect(!begins(blocks[1], header(blocks[1])))
    dialect.placed((1 << 14) - 10_000)
    #expect(!begins(blocks[1], header(blocks[2])))
    #expect(!begins(blocks[1], Message.choke.encoded))
    #expect(begins(blocks[1], header(blocks[1])))
    #expect(dialect.payloadLeft == 1 << 14)
    dialect.placed(384)
    // What is left of it is passed over, and what follows is heard.
    dialect.abandonBlock()
    #expect(dialect.payloadLeft == 0)
    #expect(!begins(blocks[2], header(blocks[2])))
    let rest = [UInt8](repeating: 0xff, count: 16_000) + Message.choke.encoded
    let nothing = try dialect.step(rest[..<9000], &consumed)
    #expect(nothing == nil && consumed == 9000)
    let choke = try dialect.step(rest[9000...], &consumed)
    #expect(choke == .message(.choke) && consumed == 7005)
  }

  @Test("Garbage is refused at the byte that shows it, before and after the handshake")
  func garbage() throws {
    var fresh = PeerDialect()
    var consumed = 0
    #expect(throws: WireError.notBitTorrent) {
      try fresh.step(Array("GET".utf8), &consumed)
    }
    for frame in [[0, 0x10, 0, 1], [0, 0, 0, 2, 0], [0, 0, 0, 9, 7], [0, 0, 0x40, 0x0a, 7]] as [[UInt8]] {
      var dialect = opened()
      for count in 1..<frame.count {
        let nothing = try dialect.step(frame[..<count], &consumed)
        #expect(nothing == nil)
      }
      #expect(throws: WireError.self, "\(frame)") {
        try dialect.step(frame, &consumed)
      }
    }
  }

  @Test(
    "Any bytes, cut anywhere, give one and the same: events, or the same error",
    arguments: 0..<200 as Range<UInt64>)
  func anyBytes(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    var bytes = Self.handshake.encoded
    for _ in 0..<Int.random(in: 1...20, using: &random) {
      var frame = MessageTests.table.randomElement(using: &random)!.bytes
      if Bool.random(using: &random), !frame.isEmpty {
        frame[Int.random(in: 0..<frame.count, using: &random)] = UInt8.random(in: 0...20, using: &random)
      }
      bytes += frame
    }
    func read(_ step: () -> Int) -> ([Heard], WireError?) {
      var listener = Listener()
      var start = 0
      while start < bytes.count {
        let end = min(bytes.count, start + step())
        do throws(WireError) { try listener.feed(bytes[start..<end]) } catch {
          return (listener.heard, error)
        }
        start = end
      }
      return (listener.heard, nil)
    }
    let whole = read { bytes.count }
    let parts = read { Int.random(in: 1...9, using: &random) }
    #expect(whole.0 == parts.0 && whole.1 == parts.1, "seed \(seed)")
  }

  private func opened() -> PeerDialect {
    var dialect = PeerDialect()
    var consumed = 0
    _ = try? dialect.step(Self.handshake.encoded, &consumed)
    _ = try? dialect.step(Self.handshake.encoded, &consumed)
    dialect.open(pieceCount: Self.pieceCount)
    return dialect
  }
}

extension PeerDialect {
  fileprivate mutating func step(
    _ bytes: some Collection<UInt8>, _ consumed: inout Int
  ) throws(WireError) -> Event? {
    let bytes = Array(bytes)
    return try next(in: bytes.span.bytes, consumed: &consumed)
  }
}
