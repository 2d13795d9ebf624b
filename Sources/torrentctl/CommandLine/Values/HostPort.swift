/// Where a peer is: `HOST:PORT`, an IPv6 address in brackets (`[::1]:6881`). The host may be a name.
struct HostPort: OptionValue, Hashable, Sendable {
  /// Without brackets.
  let host: String
  let port: UInt16
  static let expected = "HOST:PORT (192.0.2.7:6881, [::1]:6881)"

  init?(argument: String) {
    guard let colon = argument.lastIndex(of: ":"),
      let port = PortNumber(argument: String(argument[argument.index(after: colon)...]))?.value, port != 0
    else { return nil }
    var host = argument[..<colon]
    if host.hasPrefix("["), host.hasSuffix("]") {
      host = host.dropFirst().dropLast()
      guard host.contains(":") else { return nil }
    } else if host.contains(":") {
      // Which of the colons begins the port can't be told.
      return nil
    }
    guard !host.isEmpty, host.utf8.count <= 255, host.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7f }) else {
      return nil
    }
    self.host = String(host)
    self.port = port
  }
}
