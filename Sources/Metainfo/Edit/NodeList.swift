import Bencode

/// DHT nodes to start from: `nodes` (BEP 5), a list of pairs of host and port.
struct NodeList {
  var list: RawList<BootstrapNode>

  init(_ node: BencodeNode?) {
    list = RawList(node?.elements.map { $0 } ?? [], BootstrapNode.init(decoding:))
  }

  mutating func add(_ node: BootstrapNode) {
    guard !list.contains(node) else { return }
    var writer = BencodeWriter()
    writer.list { writer in
      writer.text(node.host)
      writer.integer(node.port)
    }
    list.add(node, encoded: writer.bytes)
  }

  mutating func set(_ nodes: [BootstrapNode]) {
    guard list.values != nodes else { return }
    list.removeAll()
    for node in nodes { add(node) }
  }
}
