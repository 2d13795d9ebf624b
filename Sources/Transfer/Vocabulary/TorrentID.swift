import Metainfo

/// What a session calls a torrent by: its info-hashes, of which a hybrid has both. It is found by either, and by the
/// first 20 bytes of that of version 2, which stand for it on the wire.
public typealias TorrentID = InfoHashes
