import Bencode
import Metainfo

/// `torrentctl edit`: which .torrent files to change, and how.
struct EditArguments: Sendable {
  /// Paths of .torrent files, at least one; `-` is standard input, and then the only one.
  let files: [String]
  /// Where the outcome goes, of one file; `-` is standard output, `nil` is the file itself.
  let output: String?
  /// What to do to each of them, in this order. At least one.
  let changes: [TorrentChange]
  let overwrites: Bool
  let isDryRun: Bool
  /// The largest .torrent to read.
  let limits: BencodeLimits

  init(_ parsed: ParsedArguments) throws(UsageError) {
    files = parsed.operands
    if files.count > 1, files.contains("-") {
      throw UsageError("-", "standard input can't be edited together with other files")
    }
    let output = try parsed.value(Self.output, as: PathText.self)?.text
    if output != nil, files.count > 1 {
      throw UsageError(Self.output.name, "takes one FILE", hint: "without it each file is changed in place")
    }
    self.output = output ?? (files == ["-"] ? "-" : nil)
    changes = try Self.changes(parsed)
    if changes.isEmpty {
      throw UsageError("edit", "nothing to change", hint: "see 'torrentctl edit --help'")
    }
    try Self.checkInfoHash(parsed)
    overwrites = parsed.has(Self.force)
    isDryRun = parsed.has(Self.dryRun)
    limits = try TorrentSize.limits(parsed)
    if parsed.has(Manner.json), self.output == "-", !isDryRun {
      throw UsageError(
        Manner.json.name, "can't be used when the .torrent is written to standard output",
        hint: "give -o a file")
    }
  }

  /// Another torrent is not made by accident.
  private static func checkInfoHash(_ parsed: ParsedArguments) throws(UsageError) {
    guard !parsed.has(newInfoHash) else { return }
    for option in [name, `private`, noPrivate, source, noSource] where parsed.has(option) {
      throw UsageError(
        option.name, "would change the info-hash, and so make another torrent of it",
        hint: "\(newInfoHash.name) allows it")
    }
  }

  /// First what replaces everything, then what is removed and replaced, and at last what is added.
  private static func changes(_ parsed: ParsedArguments) throws(UsageError) -> [TorrentChange] {
    var changes = try trackerChanges(parsed)
    try parsed.exclude(webSeed, removeWebSeed)
    let webSeeds = try parsed.values(webSeed, as: URLText.self).map(\.url)
    if !webSeeds.isEmpty { changes.append(.setWebSeeds(webSeeds)) }
    for url in parsed.all(removeWebSeed) {
      changes.append(url == all ? .setWebSeeds([]) : .removeWebSeed(url))
    }
    for url in try parsed.values(addWebSeed, as: URLText.self) { changes.append(.addWebSeed(url.url)) }
    try parsed.exclude(node, removeNode)
    let nodes = try parsed.values(node, as: NodeText.self).map(\.node)
    if !nodes.isEmpty { changes.append(.setNodes(nodes)) }
    for text in parsed.all(removeNode) {
      if text == all {
        changes.append(.setNodes([]))
      } else if let node = NodeText(argument: text)?.node {
        changes.append(.removeNode(node))
      } else {
        throw UsageError(removeNode.name, "'\(text)' is neither \(NodeText.expected) nor '\(all)'")
      }
    }
    for node in try parsed.values(addNode, as: NodeText.self) { changes.append(.addNode(node.node)) }
    return try changes + fieldChanges(parsed)
  }

  private static func trackerChanges(_ parsed: ParsedArguments) throws(UsageError) -> [TorrentChange] {
    try parsed.exclude(announce, removeTracker)
    var changes: [TorrentChange] = []
    let tiers = try parsed.values(announce, as: TierText.self).map(\.urls)
    if !tiers.isEmpty { changes.append(.setTrackers(AnnounceTiers(tiers))) }
    for url in parsed.all(removeTracker) {
      changes.append(url == all ? .setTrackers(AnnounceTiers()) : .removeTracker(url))
    }
    for pair in try parsed.values(replaceTracker, as: URLPair.self) {
      changes.append(.replaceTracker(pair.old, with: pair.new))
    }
    let tier = try parsed.value(tier, as: Count.self)?.value
    let added = try parsed.values(addTracker, as: TierText.self)
    if tier != nil, added.isEmpty { throw UsageError(Self.tier.name, "is about \(addTracker.name)") }
    for urls in added { changes.append(.addTrackers(urls.urls, tier: tier)) }
    return changes
  }

  private static func fieldChanges(_ parsed: ParsedArguments) throws(UsageError) -> [TorrentChange] {
    var changes: [TorrentChange] = []
    try parsed.exclude(comment, noComment)
    if parsed.has(comment) || parsed.has(noComment) { changes.append(.comment(parsed.text(comment))) }
    try parsed.exclude(createdBy, noCreatedBy)
    if parsed.has(createdBy) || parsed.has(noCreatedBy) { changes.append(.createdBy(parsed.text(createdBy))) }
    try parsed.exclude(date, noDate)
    if let date = try parsed.value(date, as: Timestamp.self) { changes.append(.creationDate(date.seconds)) }
    if parsed.has(noDate) { changes.append(.creationDate(nil)) }
    if let name = try parsed.value(name, as: NameText.self) { changes.append(.name(name.path)) }
    try parsed.exclude(`private`, noPrivate)
    if parsed.has(`private`) || parsed.has(noPrivate) { changes.append(.isPrivate(parsed.has(`private`))) }
    try parsed.exclude(source, noSource)
    if parsed.has(source) || parsed.has(noSource) { changes.append(.source(parsed.text(source))) }
    return changes
  }

  /// The word for every tracker, web seed or node.
  private static let all = "all"
}
