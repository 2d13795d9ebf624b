import Metainfo
import Text

/// Results that are written a good piece at a time: a call for each of a million lines would take longer than the
/// lines themselves.
struct BufferedOutput {
  private let console: Console
  /// What is to be written next.
  var bytes: [UInt8] = []

  private static let size = 64 * 1024

  init(_ console: Console) {
    self.console = console
    bytes.reserveCapacity(Self.size + 4096)
  }

  mutating func add(_ text: String) throws(CommandFailure) {
    bytes += text.utf8
    try flushIfFull()
  }

  /// Adds a name from a torrent, in UTF-8, without flushing.
  mutating func add(escaping name: ArraySlice<UInt8>) {
    if name.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) {
      bytes += name
    } else {
      bytes += Escaping.escaped(String(decoding: name, as: UTF8.self)).utf8
    }
  }

  /// To be called after a line or so.
  mutating func flushIfFull() throws(CommandFailure) {
    if bytes.count >= Self.size { try flush() }
  }

  mutating func flush() throws(CommandFailure) {
    guard !bytes.isEmpty else { return }
    try console.print(bytes: bytes)
    bytes.removeAll(keepingCapacity: true)
  }
}
