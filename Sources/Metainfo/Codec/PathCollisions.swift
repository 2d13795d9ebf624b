import Bencode

/// Whether two files of a torrent might want the same path, or one the path of another's folder, found without
/// making values of the paths.
///
/// As long as paths come in canonical order each needs to be compared with the one before it alone. From the
/// first that doesn't, hashes of all of them are kept. It may suspect a collision where there is none, which then
/// costs a closer look, and misses none.
struct PathCollisions {
  private(set) var arePossible = false
  private var isSorted = true
  /// The tokens of the paths so far.
  private var paths: [Int] = []
  private var files: Set<Int> = []
  private var folders: Set<Int> = []
  /// The bytes of the last folder that was put into `folders`.
  private var lastFolder = 0..<0

  /// Adds a plain path: the token of its list. O(length of the path).
  mutating func add(_ storage: BencodeDocument.Storage, path: Int) {
    guard !arePossible else { return }
    if isSorted, let last = paths.last, !Self.precedes(storage, last, path) {
      isSorted = false
      files.reserveCapacity(2 * paths.count)
      for earlier in paths { insert(storage, earlier) }
    }
    paths.append(path)
    if !isSorted { insert(storage, path) }
  }

  /// Whether `a` sorts before `b` by the bytes of the components, and is no folder of it.
  private static func precedes(_ storage: BencodeDocument.Storage, _ a: Int, _ b: Int) -> Bool {
    let (tokens, bytes) = (storage.tokens, storage.bytes)
    var (a, b) = (a + 1, b + 1)
    while tokens[a].kind == .string, tokens[b].kind == .string {
      var i = Int(tokens[a].offset) + tokens[a].payload
      var j = Int(tokens[b].offset) + tokens[b].payload
      let (iEnd, jEnd) = (Int(tokens[a + 1].offset), Int(tokens[b + 1].offset))
      while i < iEnd, j < jEnd {
        if bytes[i] != bytes[j] { return bytes[i] < bytes[j] }
        i += 1
        j += 1
      }
      if i < iEnd || j < jEnd { return j < jEnd }
      a += 1
      b += 1
    }
    return false
  }

  /// Canonical bytes are equal exactly when the components are.
  private mutating func insert(_ storage: BencodeDocument.Storage, _ path: Int) {
    let tokens = storage.tokens
    let start = Int(tokens[path].offset) + 1
    let last = path + tokens[path].span - 2
    let folder = start..<Int(tokens[last].offset)
    if storage.bytes[folder] != storage.bytes[lastFolder] {
      lastFolder = folder
      var end = last
      while end > path + 1 {
        let hash = Self.hash(storage.bytes[start..<Int(tokens[end].offset)])
        if files.contains(hash) { arePossible = true }
        // Where a folder is known, those around it are.
        guard folders.insert(hash).inserted else { break }
        end -= 1
      }
    }
    let hash = Self.hash(storage.bytes[start..<Int(tokens[last + 1].offset)])
    if !files.insert(hash).inserted || folders.contains(hash) { arePossible = true }
  }

  private static func hash(_ bytes: ArraySlice<UInt8>) -> Int {
    var hasher = Hasher()
    bytes.withUnsafeBytes { hasher.combine(bytes: $0) }
    return hasher.finalize()
  }
}
