import Platform

/// What a file was like at one moment, in eight bytes: two stamps of one file differ when somebody has written to
/// it, replaced it, or changed anything else about it in between.
///
/// A digest of identity, size and both times of change, so that a torrent of very many files can keep one for each.
/// Two states of a file have the same one by an accident of 2⁻⁶⁴.
struct FileStamp: Hashable, Sendable {
  private var digest: UInt64 = 0

  /// Of a file that has not been looked at.
  static let unknown = FileStamp()

  private init() {}

  init(_ status: FileStatus) {
    mix(status.device)
    mix(status.inode)
    mix(UInt64(bitPattern: Int64(status.length)))
    mix(UInt64(bitPattern: Int64(status.modified)))
    mix(UInt64(bitPattern: Int64(status.changed)))
  }

  /// The finalizer of SplitMix64: every bit of the input reaches every bit of the result.
  private mutating func mix(_ word: UInt64) {
    digest = (digest ^ word) &+ 0x9e37_79b9_7f4a_7c15
    digest = (digest ^ (digest >> 30)) &* 0xbf58_476d_1ce4_e5b9
    digest = (digest ^ (digest >> 27)) &* 0x94d0_49bb_1331_11eb
    digest ^= digest >> 31
  }
}
