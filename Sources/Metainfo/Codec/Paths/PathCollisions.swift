import Bencode

/// Whether two files of a torrent might want the same path, or one the path of another's folder, found without
/// making values of the paths.
///
/// It keeps a short hash of every path and folder. Two that are equal have equal hashes, so none is missed; two
/// that differ may have too, by chance or by design, which then costs a closer look and nothing else.
struct PathCollisions {
  private(set) var arePossible = false
  /// Hashes by their own bits, with linear probing: 30 bits and whether it is of a file; 0 is free.
  private var table: [UInt32]
  /// The bytes of the last folder that was put into the table.
  private var lastFolder = 0..<0
  private var count = 0

  /// Longer chains than this come by design alone.
  private static let longestProbe = 128

  /// For up to so many files; the folders of more than as many again make a collision possible.
  init(files: Int) {
    var size = 64
    while size < 3 * files { size *= 2 }
    table = [UInt32](repeating: 0, count: size)
  }

  /// Adds a plain path: the token of its list in a canonical document, in which the bytes of two lists are equal
  /// exactly when the components are. O(length of the path).
  mutating func add(_ tokens: [BencodeToken], _ bytes: [UInt8], path: Int) {
    guard !arePossible else { return }
    let start = Int(tokens[path].offset) + 1
    let last = path + tokens[path].span - 2
    let folder = start..<Int(tokens[last].offset)
    if !folder.isEmpty, !Self.equal(bytes, folder, lastFolder) {
      lastFolder = folder
      var end = last
      while end > path + 1, insert(Self.hash(bytes, start..<Int(tokens[end].offset)), isFile: false) {
        end -= 1
      }
    }
    _ = insert(Self.hash(bytes, start..<Int(tokens[last + 1].offset)), isFile: true)
  }

  /// False when the same folder is there already; then those around it are, too.
  private mutating func insert(_ hash: UInt64, isFile: Bool) -> Bool {
    let mask = table.count - 1
    let mark = UInt32(truncatingIfNeeded: hash >> 33) << 1 | (isFile ? 1 : 0) | 0x8000_0000
    var slot = Int(truncatingIfNeeded: hash) & mask
    for _ in 0..<Self.longestProbe {
      let found = table[slot]
      if found == 0 {
        table[slot] = mark
        count += 1
        // A quarter stays free, or chains would grow long.
        if count > table.count / 4 * 3 { arePossible = true }
        return true
      }
      if found | 1 == mark | 1 {
        if !isFile, found == mark { return false }
        arePossible = true
        return true
      }
      slot = (slot + 1) & mask
    }
    arePossible = true
    return true
  }

  private static func equal(_ bytes: [UInt8], _ a: Range<Int>, _ b: Range<Int>) -> Bool {
    guard a.count == b.count else { return false }
    let raw = bytes.span.bytes
    var (i, j) = (a.lowerBound, b.lowerBound)
    while i + 8 <= a.upperBound {
      guard
        raw.unsafeLoadUnaligned(fromByteOffset: i, as: UInt64.self)
          == raw.unsafeLoadUnaligned(fromByteOffset: j, as: UInt64.self)
      else { return false }
      i += 8
      j += 8
    }
    while i < a.upperBound {
      if bytes[i] != bytes[j] { return false }
      i += 1
      j += 1
    }
    return true
  }

  private static func hash(_ bytes: [UInt8], _ range: Range<Int>) -> UInt64 {
    let raw = bytes.span.bytes
    var hash = UInt64(truncatingIfNeeded: range.count)
    var position = range.lowerBound
    while position + 8 <= range.upperBound {
      mix(&hash, raw.unsafeLoadUnaligned(fromByteOffset: position, as: UInt64.self))
      position += 8
    }
    var rest: UInt64 = 0
    while position < range.upperBound {
      rest = rest << 8 | UInt64(bytes[position])
      position += 1
    }
    mix(&hash, rest)
    return hash
  }

  /// A multiplication by an odd constant spreads upwards, the shift downwards.
  @inline(__always)
  private static func mix(_ hash: inout UInt64, _ word: UInt64) {
    hash = (hash ^ word) &* 0x9e37_79b9_7f4a_7c15
    hash ^= hash >> 29
  }
}
