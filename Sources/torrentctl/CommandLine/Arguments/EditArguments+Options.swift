extension EditArguments {
  static let output = OptionSpec(
    "output", short: "o", value: "FILE",
    "write the outcome to FILE, or to standard output for - (default: change the file in place)")
  static let announce = OptionSpec(
    "announce", short: "a", value: "URL",
    "replace all trackers; repeat for further tiers, and separate the trackers of one tier by commas")
  static let addTracker = OptionSpec(
    "add-tracker", value: "URL",
    "add a tracker in a tier of its own at the end, or several with commas; may be repeated")
  static let tier = OptionSpec("tier", value: "N", "add to tier N instead, counted from 1")
  static let removeTracker = OptionSpec(
    "remove-tracker", value: "URL", "remove a tracker, or 'all'; may be repeated")
  static let replaceTracker = OptionSpec(
    "replace-tracker", value: "OLD=NEW", "put a tracker in the place of another; may be repeated")
  static let webSeed = OptionSpec("web-seed", value: "URL", "replace all web seeds (BEP 19); may be repeated")
  static let addWebSeed = OptionSpec("add-web-seed", value: "URL", "add a web seed; may be repeated")
  static let removeWebSeed = OptionSpec(
    "remove-web-seed", value: "URL", "remove a web seed, or 'all'; may be repeated")
  static let node = OptionSpec("node", value: "HOST:PORT", "replace all DHT nodes (BEP 5); may be repeated")
  static let addNode = OptionSpec("add-node", value: "HOST:PORT", "add a DHT node; may be repeated")
  static let removeNode = OptionSpec(
    "remove-node", value: "HOST:PORT", "remove a DHT node, or 'all'; may be repeated")
  static let comment = OptionSpec("comment", value: "TEXT", "set the comment")
  static let noComment = OptionSpec("no-comment", "remove the comment")
  static let createdBy = OptionSpec("created-by", value: "TEXT", "set the creating program's name")
  static let noCreatedBy = OptionSpec("no-created-by", "remove the creating program's name")
  static let date = OptionSpec("date", value: "RFC3339", "set the creation date")
  static let noDate = OptionSpec("no-date", "remove the creation date")
  static let newInfoHash = OptionSpec(
    "new-infohash", "allow the options below, which change the info-hash: to others it is another torrent")
  static let name = OptionSpec("name", value: "TEXT", "set the torrent's name")
  static let `private` = OptionSpec("private", "have peers found through the trackers only (BEP 27)")
  static let noPrivate = OptionSpec("no-private", "let peers be found by other ways too")
  static let source = OptionSpec("source", value: "TEXT", "set the source tag")
  static let noSource = OptionSpec("no-source", "remove the source tag")
  static let dryRun = OptionSpec("dry-run", short: "n", "say what would change, and write nothing")
  static let force = OptionSpec("force", short: "f", "let -o overwrite a FILE that exists")

  static let spec = CommandSpec(
    name: "edit", summary: "Change a .torrent without touching what is hashed.",
    operand: OperandSpec(
      name: "FILE...", count: 1...100_000,
      help: "the .torrent files, changed in place; or - from standard input to standard output"),
    options: [
      output, announce, addTracker, tier, removeTracker, replaceTracker, webSeed, addWebSeed, removeWebSeed,
      node,
      addNode, removeNode, comment, noComment, createdBy, noCreatedBy, date, noDate, dryRun, force,
      TorrentSize.option, newInfoHash, name, `private`, noPrivate, source, noSource,
    ],
    examples: [
      .init(
        line: "torrentctl edit share.torrent --add-tracker udp://tracker.example:6969",
        remark: "one more tracker; the info-hash stays"),
      .init(
        line: "torrentctl edit share.torrent --remove-tracker all --no-comment -o new.torrent",
        remark: "a copy without trackers and comment"),
      .init(
        line: "torrentctl edit share.torrent --new-infohash --private --dry-run",
        remark: "see what making it private would do"),
    ])
}
