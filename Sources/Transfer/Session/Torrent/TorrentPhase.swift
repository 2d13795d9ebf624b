import Metainfo

/// What a torrent of a session is at, with just what exists then.
enum TorrentPhase {
  /// A thread opens its files.
  case opening
  /// A thread compares what is on disk with the digests.
  case examining(Payload)
  /// It gives and takes.
  case running(TorrentRunner)
  /// It does nothing; these pieces are on disk and verified.
  case paused(Payload, have: Bitfield)
  case failed(TransferError)
  case removed
}

extension TorrentPhase {
  /// As the outside sees it.
  var shown: TorrentSnapshot.Phase {
    switch self {
    case .opening: .opening
    case .examining: .examining
    case .running: .running
    case .paused: .paused
    case .failed(let error): .failed(error)
    case .removed: .removed
    }
  }
}
