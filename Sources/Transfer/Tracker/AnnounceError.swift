import Bencode

/// Why an announce brought no answer.
public enum AnnounceError: Error, Hashable, Sendable {
  /// An answer of no bytes.
  case empty
  case notBencode(BencodeError)
  /// Bencode, but nothing that a tracker says.
  case notAnAnswer
  /// `failure reason`: the tracker's own words, as it sent them.
  case refused(String)
  /// An HTTP status that is no success, with the server's own words.
  case status(Int, String)
  case http(HTTPError)
  case redirect(HTTPRedirectError)
  /// No connection, or none for long enough; in words.
  case network(String)

  /// Characters of a text that is passed on; more is cut.
  static let textLimit = 400

  /// Bytes as text, as far as they are UTF-8, and not longer than is fit to be shown. O(limit)
  static func excerpt(_ bytes: some Sequence<UInt8>) -> String {
    String(String(decoding: Array(bytes.prefix(4 * textLimit)), as: UTF8.self).prefix(textLimit))
  }

  /// What an HTTP answer means for the announce that it answers. A tracker may send its `failure reason` with
  /// any status.
  static func response(
    to head: HTTPResponseHead, body: [UInt8], own: (peerID: PeerID, port: UInt16)
  ) throws(AnnounceError) -> AnnounceResponse {
    guard head.status != 200 else { return try AnnounceResponse(decoding: body, own: own) }
    if let document = try? BencodeDocument(body, limits: BencodeLimits(depth: 16)),
      let reason = document.root["failure reason"]?.string
    {
      throw .refused(excerpt(reason))
    }
    throw .status(head.status, excerpt(head.reason.utf8))
  }
}

extension AnnounceError: CustomStringConvertible {
  /// One line; what the tracker said in it is not escaped.
  public var description: String {
    switch self {
    case .empty: "empty answer"
    case .notBencode(let error): "not a tracker's answer (\(error))"
    case .notAnAnswer: "not a tracker's answer"
    case .refused(let reason): "refused: \(reason)"
    case .status(let code, let reason): reason.isEmpty ? "HTTP \(code)" : "HTTP \(code) \(reason)"
    case .http(let error): "\(error)"
    case .redirect(let error): "\(error)"
    case .network(let reason): reason
    }
  }
}
