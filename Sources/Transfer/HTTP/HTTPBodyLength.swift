import Text

/// How the end of a body is found (RFC 9112, 6.3).
enum HTTPBodyLength: Hashable, Sendable {
  case none
  case fixed(Int)
  case chunked, untilClose

  init(of head: HTTPResponseHead) throws(HTTPError) {
    if head.status == 204 || head.status == 304 {
      self = .none
      return
    }
    let contentCodings = Self.items(of: "content-encoding", in: head).filter { $0 != "identity" }
    guard contentCodings.isEmpty else { throw .compressed }

    let transferCodings = Self.items(of: "transfer-encoding", in: head).filter { $0 != "identity" }
    if !transferCodings.isEmpty {
      // A length beside it is void.
      guard transferCodings == ["chunked"] else { throw .unknownTransferCoding }
      self = .chunked
      return
    }
    let lengths = Self.items(of: "content-length", in: head)
    guard let first = lengths.first else {
      guard head["content-length"] == nil else { throw .badContentLength }
      self = .untilClose
      return
    }
    guard lengths.allSatisfy({ $0 == first }), let length = DecimalNumber.parse(first.utf8, upTo: .max) else {
      throw .badContentLength
    }
    self = .fixed(length)
  }

  func firstState(limits: HTTPResponseParser.Limits) throws(HTTPError) -> HTTPResponseParser.State {
    switch self {
    case .none, .fixed(0): return .complete
    case .fixed(let length):
      guard length <= limits.body else { throw .bodyTooLarge(limit: limits.body) }
      return .fixed(remaining: length)
    case .chunked: return .chunkSize
    case .untilClose: return .untilClose
    }
  }

  /// All values of a field, in lower case, with lists taken apart and empty items left out.
  private static func items(of name: String, in head: HTTPResponseHead) -> [String] {
    head.fields.filter { $0.name == name }
      .flatMap { $0.value.lowercased().utf8.split(separator: UInt8(ascii: ",")) }
      .map { HTTPResponseParser.trimmed(Array($0)[...]) }
      .filter { !$0.isEmpty }
  }
}
