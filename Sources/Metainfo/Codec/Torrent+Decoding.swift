import Bencode

extension Torrent {
  /// Reads the bytes of a .torrent file (BEP 3, 5, 12, 19, 27, 47, 52). The info-hashes are taken over the bytes of the
  /// info dictionary as they stand. O(bytes).
  public convenience init(
    decoding bytes: [UInt8], limits: BencodeLimits = BencodeLimits()
  ) throws(MetainfoError) {
    let document: BencodeDocument
    do throws(BencodeError) {
      document = try BencodeDocument(bytes, limits: limits)
    } catch {
      let isTooLarge = error.code == .sizeLimit || error.code == .tokenLimit
      throw MetainfoError(isTooLarge ? .tooLarge : .malformed, "not a torrent: \(error)")
    }
    guard document.root.kind == .dictionary else {
      throw MetainfoError(.malformed, "not a torrent: not a dictionary")
    }
    let mayRepeat = Fields.mayRepeat(in: document)
    let fields = Fields(node: document.root, mayRepeat: mayRepeat)
    let infoNode = try fields.required(fields.dictionary("info"), "info")
    var infoDecoder = InfoDecoder(
      Fields(node: infoNode, mayRepeat: mayRepeat), document.warnings)
    let info = try infoDecoder.decode(pieceLayers: fields.find("piece layers"))

    var optional = OptionalFields(document.root)
    let announce = optional.announceTiers()
    let webSeeds = optional.urls("url-list")
    let nodes = optional.nodes()
    let comment = optional.text("comment")
    let createdBy = optional.text("created by")
    let creationDate = optional.integer("creation date")
    self.init(
      infoHashes: info.format.infoHashes(of: infoNode.rawBytes), info: info, announce: announce,
      webSeeds: webSeeds, nodes: nodes, comment: comment, createdBy: createdBy, creationDate: creationDate,
      extraKeys: Self.extraKeys(of: document.root, info: infoNode),
      warnings: document.warnings.map(MetainfoWarning.bencode) + infoDecoder.warnings + optional.warnings)
  }

  private static let knownKeys: Set<String> = [
    "announce", "announce-list", "comment", "comment.utf-8", "created by", "created by.utf-8",
    "creation date",
    "info", "nodes", "piece layers", "url-list",
  ]
  private static let knownInfoKeys: Set<String> = [
    "file tree", "files", "length", "meta version", "name", "name.utf-8", "piece length", "pieces", "private",
    "source",
  ]

  /// Names of unknown keys, of which a file can't make us list more than a hundred.
  private static func extraKeys(of root: BencodeNode, info: BencodeNode) -> [String] {
    func unknown(_ node: BencodeNode, except known: Set<String>) -> [String] {
      var keys: [String] = []
      for (key, _) in node.entries where keys.count < 100 {
        let key = String(decoding: key, as: UTF8.self)
        if !known.contains(key) { keys.append(key) }
      }
      return keys
    }
    return unknown(root, except: knownKeys) + unknown(info, except: knownInfoKeys).map { "info." + $0 }
  }
}

extension TorrentFormat {
  /// The info-hashes of an info dictionary of this format, taken over its bytes as they stand. O(bytes).
  func infoHashes(of infoBytes: ArraySlice<UInt8>) -> InfoHashes {
    switch self {
    case .v1: InfoHashes(InfoHash(SHA1.digest(of: infoBytes)))
    case .v2: InfoHashes(InfoHashV2(SHA256.digest(of: infoBytes)))
    case .hybrid:
      InfoHashes(InfoHash(SHA1.digest(of: infoBytes)), v2: InfoHashV2(SHA256.digest(of: infoBytes)))
    }
  }
}
