import TestKit
import Testing

@testable import Metainfo

@Suite("SHA-1 side by side")
struct SHA1LanesTests {
  static let ways = SHA1Tests.ways

  static func random(_ count: Int, using random: inout SeededGenerator) -> [UInt8] {
    (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) }
  }

  /// Calls `body` with where each of the messages is in memory.
  static func withBytes(of messages: [[UInt8]], _ body: ([UnsafeRawBufferPointer]) -> Void) {
    func next(_ done: [UnsafeRawBufferPointer]) {
      guard done.count < messages.count else { return body(done) }
      messages[done.count].withUnsafeBytes { next(done + [$0]) }
    }
    next([])
  }

  @Test("equal messages in equal steps, in any number of lanes", arguments: ways)
  func steps(way: [DigestBackend]) {
    let seed = UInt64.random(in: 0 ... .max)
    var random = SeededGenerator(seed: seed)
    for count in Array(0...17) + [40] {
      let length = Int.random(in: 0...3000, using: &random)
      let step = 64 * Int.random(in: 1...20, using: &random)
      let messages = (0..<count).map { _ in Self.random(length, using: &random) }
      var lanes = SHA1Lanes(count: count, SHA1.functions(of: way))
      Self.withBytes(of: messages) { messages in
        for start in stride(from: 0, to: length, by: step) {
          lanes.update(
            messages.map { UnsafeRawBufferPointer(rebasing: $0[start..<min(start + step, length)]) })
        }
      }
      #expect(
        (0..<count).map { SHA1Tests.hex(lanes.finish($0)) }
          == messages.map { SHA1Tests.digest($0, [.swift]) },
        "\(count) of \(length) bytes, \(step) a step, seed \(seed)")
    }
  }

  @Test("any lengths, any splits and any alignment, one after another in the same lanes", arguments: ways)
  func anything(way: [DigestBackend]) {
    let seed = UInt64.random(in: 0 ... .max)
    var random = SeededGenerator(seed: seed)
    for count in [1, 2, 3, 5, 8, 11] {
      var lanes = SHA1Lanes(count: count, SHA1.functions(of: way))
      for _ in 0..<10 {
        let shifts = (0..<count).map { _ in Int.random(in: 0...63, using: &random) }
        let shifted = shifts.map { Self.random($0 + Int.random(in: 0...900, using: &random), using: &random) }
        Self.withBytes(of: shifted) { messages in
          var rest = zip(messages, shifts).map { $0[$1...] }
          while rest.contains(where: { !$0.isEmpty }) {
            let chunks = rest.map { $0.prefix(Int.random(in: 0...300, using: &random)) }
            lanes.update(chunks.map { UnsafeRawBufferPointer(rebasing: $0) })
            for lane in rest.indices { rest[lane] = rest[lane].dropFirst(chunks[lane].count) }
          }
        }
        #expect(
          (0..<count).map { SHA1Tests.hex(lanes.finish($0)) }
            == zip(shifted, shifts).map { SHA1Tests.digest(Array($0[$1...]), [.swift]) },
          "\(count) lanes, seed \(seed)")
      }
    }
  }

  @Test("fewer and more chunks than lanes")
  func chunkCounts() {
    let message = [UInt8](repeating: 1, count: 128)
    var lanes = SHA1Lanes(count: 2)
    message.withUnsafeBytes {
      lanes.update([$0])
      lanes.update([$0, $0, $0])
    }
    #expect(SHA1Tests.hex(lanes.finish(0)) == SHA1Tests.digest(message + message, [.swift]))
    #expect(SHA1Tests.hex(lanes.finish(1)) == SHA1Tests.digest(message, [.swift]))
  }

  @Test("messages in memory, of different lengths")
  func messages() {
    let seed = UInt64.random(in: 0 ... .max)
    var random = SeededGenerator(seed: seed)
    let messages = [0, 70, 64, 128, 1000, 999, 63, 640, 4096, 17].map { Self.random($0, using: &random) }
    Self.withBytes(of: messages) {
      #expect(
        SHA1.digests(of: $0).map(SHA1Tests.hex) == messages.map { SHA1Tests.digest($0, [.swift]) },
        "seed \(seed)")
    }
  }
}
