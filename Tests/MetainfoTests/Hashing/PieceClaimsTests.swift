import Testing

@testable import Metainfo

@Suite("Dealing pieces out")
struct PieceClaimsTests {
  private func claims(
    _ pieces: [Int]? = nil, totalLength: Int, atMost: Int, workers: Int
  ) throws -> [[Int]] {
    let claims = PieceClaims(
      pieces?.map { PieceIndex(unchecked: $0) },
      geometry: try #require(PieceGeometry(totalLength: totalLength, pieceLength: 10)),
      workers: workers)
    var dealt: [[Int]] = []
    while true {
      let next = claims.claim(atMost) { _ in }
      guard !next.isEmpty else { return dealt }
      dealt.append(next.map(\.value))
    }
  }

  @Test("every piece once and in order, the short one by itself")
  func all() throws {
    let dealt = try claims(totalLength: 193, atMost: 8, workers: 2)
    #expect(dealt.flatMap { $0 } == Array(0..<20))
    #expect(dealt.last == [19])
    #expect(dealt.map(\.count).max() == 8)
  }

  @Test("towards the end each worker gets its share")
  func shares() throws {
    #expect(try claims(totalLength: 80, atMost: 8, workers: 4).map(\.count) == [2, 2, 1, 1, 1, 1])
    #expect(try claims(totalLength: 200, atMost: 8, workers: 2).map(\.count) == [8, 6, 3, 2, 1])
    #expect(try claims([3, 5, 7], totalLength: 200, atMost: 8, workers: 1) == [[3, 5, 7]])
  }

  @Test("after the stop there is nothing")
  func stopped() throws {
    let claims = PieceClaims(
      nil, geometry: try #require(PieceGeometry(totalLength: 100, pieceLength: 10)), workers: 1)
    #expect(claims.claim(2) { _ in }.count == 2)
    claims.stop()
    #expect(claims.claim(2) { _ in }.isEmpty)
  }
}
