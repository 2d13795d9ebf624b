import Bencode
import Metainfo
import Text

/// `torrentctl show`.
struct Show {
  let arguments: ShowArguments

  /// Lines of a tree on a terminal.
  static let treeLines = 60

  func run(_ console: Console) throws(CommandFailure) -> ExitCode {
    switch try console.metainfo(at: arguments.file, limits: arguments.limits) {
    case .magnet(let link): return try show(MagnetDescription(link: link), console)
    case .torrent(let torrent, let length):
      console.told(torrent, arguments.file)
      return try show(torrent, length, console)
    }
  }

  private func show(_ torrent: Torrent, _ length: Int, _ console: Console) throws(CommandFailure) -> ExitCode
  {
    if arguments.isStrict { try torrent.refuseOddities(in: arguments.file) }
    let findings = LintSubject(torrent: torrent, torrentLength: length).findings()
    let description = TorrentDescription(
      torrent: torrent, path: arguments.file,
      warnings: torrent.warnings.map(\.description)
        + findings.filter { $0.lint.severity != .note }.map(\.description),
      notes: findings.filter { $0.lint.severity == .note }.map(\.description))
    switch arguments.form {
    case .json: try writeJSON(description, console)
    case .files: try writeFiles(torrent.info, console)
    case .page: try writePage(description, console)
    }
    return .done
  }

  private func show(_ description: MagnetDescription, _ console: Console) throws(CommandFailure) -> ExitCode {
    switch arguments.form {
    case .json: try console.print(JSON.object(description.json).document)
    case .files:
      throw CommandFailure("--files: a magnet link doesn't say which files there are", code: .usage)
    case .page:
      var report = report(console)
      description.add(to: &report)
      try console.print(report.text)
    }
    return .done
  }

  private func writePage(_ description: TorrentDescription, _ console: Console) throws(CommandFailure) {
    var report = report(console)
    description.addSummary(to: &report)
    description.addDetails(to: &report)
    var output = BufferedOutput(console)
    try output.add(report.text)
    let info = description.torrent.info
    if !info.isSingleFile {
      try output.add("\n")
      let isBounded = console.output.isTerminal && !arguments.showsAll
      var tree = FileTreeText(
        FileTree(info), isUnicode: console.isUnicode, emphasis: emphasis(console),
        lines: isBounded ? Self.treeLines : nil)
      try tree.write(to: &output)
      if tree.isBounded { try output.add(emphasis(console).faint("--all draws every file") + "\n") }
    }
    try output.flush()
  }

  private func writeFiles(_ info: Info, _ console: Console) throws(CommandFailure) {
    var output = BufferedOutput(console)
    var reader = PathReader(info.files)
    let name = info.isSingleFile ? "" : Escaping.escaped(info.name.name) + "/"
    for file in info.files.indices where !info.files.isPadding(file) {
      reader.read(file)
      output.bytes += "\(info.files.length(of: file))\t\(name)".utf8
      for level in reader.components.indices {
        if level > 0 { output.bytes.append(UInt8(ascii: "/")) }
        output.add(escaping: reader.bytes[reader.components[level]])
      }
      try output.add("\n")
    }
    try output.flush()
  }

  private func writeJSON(_ description: TorrentDescription, _ console: Console) throws(CommandFailure) {
    let info = description.torrent.info
    var document = JSONDocument(BufferedOutput(console))
    try document.add(description.summaryJSON)
    var reader = PathReader(info.files)
    let files = info.files.enumerated().lazy.filter { !$0.element.isPadding }
    try document.add("files", each: files) { file, bytes in
      reader.read(file.offset)
      bytes += "{\"path\": [".utf8
      for level in reader.components.indices {
        if level > 0 { bytes += ", ".utf8 }
        JSONEscaping.append(reader.component(level), to: &bytes)
      }
      bytes += "], \"length\": \(file.element.length), \"offset\": \(file.element.offset)".utf8
      if let merkle = info.merkle {
        let root = merkle.root(of: file.offset).flatMap(InfoHashV2.init)
        bytes += ", \"root\": \(root.map { "\"\($0)\"" } ?? "null")".utf8
      }
      bytes.append(UInt8(ascii: "}"))
    }
    try document.add(description.detailsJSON)
    try document.finish()
  }

  private func report(_ console: Console) -> Report {
    Report(
      emphasis(console),
      columns: console.output.isTerminal && !arguments.showsAll ? console.output.columns() : nil)
  }

  private func emphasis(_ console: Console) -> Emphasis {
    Emphasis(isEnabled: console.colours(console.output))
  }
}

extension Console {
  /// Reads a .torrent that the user has named; `-` is standard input.
  func torrent(at path: String, limits: BencodeLimits) throws(CommandFailure) -> Torrent {
    try refuseOtherThanFile(path)
    let torrent: Torrent
    do throws(MetainfoError) { torrent = try TorrentFile.read(path: self.path(path), limits: limits) } catch {
      throw CommandFailure(error)
    }
    told(torrent, path)
    return torrent
  }
}

extension Console {
  /// Names that other programs take, and of which a file name could only be meant by mistake.
  private func refuseOtherThanFile(_ operand: String) throws(CommandFailure) {
    let scheme = operand.lowercased()
    if scheme.hasPrefix("magnet:") {
      throw CommandFailure(
        "magnet link: only 'show' reads one: what it stands for can't be fetched from peers yet",
        hint: "get the .torrent", code: .usage)
    }
    if ["http://", "https://", "ftp://"].contains(where: scheme.hasPrefix) {
      throw CommandFailure(
        "\(operand): a .torrent can't be fetched from the web yet", hint: "'curl -O' fetches it", code: .usage
      )
    }
  }

  /// What has been read, for those who follow each step.
  func told(_ torrent: Torrent, _ path: String) {
    let hash = torrent.infoHashes.v1?.description ?? torrent.infoHashes.v2?.description ?? ""
    detail(
      "\(path): \(torrent.info.format.rawValue), info-hash \(hash), "
        + Quantity.count(torrent.info.geometry.pieceCount, "piece"))
  }
}

extension Torrent {
  /// Strict reading: what lenient reading only warns of is an error.
  func refuseOddities(in file: String) throws(CommandFailure) {
    for case .bencode(let warning) in warnings {
      throw CommandFailure("\(file): \(warning)", hint: "without --strict it is read", code: .malformed)
    }
  }
}
