/// The form of a tracker's or web seed's URL, as far as it can be judged without asking anybody.
package struct URLForm {
  /// Bytes. Servers and proxies refuse longer ones.
  package static let maximumLength = 2000

  /// In lower case; empty without one.
  package let scheme: String
  package let hasUserInformation: Bool
  /// Why no client can use it, or `nil`.
  package let fault: String?

  package init(_ url: String, schemes: Set<String>) {
    let bytes = Array(url.utf8)
    let colon = bytes.firstIndex(of: UInt8(ascii: ":")) ?? 0
    let scheme = String(decoding: bytes[..<colon], as: UTF8.self).lowercased()
    self.scheme = scheme
    let rest = bytes[colon...].dropFirst()
    let authority: ArraySlice<UInt8> =
      rest.starts(with: "//".utf8) ? rest.dropFirst(2).prefix { !"/?#".utf8.contains($0) } : []
    let at = authority.lastIndex(of: UInt8(ascii: "@"))
    hasUserInformation = at != nil
    let host = at.map { authority[($0 + 1)...] } ?? authority
    if scheme.isEmpty || !scheme.utf8.allSatisfy(Self.isSchemeByte) {
      fault = "not a URL"
    } else if !schemes.contains(scheme) {
      fault = "no client speaks \(Escaping.escaped(String(scheme.prefix(40)))) here"
    } else if bytes.count > Self.maximumLength {
      fault = "\(bytes.count) bytes are too long"
    } else if bytes.contains(where: { $0 <= 0x20 || $0 == 0x7F }) {
      fault = "a space or control character inside"
    } else {
      fault = Self.fault(ofHost: host)
    }
  }

  /// - Parameter host: With the port.
  private static func fault(ofHost host: ArraySlice<UInt8>) -> String? {
    var name = host
    var port: ArraySlice<UInt8>?
    if let colon = host.lastIndex(of: UInt8(ascii: ":")), host.last != UInt8(ascii: "]") {
      name = host[..<colon]
      port = host[(colon + 1)...]
    }
    if name.isEmpty { return "no host" }
    let isBracketed = name.first == UInt8(ascii: "[") && name.last == UInt8(ascii: "]")
    if name.contains(UInt8(ascii: ":")), !isBracketed { return "an IPv6 address needs brackets" }
    guard let port, !port.isEmpty else { return nil }
    guard port.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
      let number = UInt16(String(decoding: port, as: UTF8.self)), number > 0
    else { return "no such port" }
    return nil
  }

  private static func isSchemeByte(_ byte: UInt8) -> Bool {
    switch Unicode.Scalar(byte) {
    case "a"..."z", "0"..."9", "+", "-", ".": true
    default: false
    }
  }
}
