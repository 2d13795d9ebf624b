/// One read for several blocks: most peers answer requests in order, so the blocks behind the one that is coming
/// in are known, and each goes straight to its place, with the headers between them taken aside.
///
///     rest of this block | header | next block | header | the one after | … | header
///
/// If the peer sends something else, what came is put in order behind the header where it differs (`spill`), and
/// read as if it had come there in the first place: the places have been written to, but no block of theirs
/// counts as received.
struct ReadAhead: ~Copyable {
  /// Blocks behind the one that is coming in.
  static let depth = 7
  private static let headerLength = RawBlock.headerLength

  private let headers: UnsafeMutableRawBufferPointer
  private var list = ScatterList(capacity: 2 * Self.depth + 2)
  /// Where the blocks go that are expected next.
  var places: [BlockPlace] = []

  init() {
    headers = .allocate(byteCount: (Self.depth + 1) * Self.headerLength, alignment: 16)
    places.reserveCapacity(Self.depth)
  }

  deinit { headers.deallocate() }

  /// Reads into the rest of the block that is coming in and into what follows. `room` is how much could have come.
  mutating func receive(
    _ stream: any PeerStream, _ rest: UnsafeMutableRawBufferPointer
  ) -> (result: IOResult, room: Int) {
    list.removeAll()
    list.append(rest)
    for number in places.indices {
      list.append(header(number))
      list.append(places[number].room)
    }
    list.append(header(places.count))
    return (stream.receive(into: list), list.byteCount)
  }

  /// The bytes in front of place `number`; the last header has no place behind it.
  func header(_ number: Int) -> UnsafeMutableRawBufferPointer {
    let start = number * Self.headerLength
    return UnsafeMutableRawBufferPointer(rebasing: headers[start..<start + Self.headerLength])
  }

  /// Appends the `count` bytes that came from header `number` on, or from the place behind it, to the buffer, in the
  /// order in which they came.
  func spill(from number: Int, behindHeader: Bool = false, count: Int, into input: inout ReceiveBuffer) {
    input.reserve(input.count + count)
    var left = count
    var number = number
    var skipsHeader = behindHeader
    while left > 0 {
      if !skipsHeader { left -= input.append(header(number), atMost: left) }
      skipsHeader = false
      if left > 0, number < places.count { left -= input.append(places[number].room, atMost: left) }
      number += 1
    }
  }
}
