import Bencode

extension BootstrapNode {
  /// BEP 5: a pair of host and port; `nil` for anything else.
  init?(decoding pair: BencodeNode) {
    let values = pair.elements.prefix(3).map { $0 }
    guard values.count == 2, let host = values[0].text,
      let port = values[1].integer.flatMap(UInt16.init(exactly:))
    else { return nil }
    self.init(host: host, port: port)
  }
}
