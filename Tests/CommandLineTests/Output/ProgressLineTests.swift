import Platform
import Testing

@testable import torrentctl

@Suite("A line that is drawn over itself") struct ProgressLineTests {
  private final class Written: Sendable {
    private let bytes = Lock<[UInt8]>([])
    var text: String { bytes.withLock { String(decoding: $0, as: UTF8.self) } }
    func append(_ new: [UInt8]) { bytes.withLock { $0 += new } }
  }

  @Test(
    "It is for terminals that can draw",
    arguments: [("xterm", true, true), (nil, true, true), ("dumb", true, false), ("xterm", false, false)]
      as [(String?, Bool, Bool)])
  func terminals(kind: String?, isTerminal: Bool, isDrawn: Bool) {
    let written = Written()
    let console = Console(
      arguments: [], environment: { $0 == "TERM" ? kind : nil }, directory: "", output: Output { _ in },
      errors: Output(isTerminal: isTerminal) { written.append($0) })
    var line = ProgressLine(console)
    line.show { _ in "half" }
    line.clear()
    #expect(written.text == (isDrawn ? "\r\u{1b}[Khalf\r\u{1b}[K" : ""))
  }
}
