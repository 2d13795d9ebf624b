import Bencode

/// Changes what a .torrent file says without touching the rest: the info dictionary, unknown keys and every value
/// that isn't changed keep their bytes and their place, also where they are not in canonical form.
///
///     let editor = try TorrentEditor(bytes)
///     let edited = try editor.applying([.addTrackers(["udp://tracker.example:6969"], tier: nil), .comment(nil)])
///     precondition(edited.torrent.infoHashes == editor.torrent.infoHashes)
public struct TorrentEditor: Sendable {
  /// The torrent as it is.
  public let torrent: Torrent
  private let document: BencodeDocument
  private let limits: BencodeLimits

  /// Reads the bytes of a .torrent file. O(bytes).
  public init(_ bytes: [UInt8], limits: BencodeLimits = BencodeLimits()) throws(MetainfoError) {
    torrent = try Torrent(decoding: bytes, limits: limits)
    do throws(BencodeError) { document = try BencodeDocument(bytes, limits: limits) } catch {
      throw MetainfoError(.malformed, "not a torrent: \(error)")
    }
    self.limits = limits
  }

  /// The file after these changes, one after the other; the editor stays as it is. Throws when the outcome would
  /// be no torrent. O(bytes + changes · trackers).
  public func applying(_ changes: [TorrentChange]) throws(MetainfoError) -> EditedTorrent {
    let root = document.root
    var fields = RawDictionary(root)
    var trackers = TrackerList(announce: root["announce"], list: root["announce-list"])
    var webSeeds = URLList(root["url-list"])
    var nodes = NodeList(root["nodes"])
    var info = root["info"].map { InfoFields($0) }
    for change in changes {
      switch change {
      case .setTrackers(let tiers): trackers.set(tiers)
      case .addTrackers(let urls, let tier): trackers.add(urls, tier: tier)
      case .removeTracker(let url): trackers.remove(url)
      case .replaceTracker(let old, let new): trackers.replace(old, with: new)
      case .setWebSeeds(let urls): webSeeds.set(urls)
      case .addWebSeed(let url): webSeeds.add(url)
      case .removeWebSeed(let url): webSeeds.list.remove(url)
      case .setNodes(let all): nodes.set(all)
      case .addNode(let node): nodes.add(node)
      case .removeNode(let node): nodes.list.remove(node)
      case .comment(let text): fields.setText("comment", to: text)
      case .createdBy(let text): fields.setText("created by", to: text)
      case .creationDate(let seconds): fields.setInteger("creation date", to: seconds)
      case .name(let name): info?.setName(name.name)
      case .isPrivate(let isPrivate): info?.setPrivate(isPrivate)
      case .source(let text): info?.fields.setText("source", to: text)
      }
    }
    trackers.write(to: &fields)
    webSeeds.list.write(to: "url-list", of: &fields)
    nodes.list.write(to: "nodes", of: &fields)
    if let info, info.fields.isChanged { fields.set("info", to: info.fields.encoded()) }
    return try outcome(fields)
  }

  private func outcome(_ fields: RawDictionary) throws(MetainfoError) -> EditedTorrent {
    let original = document.bytes
    guard fields.isChanged else {
      return EditedTorrent(
        original: torrent, torrent: torrent, bytes: original, isChanged: false, originalBytes: original)
    }
    // What stands behind the end has been let pass, and stays.
    let bytes = fields.encoded() + original[document.root.range.upperBound...]
    // What could be read before is not too large now.
    var limits = limits
    let growth = max(0, bytes.count - original.count)
    limits.size = max(limits.size, original.count) + growth
    limits.tokens += growth
    return EditedTorrent(
      original: torrent, torrent: try Torrent(decoding: bytes, limits: limits), bytes: bytes,
      isChanged: bytes != original, originalBytes: original)
  }
}
