import Platform
import Text

/// Finds the files of what is to be shared, in canonical order: by the bytes of their path's components, so that
/// the same tree gives the same torrent on any machine.
///
/// - Symbolic links below the root are left out unless they are to be followed, hidden files and junk too
///   (`ContentFilter`), and so is the file that is about to be written. Each is reported. What the filter's rules
///   leave out was asked for and is not.
/// - Pipes, sockets, devices, folders and files that can't be read, links that lead nowhere or in a circle, and
///   names that a torrent can't hold are errors: leaving them out silently would share less than was asked for.
struct ContentWalk {
  private(set) var tree: ContentTree
  private(set) var skipped: [SkippedEntry] = []

  /// The filter's rules that have matched nothing.
  private(set) var idleRules: [ContentFilter.Rule]

  private let filter: ContentFilter
  private let followsLinks: Bool
  /// Components of the longest path that the torrent can hold.
  private let deepest: Int
  private let output: Output?
  /// The folders that the root lies in, for links that lead out of it and back.
  private var surroundings: [FileStatus] = []

  /// The name that is about to be written, and the folder it is in.
  private struct Output {
    let folder: FileStatus
    let file: AtomicFile
  }

  /// Walks all of `root`, which is a file or a folder and no link. O(entries), O(n log n) for n entries of a folder.
  init(root: String, options: AuthorOptions, output: AtomicFile?) throws(AuthorError) {
    filter = options.filter
    idleRules = filter.rules
    followsLinks = options.followsLinks
    deepest = options.format == .v1 ? TorrentPath.maximumDepth : TorrentPath.maximumTreeDepth
    if let output, let folder = try? FileStatus(of: output.folder, followingLinks: true) {
      self.output = Output(folder: folder, file: output)
    } else {
      self.output = nil
    }
    let status: FileStatus
    do { status = try FileStatus(of: root, followingLinks: false) } catch {
      throw AuthorError(.content, root, error.description)
    }
    tree = ContentTree(root: root, status)
    guard status.kind == .directory else {
      try check(status, at: root)
      tree.add("", status, in: 0)
      return
    }
    if followsLinks { surroundings = Self.surroundings(of: root) }
    // Depth first; children are pushed in reverse, so that they come off in order.
    var stack = try names(in: 0).reversed().map { (folder: 0, name: $0) }
    while let (folder, name) = stack.popLast() {
      guard let entered = try visit(name, in: folder) else { continue }
      for name in try names(in: entered).reversed() { stack.append((entered, name)) }
    }
  }

  /// Takes an entry, or leaves it; gives the number of the folder that it is, when it must be looked into.
  private mutating func visit(_ name: String, in folder: Int) throws(AuthorError) -> Int? {
    let path = DiskPath.joined(tree.folders[folder].path, name)
    let components = tree.folders[folder].components + [name]
    var status: FileStatus
    do { status = try FileStatus(of: path, followingLinks: false) } catch {
      throw AuthorError(.content, path, error.description)
    }
    idleRules.removeAll { $0.glob.matches(components, isFolder: status.kind == .directory) }
    let isLink = status.kind == .symlink
    if isLink {
      guard filter.takes(components) || filter.mayTake(below: components) else { return nil }
      guard followsLinks else {
        skipped.append(SkippedEntry(path: path, reason: "a symbolic link"))
        return nil
      }
      do { status = try FileStatus(of: path, followingLinks: true) } catch {
        let remark = error.isAbsence ? "a symbolic link that leads nowhere" : error.description
        throw AuthorError(.content, path, remark)
      }
    }
    guard status.kind == .directory else {
      if filter.takes(components) { try add(name, in: folder, components, path, status) }
      return nil
    }
    guard filter.mayTake(below: components) else { return nil }
    if isLink { try checkIsNoLoop(path, status, from: folder) }
    return tree.addFolder(components, path, status, in: folder)
  }

  private mutating func add(
    _ name: String, in folder: Int, _ components: [String], _ path: String, _ status: FileStatus
  ) throws(AuthorError) {
    guard components.allSatisfy(SystemText.isVerbatim) else {
      throw AuthorError(.content, path, "a name that is not UTF-8, which a torrent can't hold")
    }
    guard components.count <= deepest else {
      throw AuthorError(.content, path, "deeper than the \(deepest) levels that others can read")
    }
    guard TorrentPath(components) != nil else {
      let longest = TorrentPath.maximumComponentLength
      throw AuthorError(.content, path, "a name longer than the \(longest) bytes that a torrent can hold")
    }
    try check(status, at: path)
    // Met by its own name it was left out already; this is a link to it.
    if let output, output.file.isReplacement(of: status) {
      throw AuthorError(.output, output.file.path, "would overwrite a file of the content")
    }
    tree.add(name, status, in: folder)
  }

  /// Only files can be shared, and only those that can be read.
  private func check(_ status: FileStatus, at path: String) throws(AuthorError) {
    guard status.kind == .regular else {
      throw AuthorError(.content, path, "is \(status.kind.description), which can't be shared")
    }
    do throws(Errno) { try SystemFile.checkReading(of: path) } catch {
      throw AuthorError(.content, path, error.description)
    }
  }

  /// A folder that a link leads to must not be one of those that the link lies in.
  private func checkIsNoLoop(_ path: String, _ status: FileStatus, from folder: Int) throws(AuthorError) {
    var above: Int? = folder
    var isLoop = surroundings.contains { $0.isSameFile(as: status) }
    while !isLoop, let number = above {
      isLoop = tree.folders[number].status.isSameFile(as: status)
      above = tree.folders[number].parent
    }
    guard isLoop else { return }
    throw AuthorError(.content, path, "a symbolic link to a folder that it lies in, which never ends")
  }

  private static func surroundings(of root: String) -> [FileStatus] {
    guard var path = try? DiskPath.resolved(root) else { return [] }
    var found: [FileStatus] = []
    while path != "/" {
      path = DiskPath.folder(of: path)
      if let status = try? FileStatus(of: path, followingLinks: false) { found.append(status) }
    }
    return found
  }

  /// What the folder holds and the filter does not skip, in order.
  private mutating func names(in number: Int) throws(AuthorError) -> [String] {
    let folder = tree.folders[number]
    let listing: FolderListing
    do throws(Errno) { listing = try FolderListing(of: folder.path) } catch {
      throw AuthorError(.content, folder.path, error.description)
    }
    var taken: [String] = []
    for name in listing.entries.map(\.name).sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
      if let output, output.folder.isSameFile(as: folder.status), output.file.name == name {
        // Replacing a .torrent is what was asked for; a file of any other kind is content.
        guard name.hasSuffix(".torrent") || !filter.takes(folder.components + [name]) else {
          throw AuthorError(.output, output.file.path, "would overwrite a file of the content")
        }
        skipped.append(
          SkippedEntry(path: DiskPath.joined(folder.path, name), reason: "the file to be written"))
      } else if let reason = filter.reasonToSkip(name) {
        skipped.append(SkippedEntry(path: DiskPath.joined(folder.path, name), reason: reason))
      } else {
        taken.append(name)
      }
    }
    return taken
  }
}
