/// The way of one request through redirections: each is resolved, counted, and refused when it leads back to
/// where the request has been.
public struct HTTPRedirects: Sendable {
  /// Redirections that are followed.
  public static let limit = 5

  private var visited: [HTTPURL]

  public init(from url: HTTPURL) { visited = [url] }

  /// Where the request is now.
  public var current: HTTPURL { visited[visited.count - 1] }

  /// Where an answer sends the request next; `nil` when the answer is no redirection.
  public mutating func follow(_ head: HTTPResponseHead) throws(HTTPRedirectError) -> HTTPURL? {
    guard [301, 302, 303, 307, 308].contains(head.status) else { return nil }
    guard let location = head["location"], !location.isEmpty else { throw .noLocation }
    let next: HTTPURL
    do throws(HTTPURLError) { next = try current.resolving(location) } catch { throw .badLocation(error) }
    guard !visited.contains(next) else { throw .loop }
    guard visited.count <= Self.limit else { throw .tooMany }
    visited.append(next)
    return next
  }
}

/// Why a redirection was not followed.
public enum HTTPRedirectError: Error, Hashable, Sendable, CustomStringConvertible {
  case noLocation, loop, tooMany
  case badLocation(HTTPURLError)

  public var description: String {
    switch self {
    case .noLocation: "redirected without saying where"
    case .loop: "redirected in a loop"
    case .tooMany: "redirected more than \(HTTPRedirects.limit) times"
    case .badLocation(let error): "redirected to a bad place: \(error)"
    }
  }
}
