import Bencode

/// Web seeds: `url-list` (BEP 19), which is one URL or a list of them.
struct URLList {
  var list: RawList<String>

  init(_ node: BencodeNode?) {
    switch node?.kind {
    case .list: list = RawList(node?.elements.map { $0 } ?? [], TrackerList.url)
    case .string: list = RawList(node.map { [$0] } ?? [], TrackerList.url)
    case .integer, .dictionary, nil: list = RawList()
    }
  }

  mutating func add(_ url: String) {
    guard !list.contains(url) else { return }
    var writer = BencodeWriter()
    writer.text(url)
    list.add(url, encoded: writer.bytes)
  }

  mutating func set(_ urls: [String]) {
    guard list.values != urls else { return }
    list.removeAll()
    for url in urls { add(url) }
  }
}
