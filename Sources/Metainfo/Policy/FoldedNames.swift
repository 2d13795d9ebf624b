/// Every name of a torrent by what is left of it and its folders where upper and lower case, and composed and
/// decomposed letters, are the same. It says who had such a name first.
///
/// Names are kept as a 64-bit digest and the number of a file each, so that a million cost 16 MB or 32 MB.
struct FoldedNames {
  /// 0 is a free slot.
  private var digests: [UInt64]
  private var files: [UInt32]
  private var count = 0
  private var scratch: [UInt8] = []

  init(minimumCapacity: Int) {
    var size = 64
    while size < minimumCapacity * 2 { size *= 2 }
    digests = [UInt64](repeating: 0, count: size)
    files = [UInt32](repeating: 0, count: size)
  }

  /// The digest of a name in a folder; `parent` is the folder's own, 0 for the torrent's root.
  mutating func digest(of name: String, in parent: UInt64) -> UInt64 {
    var hasher = Hasher()
    hasher.combine(parent)
    var name = name
    let isASCII = name.withUTF8 { bytes in
      scratch.removeAll(keepingCapacity: true)
      for byte in bytes {
        guard byte < 0x80 else { return false }
        let isUpper = (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
        scratch.append(isUpper ? byte | 0x20 : byte)
      }
      return true
    }
    if isASCII {
      scratch.withUnsafeBytes { hasher.combine(bytes: $0) }
    } else {
      let folded = Self.folded(name)
      // Text hashes as it compares: canonically equivalent texts are equal.
      if folded.utf8.allSatisfy({ $0 < 0x80 }) {
        Array(folded.utf8).withUnsafeBytes { hasher.combine(bytes: $0) }
      } else {
        hasher.combine(folded)
      }
    }
    let digest = UInt64(bitPattern: Int64(hasher.finalize()))
    return digest == 0 ? 1 : digest
  }

  /// By way of upper case, so that `ß` meets `SS` and both forms of a Greek sigma meet.
  static func folded(_ name: String) -> String { name.uppercased().lowercased() }

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
