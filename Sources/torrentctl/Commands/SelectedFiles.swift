import Metainfo

/// The files of a torrent that patterns pick.
struct SelectedFiles {
  /// For each file whether it is picked; never a pad file.
  let files: [Bool]
  /// The patterns that match nothing, as a phrase; `nil` when each matches something.
  let missed: String?

  /// Throws when no file is picked. O(files · patterns).
  init(_ selectors: [FileSelector], of info: Info, option: OptionSpec) throws(CommandFailure) {
    var files = [Bool](repeating: false, count: info.files.count)
    var missed: [String] = []
    for selector in selectors {
      var isMissed = true
      for (number, file) in info.files.enumerated() where !file.isPadding && selector.glob.matches(file.path)
      {
        files[number] = true
        isMissed = false
      }
      if isMissed { missed.append("'\(selector.text)'") }
    }
    self.files = files
    self.missed =
      missed.isEmpty
      ? nil : "\(option.name): no file of '\(info.name.name)' matches \(missed.joined(separator: " or "))"
    if let missed = self.missed, !files.contains(true) {
      throw CommandFailure(missed, hint: "'torrentctl show' lists the files", code: .usage)
    }
  }

  /// The indices of the files that are picked, in as few ranges as there can be.
  var ranges: [ClosedRange<Int>] {
    var ranges: [ClosedRange<Int>] = []
    for file in files.indices where files[file] {
      if let last = ranges.last, last.upperBound == file - 1 {
        ranges[ranges.count - 1] = last.lowerBound...file
      } else {
        ranges.append(file...file)
      }
    }
    return ranges
  }
}
