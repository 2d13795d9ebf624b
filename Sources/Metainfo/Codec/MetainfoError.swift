/// Why something is not a torrent that can be used.
public struct MetainfoError: Error, Hashable, Sendable {
  /// What is wrong.
  public enum Kind: Hashable, Sendable {
    /// Not bencode, or a field is missing, of the wrong type, or at odds with another.
    case malformed
    /// A path leads out of the torrent's folder.
    case unsafe
    /// A kind of torrent that this version doesn't read.
    case unsupported
    /// More bytes or values than the limits that were given for reading.
    case tooLarge
    /// The operating system refused a call; the number is its `errno`.
    case io(call: String, errno: Int32)
  }

  public let kind: Kind
  /// The file, escaped; `nil` for bytes that came from elsewhere.
  public var file: String?
  /// The field, such as `pieces` or `files[3].path`, escaped; `nil` when it is about the whole.
  public let field: String?
  /// What is wrong, escaped, without a full stop.
  public let reason: String

  public init(_ kind: Kind, field: String? = nil, _ reason: String, file: String? = nil) {
    self.kind = kind
    self.field = field
    self.reason = reason
    self.file = file
  }
}

extension MetainfoError: CustomStringConvertible {
  /// One line, for example "share.torrent: pieces: 7 hashes, 6 pieces needed".
  public var description: String {
    [file, field, reason].compactMap { $0 }.joined(separator: ": ")
  }
}
