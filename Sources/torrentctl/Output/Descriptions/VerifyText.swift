import Metainfo
import Text

/// What `verify` prints for people: a line for each file that is not plainly in order, the pieces, and a summary.
struct VerifyText {
  private let report: VerifyReport
  private let info: Info
  private let emphasis: Emphasis
  /// Characters that a map of the pieces may take; `nil` off a terminal.
  private let mapWidth: Int?
  private let isUnicode: Bool

  /// Lines about files that are shown of each kind, and ranges that are shown of a file.
  static let maximumFiles = 100
  static let maximumRanges = 5

  init(_ report: VerifyReport, _ info: Info, _ console: Console) {
    self.report = report
    self.info = info
    emphasis = Emphasis(isEnabled: console.colours(console.output))
    mapWidth = console.output.isTerminal ? min(64, console.output.columns() - Self.labelWidth - 1) : nil
    isUnicode = console.isUnicode
  }

  var text: String {
    // What is wrong stands before what is only worth knowing.
    var text = lines { $0.status != .ok } + lines { $0.status == .ok && !Self.notes(on: $0).isEmpty }
    if !report.isOK {
      let bad = report.badPieces
      if !bad.isEmpty { text += Self.label("bad pieces") + Self.runs(bad.map(\.value)) + "\n" }
      if let mapWidth {
        let map = PieceMap.drawn(pieces: report.states.count, width: mapWidth, isUnicode: isUnicode) {
          report.states[$0] == .good
        }
        if !map.isEmpty { text += Self.label("pieces") + map + "\n" }
      }
    }
    return text + summary + "\n"
  }

  /// The summary as one of several torrents has it.
  func row(_ file: String) -> String {
    report.isOK ? summary + "\n" : "\(emphasis.red("no"))  \(Escaping.escaped(file)): \(summary)\n"
  }

  private var summary: String {
    let name = Escaping.escaped(info.name.name)
    let pieces = report.pieces
    if report.isOK {
      return emphasis.green("ok") + "  \(name): \(Quantity.count(pieces.total, "piece")), "
        + "\(Quantity.count(report.files.count, "file")), " + Quantity.size(info.contentLength)
    }
    let proven = report.files.count(where: \.isProven)
    return "\(name): \(pieces.good) of \(Quantity.count(pieces.total, "piece")) good, \(pieces.bad) bad, "
      + "\(pieces.missing) missing; \(proven) of \(Quantity.count(report.files.count, "file")) proven good"
  }

  private func lines(where isMeant: (VerifyReport.File) -> Bool) -> String {
    var text = ""
    var count = 0
    for file in report.files where isMeant(file) {
      count += 1
      guard count <= Self.maximumFiles else { continue }
      let word = Self.word(for: file)
      let padding = String(repeating: " ", count: max(1, Self.labelWidth - word.count))
      let detail = ([Self.detail(of: file)] + Self.notes(on: file)).filter { !$0.isEmpty }
      text += (file.status == .ok ? word : emphasis.red(word)) + padding
      text += Escaping.escaped("\(file.path)")
      text += (detail.isEmpty ? "" : ": ") + Escaping.escaped(detail.joined(separator: "; ")) + "\n"
    }
    if count > Self.maximumFiles {
      text += Self.label("") + "… and \(count - Self.maximumFiles) more (--json lists all)\n"
    }
    return text
  }

  private static func word(for file: VerifyReport.File) -> String {
    if file.isSuspect { return "suspect" }
    if file.status == .ok { return file.unverifiedRanges.isEmpty ? "found" : "unverified" }
    return file.status.rawValue
  }

  private static func detail(of file: VerifyReport.File) -> String {
    switch file.status {
    case .ok: return ""
    case .missing, .unreadable: return file.reason ?? ""
    case .corrupt:
      return bytes(file.badRanges) + (file.isSuspect ? ", or another file with bytes in the same piece" : "")
    case .short, .long:
      let length = file.lengthOnDisk.map { "\($0) bytes instead of \(file.length)" } ?? ""
      // That the end is missing has been said.
      let differing = file.badRanges.compactMap { range -> Range<Int>? in
        let end = min(range.upperBound, file.lengthOnDisk ?? 0)
        return range.lowerBound < end ? range.lowerBound..<end : nil
      }
      return differing.isEmpty ? length : "\(length); \(bytes(differing)) differ"
    }
  }

  /// What is worth knowing about a file beside its status.
  private static func notes(on file: VerifyReport.File) -> [String] {
    var notes: [String] = []
    if !file.unverifiedRanges.isEmpty {
      notes.append("\(bytes(file.unverifiedRanges)) share a piece with what is missing or unreadable")
    }
    if file.foundAs != nil { notes.append("its name is in another Unicode normalisation form here") }
    if let path = file.foundAt { notes.append("found at \(path)") }
    return notes
  }

  private static func bytes(_ ranges: [Range<Int>]) -> String {
    list(ranges.map { $0.lowerBound...$0.upperBound - 1 }, of: "bytes", maximum: maximumRanges)
  }

  /// `3, 5-9, 12`, of which no more than the first twenty are shown.
  static func runs(_ numbers: [Int]) -> String {
    var runs: [ClosedRange<Int>] = []
    for number in numbers {
      if let last = runs.last, last.upperBound == number - 1 {
        runs[runs.count - 1] = last.lowerBound...number
      } else {
        runs.append(number...number)
      }
    }
    return list(runs, of: nil, maximum: 20)
  }

  private static func list(_ ranges: [ClosedRange<Int>], of noun: String?, maximum: Int) -> String {
    let shown = ranges.prefix(maximum).map {
      $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)"
    }
    let rest = ranges.count > maximum ? ", and \(ranges.count - maximum) more" : ""
    return (noun.map { $0 + " " } ?? "") + shown.joined(separator: ", ") + rest
  }

  private static let labelWidth = 12

  private static func label(_ word: String) -> String {
    word + String(repeating: " ", count: labelWidth - word.count)
  }
}
