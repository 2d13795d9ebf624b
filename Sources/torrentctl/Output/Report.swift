import Metainfo
import Text

/// Lines of a label and a value, the values below each other, as `show` prints them.
struct Report {
  private var rows: [Row] = []
  private let emphasis: Emphasis
  /// What text is broken to fit in; `nil` doesn't break it.
  private let columns: Int?

  private struct Row {
    let label: String
    let value: String
    var isProse = false
    var isAlarming = false
  }

  /// Rows of one label that are shown where `columns` says that a person is looking.
  static let shownEach = 25

  init(_ emphasis: Emphasis, columns: Int? = nil) {
    self.emphasis = emphasis
    self.columns = columns
  }

  /// Adds a line; the value may come from a torrent and is escaped here.
  mutating func add(_ label: String, _ value: String?) {
    guard let value else { return }
    rows.append(Row(label: label, value: Escaping.escaped(value)))
  }

  /// Adds a line for each value, with the label on the first.
  mutating func add(_ label: String, each values: [String]) {
    let shown = columns == nil ? values.count : Self.shownEach
    for (index, value) in values.prefix(shown).enumerated() { add(index == 0 ? label : "", value) }
    if values.count > shown { add("", "and \(values.count - shown) more") }
  }

  /// Adds text of several lines, which may be broken between words.
  mutating func add(_ label: String, prose: [String], isAlarming: Bool = false) {
    for (index, value) in prose.enumerated() {
      rows.append(
        Row(
          label: index == 0 ? label : "", value: Escaping.escaped(value), isProse: true,
          isAlarming: isAlarming))
    }
  }

  var text: String {
    let width = rows.map(\.label.count).max() ?? 0
    let indent = String(repeating: " ", count: width + 2)
    var text = ""
    for row in rows {
      let padding = String(repeating: " ", count: width - row.label.count + 2)
      text += (row.isAlarming ? emphasis.yellow(row.label) : emphasis.faint(row.label)) + padding
      let lines = row.isProse ? wrapped(row.value, to: columns.map { $0 - width - 2 }) : [row.value]
      text += lines.joined(separator: "\n" + indent) + "\n"
    }
    return text
  }

  /// Breaks between words; a word that is longer than a line stays whole.
  private func wrapped(_ text: String, to columns: Int?) -> [String] {
    guard let columns, columns >= 20, text.count > columns else { return [text] }
    var lines: [String] = []
    var line = ""
    for word in text.split(separator: " ", omittingEmptySubsequences: false) {
      if !line.isEmpty, line.count + 1 + word.count > columns {
        lines.append(line)
        line = String(word)
      } else {
        line += line.isEmpty && lines.isEmpty ? word : " " + word
      }
    }
    return lines + [line]
  }
}
