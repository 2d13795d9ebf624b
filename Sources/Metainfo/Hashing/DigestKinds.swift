/// Which digests are taken of the pieces, all in one read of the content.
package struct DigestKinds: OptionSet, Hashable, Sendable {
  package let rawValue: UInt8

  /// SHA-1 of the piece with the zeros of its pad files (BEP 3): v1 and hybrid.
  package static let sha1 = DigestKinds(rawValue: 1)
  /// The root of the piece's tree of SHA-256 digests (BEP 52): v2 and hybrid.
  package static let merkle = DigestKinds(rawValue: 2)

  package init(rawValue: UInt8) { self.rawValue = rawValue }

  /// All that a torrent of this format says of its pieces.
  package init(of format: TorrentFormat) {
    self =
      switch format {
      case .v1: .sha1
      case .v2: .merkle
      case .hybrid: [.sha1, .merkle]
      }
  }
}
