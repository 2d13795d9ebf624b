/// The order of the files in a torrent. It is part of what is hashed.
public enum FileOrder: String, Sendable, CaseIterable {
  /// By the bytes of the paths' components: the same tree gives the same torrent on any machine. BEP 52 demands it
  /// of versions 2 and of hybrids.
  case path
  /// The largest first, files of one size by their paths: big files then begin near the start of a piece.
  case size
}
