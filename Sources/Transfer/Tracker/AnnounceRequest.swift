import Metainfo
import Text

/// One announce to an HTTP tracker (BEP 3, with `compact` of BEP 23).
public struct AnnounceRequest: Hashable, Sendable {
  public var infoHash: InfoHash
  public var peerID: PeerID
  /// Where this client accepts peers.
  public var port: UInt16
  public var totals: TransferTotals
  public var event: AnnounceEvent?
  /// How many peers are wanted.
  public var wanted: Int
  /// Proves to the tracker that a client is the same one although its address has changed.
  public var key: UInt32
  /// What the tracker gave before as `tracker id`.
  public var trackerID: [UInt8]?

  public init(
    infoHash: InfoHash, peerID: PeerID, port: UInt16, totals: TransferTotals, event: AnnounceEvent? = nil,
    wanted: Int = AnnounceResponse.peerLimit, key: UInt32, trackerID: [UInt8]? = nil
  ) {
    self.infoHash = infoHash
    self.peerID = peerID
    self.port = port
    self.totals = totals
    self.event = event
    self.wanted = wanted
    self.key = key
    self.trackerID = trackerID
  }

  /// The announce URL with this request's query; a query that it has already is kept.
  public func url(at tracker: HTTPURL) -> HTTPURL {
    var pairs = [
      "info_hash=\(PercentEncoding.encoded(infoHash.array))",
      "peer_id=\(PercentEncoding.encoded(peerID.bytes))",
      "port=\(port)",
      "uploaded=\(totals.uploaded)",
      "downloaded=\(totals.downloaded)",
      "left=\(totals.left)",
      "compact=1",
      "numwant=\(event == .stopped ? 0 : wanted)",
      "key=\(Self.hexadecimal(key))",
    ]
    if let event { pairs.append("event=\(event.rawValue)") }
    if let trackerID { pairs.append("trackerid=\(PercentEncoding.encoded(trackerID))") }
    return tracker.appendingQuery(pairs.joined(separator: "&"))
  }

  private static func hexadecimal(_ key: UInt32) -> String {
    let digits = String(key, radix: 16)
    return String(repeating: "0", count: 8 - digits.utf8.count) + digits
  }
}
