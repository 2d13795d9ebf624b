import Transfer

/// Any bytes as what happens to a session of three torrents, one of them a seed (RELIABILITY W21): peers come and go, send
/// streams, messages and blocks of all kinds; digests are right or wrong; time passes, in jumps; the limits are changed. After
/// every step each core's invariants hold, and nothing takes more than its bounds. When all is over nothing is left
/// taken of what the torrents share.
func fuzzSwarm(_ bytes: [UInt8]) {
  var stage = SwarmStage()
  var script = Script(bytes)
  // Of a longer script most is repetition.
  for _ in 0..<2_000 {
    guard let step = script.next() else { break }
    stage.perform(step, &script)
  }
  stage.end()
}

/// Bytes that are used up one by one.
struct Script {
  private var rest: ArraySlice<UInt8>

  init(_ bytes: [UInt8]) { rest = bytes[...] }

  mutating func next() -> UInt8? { rest.popFirst() }

  /// 0 when nothing is left.
  mutating func byte() -> Int { Int(next() ?? 0) }

  mutating func bytes(_ count: Int) -> [UInt8] {
    defer { rest = rest.dropFirst(count) }
    return Array(rest.prefix(count))
  }
}
