import Text

/// A GET request over a connection of its own (RFC 9112).
public struct HTTPRequest: Hashable, Sendable {
  public let url: HTTPURL

  public init(_ url: HTTPURL) { self.url = url }

  /// The whole request. The answer is asked to come as it is (`identity`) and the connection to end after it.
  public var encoded: [UInt8] {
    var lines = [
      "GET \(url.target) HTTP/1.1",
      "Host: \(url.hostField)",
      "User-Agent: torrentctl/0.1",
      "Accept-Encoding: identity",
      "Connection: close",
    ]
    if let credentials = url.credentials {
      lines.append("Authorization: Basic \(Base64.encoded(credentials))")
    }
    return Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8)
  }
}
