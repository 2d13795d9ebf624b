import Metainfo

/// Lines of a label and a value, the values below each other, as `show` prints them.
struct Report {
  private var rows: [(label: String, value: String)] = []
  private let emphasis: Emphasis

  init(_ emphasis: Emphasis) { self.emphasis = emphasis }

  /// Adds a line; the value may come from a torrent and is escaped here.
  mutating func add(_ label: String, _ value: String?) {
    guard let value else { return }
    rows.append((label, Escaping.escaped(value)))
  }

  /// Adds a line for each value, with the label on the first.
  mutating func add(_ label: String, each values: [String]) {
    for (index, value) in values.enumerated() { add(index == 0 ? label : "", value) }
  }

  var text: String {
    let width = rows.map(\.label.count).max() ?? 0
    return rows.map { row in
      let padding = String(repeating: " ", count: width - row.label.count + 2)
      return emphasis.faint(row.label) + padding + row.value + "\n"
    }.joined()
  }
}
