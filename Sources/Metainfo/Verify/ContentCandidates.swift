import Platform
import Text

/// The files below some folders that could be files of a torrent, by length and by name. Symbolic links are not
/// followed, hidden files and folders are looked at like all others.
struct ContentCandidates: Sendable {
  private var paths: [String] = []
  private var byName: [Name: [Int32]] = [:]
  private var byLength: [Int: [Int32]] = [:]
  /// What could not be looked at; a bounded number of lines fit for a terminal.
  private(set) var problems: [String] = []

  /// Names are equal when they are canonically equivalent.
  private struct Name: Hashable {
    let length: Int
    let name: String
  }

  /// Entries that are looked at altogether.
  static let maximumEntries = 10_000_000
  /// Folders inside one another.
  static let maximumDepth = 100
  /// Files that are kept of each length, and besides of each length and name.
  static let maximumAlike = 64
  static let maximumProblems = 20

  /// - Parameter lengths: Files of other lengths are of no interest.
  init(below folders: [String], lengths: Set<Int>) {
    var entries = 0
    var seen: Set<FolderIdentity> = []
    var stack = folders.reversed().map { (path: $0, depth: 0) }
    while let (path, depth) = stack.popLast() {
      let status: FileStatus
      do {
        status = try FileStatus(of: path, followingLinks: depth == 0)
      } catch {
        note(path, error.description)
        continue
      }
      if status.kind == .regular { add(path, length: status.length, lengths) }
      guard status.kind == .directory, seen.insert(FolderIdentity(status)).inserted else { continue }
      guard depth < Self.maximumDepth else {
        note(path, "not searched: more than \(Self.maximumDepth) folders inside one another")
        continue
      }
      let listing: FolderListing
      do { listing = try FolderListing(of: path) } catch {
        note(path, error.description)
        continue
      }
      entries += listing.entries.count
      guard entries <= Self.maximumEntries else {
        note(path, "search ended: more than \(Self.maximumEntries) entries")
        return
      }
      // Sorted, so that the same folder gives the same answer; in reverse, since the last comes off first.
      let names = listing.entries.filter { entry in
        switch entry.kind {
        case nil, .regular, .directory: true
        case .symlink, .fifo, .socket, .device: false
        }
      }.map(\.name).sorted { $1.utf8.lexicographicallyPrecedes($0.utf8) }
      for name in names { stack.append((DiskPath.joined(path, name), depth + 1)) }
    }
  }

  private struct FolderIdentity: Hashable {
    let device: UInt64
    let inode: UInt64
    init(_ status: FileStatus) { (device, inode) = (status.device, status.inode) }
  }

  private mutating func note(_ path: String, _ reason: String) {
    guard problems.count < Self.maximumProblems else { return }
    problems.append("\(Escaping.escaped(path)): \(reason)")
  }

  private mutating func add(_ path: String, length: Int, _ lengths: Set<Int>) {
    guard lengths.contains(length), let index = Int32(exactly: paths.count) else { return }
    let name = Name(length: length, name: DiskPath.name(of: path))
    let isRareName = byName[name, default: []].count < Self.maximumAlike
    let isRareLength = byLength[length, default: []].count < Self.maximumAlike
    guard isRareName || isRareLength else { return }
    paths.append(path)
    if isRareName { byName[name, default: []].append(index) }
    if isRareLength { byLength[length, default: []].append(index) }
  }

  /// The files that could be this one, the likeliest first: those that share most of the end of their path with
  /// it, then those of other names. At most `maximumAlike`.
  ///
  /// - Parameter components: The path of the file with the torrent's name in front.
  func files(like components: [String], length: Int) -> [String] {
    let named = byName[Name(length: length, name: components.last ?? "")] ?? []
    var ranked = named.map { paths[Int($0)] }
    if ranked.count > 1 {
      let suffix = "/" + components.joined(separator: "/")
      ranked = ranked.map { (path: $0, rank: Self.common(suffix, $0)) }.enumerated()
        .sorted { ($1.element.rank, $0.offset) < ($0.element.rank, $1.offset) }.map(\.element.path)
    }
    guard ranked.count < Self.maximumAlike else { return ranked }
    let known = Set(named)
    let others = (byLength[length] ?? []).lazy.filter { !known.contains($0) }.map { paths[Int($0)] }
    return ranked + others.prefix(Self.maximumAlike - ranked.count)
  }

  /// How many slashes are in what both paths end with: the more, the more of their components are the same.
  private static func common(_ a: String, _ b: String) -> Int {
    zip(a.utf8.reversed(), b.utf8.reversed()).prefix { $0 == $1 }.count { $0.0 == UInt8(ascii: "/") }
  }
}
