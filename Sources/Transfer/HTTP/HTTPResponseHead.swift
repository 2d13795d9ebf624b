import Text

/// Status line and header fields of an answer.
public struct HTTPResponseHead: Hashable, Sendable {
  /// A header field as it came.
  public struct Field: Hashable, Sendable {
    /// In lower case.
    public let name: String
    /// Without the white space around it.
    public internal(set) var value: String
  }

  /// 100 to 599.
  public let status: Int
  /// The server's own words after the status, for people; may be empty.
  public let reason: String
  /// In the order they came.
  public internal(set) var fields: [Field] = []

  /// The first value of a field; the name is given in lower case. O(fields)
  public subscript(name: String) -> String? { fields.first { $0.name == name }?.value }

  /// "HTTP/1.1 404 Not Found": also HTTP/1.0 and a missing reason; `nil` for anything else.
  init?(statusLine line: ArraySlice<UInt8>) {
    guard line.count >= 12, line.starts(with: "HTTP/1.".utf8) else { return nil }
    let minor = line[line.startIndex + 7]
    guard minor >= UInt8(ascii: "0"), minor <= UInt8(ascii: "9"), line[line.startIndex + 8] == 0x20 else {
      return nil
    }
    let digits = line[(line.startIndex + 9)..<(line.startIndex + 12)]
    guard let status = DecimalNumber.parse(digits, upTo: 599), status >= 100 else { return nil }
    let rest = line[(line.startIndex + 12)...]
    guard rest.isEmpty || rest.first == 0x20 else { return nil }
    self.status = status
    reason = String(decoding: rest.dropFirst(), as: UTF8.self)
  }
}
