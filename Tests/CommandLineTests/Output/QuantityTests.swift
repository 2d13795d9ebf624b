import Testing

@testable import torrentctl

@Suite struct QuantityTests {
  @Test(
    arguments: [
      (0, "0 B"), (1023, "1023 B"), (1024, "1.0 KiB"), (1536, "1.5 KiB"), (1_048_575, "1.0 MiB"),
      (1 << 30, "1.0 GiB"),
      (Int.max, "8.0 EiB"), (-5, "0 B"),
    ] as [(Int, String)])
  func sizes(_ bytes: Int, text: String) {
    #expect(Quantity.size(bytes) == text)
  }

  @Test func aHundredPercentMeansAll() {
    #expect(Quantity.percent(0, of: 10) == "0.0%")
    #expect(Quantity.percent(9999, of: 10_000) == "99.9%")
    #expect(Quantity.percent((1 << 53) - 1, of: 1 << 53) == "99.9%")
    #expect(Quantity.percent(10, of: 10) == "100.0%")
    #expect(Quantity.percent(0, of: 0) == "100.0%")
  }

  @Test(
    arguments: [
      (0, "0s"), (59.4, "59s"), (247, "4m07s"), (12_000, "3h20m"), (1_051_200, "12d04h"), (.infinity, "--"),
      (-1, "--"), (.nan, "--"), (1e18, "--"),
    ] as [(Double, String)])
  func durations(_ seconds: Double, text: String) {
    #expect(Quantity.duration(seconds) == text)
  }

  @Test func counts() {
    #expect(Quantity.count(1, "file") == "1 file")
    #expect(Quantity.count(0, "peer") == "0 peers")
  }

  @Test func aMapOfPieces() {
    func map(_ pieces: String, _ width: Int) -> String {
      let pieces = Array(pieces)
      return PieceMap.drawn(pieces: pieces.count, width: width, isUnicode: false) { pieces[$0] == "x" }
    }
    #expect(map("xxxx....", 4) == "##..")
    #expect(map("xx.x....", 2) == "*.")
    #expect(map("x.......x.......", 2) == "::")
    #expect(map("x.", 4) == "##..")
    #expect(map("", 4) == "")
    #expect(map("x", 0) == "")
    #expect(PieceMap.drawn(pieces: 3, width: 3, isUnicode: true) { $0 < 2 } == "██·")
  }

  @Test func aStatusFitsItsLine() {
    var status = TransferStatus(
      done: 450 << 20, total: 1 << 30, downRate: 12 << 20, upRate: 1 << 20, peers: 5, pieceCount: 1024,
      has: { $0 < 450 })
    #expect(
      status.line(columns: 100, isUnicode: false)
        == "43.9% of 1.0 GiB  down 12.0 MiB/s  5 peers  ETA 48s  up 1.0 MiB/s  [#############+.................]"
    )
    for columns in 0...200 {
      #expect(status.line(columns: columns, isUnicode: true).count <= columns)
    }
    status.done = status.total
    status.uploaded = 3 << 20
    #expect(
      status.line(columns: 80, isUnicode: false) == "seeding 1.0 GiB  up 1.0 MiB/s  3.0 MiB uploaded  5 peers"
    )
    let lonely = TransferStatus(
      done: 0, total: 10, downRate: 0, upRate: 0, peers: 0, pieceCount: 1, has: { _ in false })
    #expect(lonely.line(columns: 50, isUnicode: true).contains("no peers yet"))
    #expect(!lonely.line(columns: 50, isUnicode: true).contains("ETA"))
    // F8, F34: the last peer has just left.
    var left = lonely
    (left.done, left.downRate, left.hadPeers) = (5, 400_000, true)
    #expect(left.line(columns: 28, isUnicode: false) == "50.0% of 10 B  down 0 B/s")
    #expect(left.line(columns: 37, isUnicode: false) == "50.0% of 10 B  down 0 B/s  no peers")
    left.done = 10
    left.upRate = 400_000
    #expect(left.line(columns: 50, isUnicode: false).contains("up 0 B/s"))
  }
}

@Suite struct RangeTests {
  @Test(arguments: [
    ([], ""), ([3], "3"), ([0, 1, 2, 7], "0-2, 7"), ([0, 2, 4, 6, 8], "0, 2, 4, 6, 8"),
    ([0, 2, 4, 6, 8, 10], "0, 2, 4, 6, 8, …"),
  ])
  func ranges(_ numbers: [Int], _ text: String) { #expect(Quantity.ranges(numbers) == text) }
}
