import Metainfo

/// The names that a torrent's files have on disk: the final one, and the one a file has until all of it has
/// been verified (`NAME.part`). Both lie in the same directory.
struct PayloadPaths: Sendable {
  /// Bytes of the longest file name that Linux file systems take.
  private static let longestName = 255
  private static let suffix = ".part"

  private let info: Info
  /// Partial names that are not simply the final name with the suffix, by file.
  private let exceptions: [Int: String]

  /// Fails when two files have the same path.
  init(_ info: Info) throws(StorageError) {
    self.info = info
    var taken = Set<[String]>(minimumCapacity: info.files.count)
    var folders: Set<[String]> = []
    for file in info.files.indices where !info.files[file].isPadding {
      let path = info.diskPath(of: file)
      guard taken.insert(path).inserted else { throw .sameName(path: path.joined(separator: "/")) }
      var folder = path.dropLast()
      while !folder.isEmpty, folders.insert(Array(folder)).inserted { folder.removeLast() }
    }
    var exceptions: [Int: String] = [:]
    for file in info.files.indices where !info.files[file].isPadding {
      let path = info.diskPath(of: file)
      guard let name = path.last else { continue }
      let directory = path.dropLast()
      var candidate = name + Self.suffix
      var attempt = 0
      // Too long, or the very name of another file or folder of the torrent.
      while candidate.utf8.count > Self.longestName || folders.contains(directory + [candidate])
        || !taken.insert(directory + [candidate]).inserted
      {
        let ending = ".\(file)" + (attempt == 0 ? "" : "-\(attempt)") + Self.suffix
        candidate = Self.cut(name, to: Self.longestName - ending.utf8.count) + ending
        exceptions[file] = candidate
        attempt += 1
      }
    }
    self.exceptions = exceptions
  }

  /// The longest start of `name` of at most `length` bytes that does not cut a character.
  private static func cut(_ name: String, to length: Int) -> String {
    var kept = 0
    for scalar in name.unicodeScalars {
      let next = kept + UTF8.width(scalar)
      if next > length { break }
      kept = next
    }
    return String(decoding: name.utf8.prefix(kept), as: UTF8.self)
  }

  /// The folders that the file lies in, below the root.
  func directories(of file: Int) -> ArraySlice<String> { info.diskPath(of: file).dropLast() }

  func finalName(of file: Int) -> String { info.diskPath(of: file).last ?? "" }

  func partialName(of file: Int) -> String { exceptions[file] ?? finalName(of: file) + Self.suffix }

  /// For messages.
  func path(of file: Int, in root: String) -> String {
    ([root.hasSuffix("/") ? String(root.dropLast()) : root] + info.diskPath(of: file)).joined(separator: "/")
  }
}
