import Bencode

/// The info dictionary, of which some fields are replaced.
struct InfoFields {
  var fields: RawDictionary
  /// The file tree of a torrent that is a single file of its own name (BEP 52), which is then named there as well.
  private var tree: RawDictionary?

  init(_ info: BencodeNode) {
    fields = RawDictionary(info)
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

  /// Nothing but 1 means private, and whatever else is written there says no already.
  mutating func setPrivate(_ isPrivate: Bool) {
    if isPrivate {
      fields.setInteger("private", to: 1)
    } else if fields.integer("private") == 1 {
      fields.setInteger("private", to: nil)
    }
  }
}
