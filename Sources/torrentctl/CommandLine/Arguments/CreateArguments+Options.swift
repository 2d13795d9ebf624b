extension CreateArguments {
  static let output = OptionSpec(
    "output", short: "o", value: "FILE",
    "write the .torrent to FILE, or to standard output for - (default: NAME.torrent in the current directory)"
  )
  static let name = OptionSpec("name", value: "TEXT", "the torrent's name (default: the last part of PATH)")
  static let pieceLength = OptionSpec(
    "piece-length", value: "SIZE",
    "bytes in a piece, a power of two from 16KiB to 128MiB (default: by content size, 16KiB to 16MiB; 1MiB "
      + "for standard input)")
  static let format = OptionSpec(
    "format", value: "v1|v2|hybrid",
    "version of the .torrent (default: v1); a hybrid is both, and is read by programs that know either")
  static let order = OptionSpec(
    "order", value: "path|size",
    "the order of the files: by path (default), which is the same on every machine, or the largest first")
  static let padding = OptionSpec(
    "padding", "put pad files in between, so that every file starts at a piece (BEP 47)")
  static let announce = OptionSpec(
    "announce", short: "a", value: "URL",
    "tracker; repeat for further tiers, and separate the trackers of one tier by commas")
  static let webSeed = OptionSpec(
    "web-seed", value: "URL", "web server that has the content (BEP 19); may be repeated")
  static let node = OptionSpec(
    "node", value: "HOST:PORT", "DHT node to start from (BEP 5); may be repeated")
  static let `private` = OptionSpec("private", "find peers through the trackers only (BEP 27)")
  static let source = OptionSpec("source", value: "TEXT", "source tag, which makes the info-hash differ")
  static let comment = OptionSpec("comment", value: "TEXT", "comment for people")
  static let createdBy = OptionSpec(
    "created-by", value: "TEXT", "the creating program's name (default: torrentctl and its version)")
  static let noCreatedBy = OptionSpec("no-created-by", "leave the creating program out")
  static let date = OptionSpec(
    "date", value: "RFC3339", "creation date (default: SOURCE_DATE_EPOCH from the environment, else now)")
  static let noDate = OptionSpec("no-date", "leave the creation date out")
  static let include = OptionSpec(
    "include", value: "GLOB",
    "take the files that match; the last --include or --exclude that matches a file decides, and when the "
      + "first of them is --include, what none matches is left out")
  static let exclude = OptionSpec("exclude", value: "GLOB", "leave out the files that match")
  static let hidden = OptionSpec("hidden", "take hidden files and what systems leave behind, too")
  static let followSymlinks = OptionSpec(
    "follow-symlinks", "take what symbolic links lead to (default: they are skipped)")
  static let threads = OptionSpec(
    "threads", value: "N", "threads that hash (default: one for each processor)")
  static let force = OptionSpec("force", short: "f", "overwrite FILE when it exists")
  static let dryRun = OptionSpec(
    "dry-run", short: "n", "say what would be made, with all warnings, and read no content")
  static let allow = OptionSpec(
    "allow", value: "LINT",
    "say nothing of LINT, the name in brackets behind a warning, and make the .torrent all the same; may be "
      + "repeated")

  /// Not an option: the convention of reproducible builds, read like one.
  static let epoch = OptionSpec("", environment: "SOURCE_DATE_EPOCH", "")

  static let spec = CommandSpec(
    name: "create", summary: "Make a .torrent of a file or a folder.",
    operand: OperandSpec(
      name: "PATH", count: 1...1, help: "the file or folder to share; - reads a file from standard input"),
    options: [
      output, name, pieceLength, format, order, padding, announce, webSeed, node, `private`, source, comment,
      createdBy, noCreatedBy, date, noDate, include, exclude, hidden, followSymlinks, threads, force, dryRun,
      allow,
    ],
    examples: [
      .init(line: "torrentctl create data/ -o share.torrent", remark: "share a folder"),
      .init(
        line: "torrentctl create film.mkv --announce http://tracker.example/announce",
        remark: "write film.mkv.torrent, with a tracker"),
      .init(
        line: "torrentctl create album/ --include '*.flac' --exclude 'bonus/' --dry-run",
        remark: "see what the .torrent of some of the files would be"),
      .init(
        line: "torrentctl create - --name backup.tar",
        remark: "share what comes on standard input, from tar for example"),
    ])
}
