import Text

extension HTTPURL {
  /// The URL a reference means when it is found here (RFC 3986, 5): absolute, `//host/path`, `/path`, `path`
  /// or `?query`. Credentials stay with their own host and port.
  public func resolving(_ reference: String) throws(HTTPURLError) -> HTTPURL {
    let bytes = Array(reference.utf8)
    guard bytes.count <= Self.lengthLimit else { throw .tooLong }
    guard !bytes.contains(where: { $0 < 0x20 || $0 == 0x7f }) else { throw .controlCharacter }

    if Self.hasScheme(bytes) { return try HTTPURL(reference).inheritingCredentials(of: self) }
    if bytes.starts(with: "//".utf8) {
      return try HTTPURL("http:" + reference).inheritingCredentials(of: self)
    }

    let ownPath = target.utf8.prefix { $0 != UInt8(ascii: "?") }
    let kept = bytes.prefix { $0 != UInt8(ascii: "#") }
    switch kept.first {
    case nil:
      return self
    case UInt8(ascii: "?"):
      return withTarget(String(decoding: ownPath, as: UTF8.self) + PercentEncoding.completed(kept))
    case UInt8(ascii: "/"):
      return withTarget(Self.withoutDotSegments(kept))
    default:
      let directory = ownPath[...(ownPath.lastIndex(of: UInt8(ascii: "/")) ?? ownPath.startIndex)]
      return withTarget(Self.withoutDotSegments(Array(directory) + kept))
    }
  }

  private func inheritingCredentials(of base: HTTPURL) -> HTTPURL {
    guard credentials == nil, host == base.host, port == base.port else { return self }
    return HTTPURL(host: host, address: address, port: port, target: target, credentials: base.credentials)
  }

  /// A scheme: letters, digits, "+", "-" and "." before a colon that comes before any "/", "?" or "#".
  private static func hasScheme(_ bytes: [UInt8]) -> Bool {
    guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")), colon > 0 else { return false }
    return bytes[..<colon].allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."):
        true
      default: false
      }
    }
  }

  /// Takes "." and ".." out of a path (RFC 3986, 5.2.4); the query is left alone.
  private static func withoutDotSegments(_ bytes: some Collection<UInt8>) -> String {
    let path = bytes.prefix { $0 != UInt8(ascii: "?") }
    let query = bytes.dropFirst(path.count)
    let segments = path.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    var kept: [[UInt8]] = []
    for (place, segment) in segments.enumerated() {
      let isLast = place == segments.count - 1
      switch String(decoding: segment, as: UTF8.self) {
      case ".":
        if isLast { kept.append([]) }
      case "..":
        if !kept.isEmpty { kept.removeLast() }
        if isLast { kept.append([]) }
      default:
        kept.append(Array(segment))
      }
    }
    let joined = kept.flatMap { [UInt8(ascii: "/")] + $0 }
    return PercentEncoding.completed((joined.isEmpty ? [UInt8(ascii: "/")] : joined) + query)
  }
}
