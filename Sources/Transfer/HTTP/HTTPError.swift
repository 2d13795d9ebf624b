/// Why an answer over HTTP could not be read.
public enum HTTPError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The connection ended before the first byte.
  case noAnswer
  /// The connection ended inside the answer.
  case truncated
  case notHTTP
  case malformedHeader
  case headerTooLarge
  case badContentLength
  case badChunk
  /// A transfer coding other than `chunked`.
  case unknownTransferCoding
  /// A content coding although `identity` was asked for.
  case compressed
  case bodyTooLarge(limit: Int)

  public var description: String {
    switch self {
    case .noAnswer: "connection closed without an answer"
    case .truncated: "answer cut short"
    case .notHTTP: "answer is not HTTP"
    case .malformedHeader: "malformed HTTP header"
    case .headerTooLarge: "HTTP header too large"
    case .badContentLength: "bad Content-Length"
    case .badChunk: "malformed chunk"
    case .unknownTransferCoding: "unknown transfer coding"
    case .compressed: "compressed answer, which was not asked for"
    case .bodyTooLarge(let limit): "answer larger than \(limit) bytes"
    }
  }
}
