import Bencode

/// A tracker's answer to an announce (BEP 3; compact peers of BEP 23, `peers6` of BEP 7, `external ip` of BEP
/// 24).
public struct AnnounceResponse: Hashable, Sendable {
  /// Peers taken from one answer; the rest is left.
  public static let peerLimit = 200

  /// Distinct and usable as addresses; this client's own entry is left out where it can be known.
  public var peers: [Endpoint] = []
  /// How long to wait until the next regular announce.
  public var interval = AnnounceInterval.standard
  /// How long to wait at least, whatever happens.
  public var minimumInterval = AnnounceInterval.least
  /// Peers with the whole content, and those without.
  public var complete: Int?
  public var incomplete: Int?
  /// The tracker's own words, as it sent them: to be escaped before they are shown.
  public var warning: String?
  /// To be sent back with the next announce.
  public var trackerID: [UInt8]?

  public init() {}

  /// - Parameters:
  ///   - body: of an HTTP answer.
  ///   - own: who asks: entries with this peer id, or with the address the tracker says it sees and this
  ///     port, are left out.
  /// - Complexity: O(bytes)
  public init(decoding body: [UInt8], own: (peerID: PeerID, port: UInt16)) throws(AnnounceError) {
    let document: BencodeDocument
    do throws(BencodeError) { document = try BencodeDocument(body, limits: Self.limits) } catch {
      throw body.isEmpty ? .empty : .notBencode(error)
    }
    let root = document.root
    guard root.kind == .dictionary else { throw .notAnAnswer }
    if let reason = root["failure reason"]?.string { throw .refused(AnnounceError.excerpt(reason)) }

    let isAnswer = ["peers", "peers6", "interval"].contains { root[$0] != nil }
    guard isAnswer else { throw .notAnAnswer }
    interval = AnnounceInterval.clamped(root["interval"]) ?? AnnounceInterval.standard
    minimumInterval = AnnounceInterval.clamped(root["min interval"]) ?? AnnounceInterval.least
    complete = Self.count(root["complete"])
    incomplete = Self.count(root["incomplete"])
    warning = root["warning message"]?.string.map { AnnounceError.excerpt($0) }
    trackerID = root["tracker id"]?.string.flatMap { $0.count <= 256 ? Array($0) : nil }

    let seen = root["external ip"]?.string.flatMap { IPAddress($0) }
    var list = AnnouncedPeers(limit: Self.peerLimit, own: seen.map { Endpoint($0, port: own.port) })
    if let peers = root["peers"] {
      if let compact = peers.string {
        list.add(compact: compact, addressLength: 4)
      } else {
        list.add(dictionaries: peers, ownID: own.peerID)
      }
    }
    if let compact = root["peers6"]?.string { list.add(compact: compact, addressLength: 16) }
    peers = list.endpoints
  }

  private static let limits = BencodeLimits(depth: 16, tokens: 1_000_000, size: 4_000_000)

  private static func count(_ node: BencodeNode?) -> Int? {
    node?.integer.flatMap { $0 >= 0 ? Int(exactly: $0) : nil }
  }
}
