import Metainfo
import TestKit

/// A file or folder with the names, sizes and orders at which programs that make torrents go apart, and options for
/// a torrent of it. The same seed always gives the same tree.
struct RandomTree: Sendable {
  struct File: Sendable {
    /// Below the root; empty when the root itself is the file.
    let path: [String]
    /// Bytes of `RandomTree.material`; those of two files may be the same.
    let bytes: Range<Int>
  }

  let seed: UInt64
  let name: String
  /// Bytes.
  let pieceLength: Int
  let isPrivate: Bool
  let source: String?
  let comment: String?
  /// In canonical order: by the bytes of the paths' components.
  let files: [File]

  init(seed: UInt64) {
    self.seed = seed
    var random = SeededGenerator(seed: seed)
    pieceLength = 1 << ([14, 14, 14, 15, 15, 16, 16, 17, 18, 19, 20].randomElement(using: &random) ?? 14)
    isPrivate = Bool.random(using: &random)
    source = [nil, nil, "S", "源 1"].randomElement(using: &random) ?? nil
    comment = [nil, "two words", "größer 🌊"].randomElement(using: &random) ?? nil
    let kind = Kind(seed)
    // Not the name of any file in it: version 2 can't say that of a lone one.
    name = (Self.names.randomElement(using: &random) ?? "x") + (kind == .file ? ".bin" : "'s")

    // Behind every file there may be a piece of padding to hash.
    let most = min(14, max(4, (1 << 20) / pieceLength))
    let paths =
      kind == .file
      ? [[]] : Self.paths(kind == .plain ? Self.plainNames : Self.names, upTo: most, using: &random)
    var left = 5 << 18
    var files: [File] = []
    for path in paths {
      var size = Self.size(pieceLength, using: &random)
      if size > left { size = Int.random(in: 0...40, using: &random) }
      if kind != .wild, size == 0 { size = 1 }
      left -= size
      files.append(File(path: path, bytes: Self.range(size, using: &random)))
    }
    if files.allSatisfy(\.bytes.isEmpty) {
      // A torrent of nothing is refused; which file has the byte makes for empty ones at either end.
      let index = Int.random(in: files.indices, using: &random)
      files[index] = File(path: files[index].path, bytes: 0..<1)
    }
    self.files = files
  }

  /// A tree that is no random one, without further options. The files come in canonical order; one whose path is empty
  /// is the whole tree.
  init(name: String, pieceLength: Int, sizes: [(path: String, bytes: Int)]) {
    seed = 0
    self.name = name
    self.pieceLength = pieceLength
    isPrivate = false
    source = nil
    comment = nil
    files = sizes.enumerated().map { number, file in
      let start = (1 << 20) + number * 101
      return File(path: file.path.split(separator: "/").map(String.init), bytes: start..<start + file.bytes)
    }
  }

  /// Of five trees in a row one is a file by itself and one has no empty file and no name on whose place two programs
  /// could disagree.
  private enum Kind {
    case file, plain, wild

    init(_ seed: UInt64) { self = seed % 5 == 0 ? .file : seed % 5 == 1 ? .plain : .wild }
  }

  /// What all content is cut from: a quarter zeros, the rest looks random.
  static let material: [UInt8] = {
    var seed: UInt64 = 0x7EE
    return [UInt8](repeating: 0, count: 1 << 20) + SampleContent.bytes(3 << 20, seed: &seed)
  }()

  private static func range(_ size: Int, using random: inout SeededGenerator) -> Range<Int> {
    // Few beginnings, so that whole files and single pieces are equal now and then.
    let start = [0, 1 << 20, (1 << 20) + (1 << 14), 777].randomElement(using: &random) ?? 0
    let end = min(start + size, material.count)
    return end - size..<end
  }

  private static func size(_ piece: Int, using random: inout SeededGenerator) -> Int {
    let awkward = [
      0, 0, 1, 2, 16383, 16384, 16385, 32768, 3 * 16384 + 1, piece - 1, piece, piece + 1, 2 * piece - 1,
      2 * piece, 2 * piece + 1, 3 * piece, 4 * piece + 16384, 5 * piece - 16385,
    ]
    return Bool.random(using: &random)
      ? awkward.randomElement(using: &random) ?? 0 : Int.random(in: 0...(3 * piece), using: &random)
  }

  /// Names that sort differently by bytes, by letters, by UTF-16, with the rest of the path, or without case; none
  /// that any of the programs leaves out or renames.
  private static let names = [
    "a", "a b", "a.b", "a-b", "a!", "a+", "aa", "ab", "A", "B", "b", "é", "e\u{301}", "É", "日本語", "\u{FF5E}",
    "🌊",
    "z", "Z z", "_x", "0", "9", "10", "it's", "100%", "x&y", "(1)", "[b]", "q=1;r", "ß",
    String(repeating: "long ", count: 40) + "name",
  ]

  private static let plainNames = ["0", "1", "10", "a", "ab", "abc", "b", "c7", "d", "e", "x", "y", "z"]

  /// Paths of up to four components, none of which is another's folder.
  private static func paths(_ names: [String], upTo most: Int, using random: inout SeededGenerator)
    -> [[String]]
  {
    var files: Set<[UInt8]> = []
    var folders: [[String]] = [[]]
    var taken: Set<[UInt8]> = []
    var paths: [[String]] = []
    for _ in 0..<Int.random(in: 1...most, using: &random) {
      var path = folders.randomElement(using: &random) ?? []
      var isNew = true
      for _ in 0..<Int.random(in: 0...2, using: &random) where path.count < 3 {
        path.append(names.randomElement(using: &random) ?? "a")
        guard !files.contains(key(path)) else {
          isNew = false
          break
        }
        if taken.insert(key(path)).inserted { folders.append(path) }
      }
      path.append(names.randomElement(using: &random) ?? "a")
      guard isNew, taken.insert(key(path)).inserted else { continue }
      files.insert(key(path))
      paths.append(path)
    }
    if paths.isEmpty { paths = [["a"]] }
    return paths.sorted(by: isBefore)
  }

  /// The bytes of a path: Swift takes different spellings of the same letters for equal, file systems don't.
  private static func key(_ path: [String]) -> [UInt8] { Array(path.joined(separator: "/").utf8) }

  /// Canonical order, component by component.
  private static func isBefore(_ a: [String], _ b: [String]) -> Bool {
    for (a, b) in zip(a, b) where !a.utf8.elementsEqual(b.utf8) {
      return a.utf8.lexicographicallyPrecedes(b.utf8)
    }
    return a.count < b.count
  }

  /// Whether the paths sort differently when they are compared as single strings, with the slashes in them: `a b`
  /// comes before `a/b` then.
  var isOrderDisputed: Bool {
    let keys = files.map { Self.key($0.path) }
    return keys != keys.sorted { $0.lexicographicallyPrecedes($1) }
  }

  /// Writes the tree into a folder and gives its path.
  func write(to tree: TemporaryTree, as folder: String) throws -> String {
    for file in files {
      try tree.write(
        Array(Self.material[file.bytes]), to: ([folder, name] + file.path).joined(separator: "/"))
    }
    return "\(tree.path)/\(folder)/\(name)"
  }

  /// Ours for the same.
  func options(_ format: TorrentFormat, isPadded: Bool = false, pieceLength: Int? = nil) -> AuthorOptions {
    var options = AuthorOptions()
    options.format = format
    options.isPadded = isPadded
    options.pieceLength = pieceLength ?? self.pieceLength
    options.isPrivate = isPrivate
    options.source = source
    options.comment = comment
    return options
  }
}

extension RandomTree: CustomStringConvertible {
  /// Enough to see what is the matter; the seed brings back the rest.
  var description: String {
    let list = files.map { "\($0.path.joined(separator: "/")) \($0.bytes.count)" }
    return "tree \(seed) '\(name)', pieces of \(pieceLength), files: \(list)"
  }
}
