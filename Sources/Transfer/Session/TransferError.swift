/// Why a session or one of its torrents can't go on.
public struct TransferError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What it is about.
  public enum Kind: Hashable, Sendable {
    /// A socket, a port, an address.
    case network
    /// A file or a disk.
    case disk
    /// A file is in the way that is not a version of the torrent's.
    case foreignFile
    /// A kind of torrent that this version doesn't transfer.
    case unsupported
    /// The session has been stopped, or has this torrent already or no more.
    case state
    /// The content that is to be given away is not all there, or not all right.
    case incomplete
  }

  public let kind: Kind
  /// WHAT: WHY, on one line, with names escaped.
  public let description: String

  public init(_ kind: Kind, _ description: String) {
    self.kind = kind
    self.description = description
  }
}
