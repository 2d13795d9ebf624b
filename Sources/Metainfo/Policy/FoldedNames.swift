/// Every name of a torrent by what is left of it and its folders where upper and lower case, and composed and
/// decomposed letters, are the same. It says who had such a name first.
///
/// Names are kept as a 64-bit digest and the number of a file each, so that a million cost 24 MB or 48 MB.
struct FoldedNames {
  /// 0 is a free slot.
  private var digests: [UInt64]
  private var files: [UInt32]
  private var count = 0
  /// Differs from run to run, so that nobody can make up names whose digests are equal.
  private let seed = UInt64(bitPattern: Int64(Hasher().finalize()))

  init(minimumCapacity: Int) {
    var size = 64
    while size < minimumCapacity + minimumCapacity / 2 { size *= 2 }
    digests = [UInt64](repeating: 0, count: size)
    files = [UInt32](repeating: 0, count: size)
  }

  /// The digest of a name in a folder; `parent` is the folder's own, 0 for the torrent's root. O(length).
  func digest(of name: Range<Int>, in bytes: [UInt8], parent: UInt64) -> UInt64 {
    let raw = bytes.span.bytes
    var digest = seed ^ parent ^ UInt64(truncatingIfNeeded: name.count) << 56
    var position = name.lowerBound
    var seen: UInt64 = 0
    while position + 8 <= name.upperBound {
      let word = raw.unsafeLoadUnaligned(fromByteOffset: position, as: UInt64.self)
      seen |= word
      Self.mix(&digest, Self.lowercased(word))
      position += 8
    }
    var rest: UInt64 = 0
    while position < name.upperBound {
      rest = rest << 8 | UInt64(bytes[position])
      position += 1
    }
    seen |= rest
    Self.mix(&digest, Self.lowercased(rest))
    if seen & 0x8080_8080_8080_8080 != 0 {
      // Text hashes as it compares: canonically equivalent texts are equal.
      let folded = Self.folded(String(decoding: bytes[name], as: UTF8.self))
      let bytes = Array(folded.utf8)
      if bytes.allSatisfy({ $0 < 0x80 }) { return self.digest(of: bytes.indices, in: bytes, parent: parent) }
      var hasher = Hasher()
      hasher.combine(folded)
      digest = seed ^ parent
      Self.mix(&digest, UInt64(bitPattern: Int64(hasher.finalize())))
    }
    return digest == 0 ? 1 : digest
  }

  /// By way of upper case, so that `ß` meets `SS` and both forms of a Greek sigma meet.
  static func folded(_ name: String) -> String { name.uppercased().lowercased() }

  /// Eight ASCII characters at a time: adding to the low seven bits of a byte carries into its eighth exactly from
  /// `A` on, or from behind `Z` on.
  @inline(__always)
  private static func lowercased(_ word: UInt64) -> UInt64 {
    let low = word & 0x7F7F_7F7F_7F7F_7F7F
    let fromA = low &+ 0x3F3F_3F3F_3F3F_3F3F
    let behindZ = low &+ 0x2525_2525_2525_2525
    return word | (fromA & ~behindZ & 0x8080_8080_8080_8080) >> 2
  }

  @inline(__always)
  private static func mix(_ digest: inout UInt64, _ word: UInt64) {
    let product = (digest ^ word).multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
    digest = product.low ^ product.high ^ word
  }

  /// Notes that a file has this name in its path, and gives the first file that had it; `nil` when this is it.
  mutating func insert(_ digest: UInt64, file: Int) -> Int? {
    if (count + 1) * 10 > digests.count * 7 { grow() }
    let slot = slot(of: digest)
    if digests[slot] == digest { return Int(files[slot]) }
    digests[slot] = digest
    files[slot] = UInt32(truncatingIfNeeded: file)
    count += 1
    return nil
  }

  /// Where the digest is or would be.
  private func slot(of digest: UInt64) -> Int {
    let mask = digests.count - 1
    var slot = Int(truncatingIfNeeded: digest) & mask
    while digests[slot] != 0, digests[slot] != digest { slot = (slot + 1) & mask }
    return slot
  }

  private mutating func grow() {
    let old = zip(digests, files)
    digests = [UInt64](repeating: 0, count: digests.count * 2)
    files = [UInt32](repeating: 0, count: digests.count)
    for (digest, file) in old where digest != 0 {
      let slot = slot(of: digest)
      digests[slot] = digest
      files[slot] = file
    }
  }
}
