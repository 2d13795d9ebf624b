import Bencode

/// The info dictionary, of which some fields are replaced.
struct InfoFields {
  var fields: RawDictionary
  private let isPrivate: Bool
  /// The file tree of a torrent that is a single file of its own name (BEP 52), which is then named there as well.
  private var tree: RawDictionary?

  init(_ info: BencodeNode) {
    fields = RawDictionary(info)
    let value = info["private"]
    isPrivate = value?.kind == .integer && value?.integer != 0
    guard let node = info["file tree"], node.count == 1, let entry = node.entries.first(where: { _ in true }),
      entry.value[""] != nil, let name = info["name"]?.string, name.elementsEqual(entry.key)
    else { return }
    tree = RawDictionary(node)
  }

  mutating func setName(_ name: String) {
    fields.setText("name", to: name)
    tree?.renameOnlyKey(to: name)
    if let tree, tree.isChanged { fields.set("file tree", to: tree.encoded()) }
  }

  /// Every number but 0 means private, and what is no number says no already.
  mutating func setPrivate(_ isPrivate: Bool) {
    guard isPrivate != self.isPrivate else { return }
    fields.setInteger("private", to: isPrivate ? 1 : nil)
  }
}
