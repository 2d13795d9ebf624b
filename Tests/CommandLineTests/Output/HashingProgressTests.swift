import Testing

@testable import torrentctl

@Suite("The line that hashing draws")
struct HashingProgressTests {
  private func text(
    _ done: Int, of total: Int?, rate: Double = 1_048_576, columns: Int, unicode: Bool = false
  ) -> String {
    HashingProgress.text(done: done, total: total, rate: rate, columns: columns, isUnicode: unicode)
  }

  @Test("a bar beside the figures, as wide as the terminal leaves room for")
  func bar() {
    let figures = "50.0% of 4.0 MiB  1.0 MiB/s  ETA 2s"
    #expect(text(2 << 20, of: 4 << 20, columns: 59) == "[##########----------]  " + figures)
    #expect(text(2 << 20, of: 4 << 20, columns: 47, unicode: true) == "[████░░░░]  " + figures)
    #expect(text(2 << 20, of: 4 << 20, columns: 46) == figures)
    #expect(text(2 << 20, of: 4 << 20, columns: 300).count == 44 + figures.count)
    #expect(text(4 << 20, of: 4 << 20, columns: 60).contains("[####################]  100.0%"))
  }

  @Test("no line is longer than the terminal, whatever the numbers are")
  func narrow() {
    for columns in 1...120 {
      for (done, total) in [(0, 1), (1, 1), (0, 0), (Int.max / 2, Int.max)] as [(Int, Int)] {
        for rate in [0, 1, 1e15] as [Double] {
          #expect(text(done, of: total, rate: rate, columns: columns).count <= columns)
        }
      }
      #expect(text(1 << 40, of: nil, columns: columns).count <= columns)
    }
    #expect(text(3 << 20, of: nil, columns: 80) == "3.0 MiB  1.0 MiB/s")
  }
}
