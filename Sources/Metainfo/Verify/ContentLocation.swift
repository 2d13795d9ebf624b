/// Where a torrent's content lies on this machine.
public struct ContentLocation: Hashable, Sendable {
  /// The file of a single-file torrent, or the folder that directly holds the files of another.
  public let path: String
  private let name: String
  private let isSingleFile: Bool

  private init(path: String, _ info: Info) {
    self.path = path
    name = info.name.name
    isSingleFile = info.isSingleFile
  }

  /// The folder in which the content lies under the torrent's own name, or `nil` when it has another name here.
  public var parent: String? {
    DiskPath.name(of: path) == name ? DiskPath.folder(of: path) : nil
  }

  /// The path of a file of the torrent.
  public func path(of file: FileEntry) -> String {
    isSingleFile ? path : DiskPath.joined(path, file.path.components)
  }

  /// Looks for the content.
  ///
  /// - `content` may be the content itself, by any name, or the folder in which it lies under its own. When it
  ///   could be either, it is what holds more of the torrent's files.
  /// - Without it: beside the .torrent, else in the current directory; in either place under the torrent's name,
  ///   or the place itself when it is a folder of that name.
  ///
  /// Finding nothing is no error: the location is then where the content is missing from. O(1): of many files
  /// only the first 64 are looked for.
  public static func find(_ info: Info, content: String?, torrentFile: String?) -> ContentLocation {
    if let content {
      let below = ContentLocation(path: DiskPath.joined(content, info.name.name), info)
      let itself = ContentLocation(path: content, info)
      let (scoreBelow, scoreItself) = (below.score(info), itself.score(info))
      if scoreBelow != scoreItself { return scoreBelow > scoreItself ? below : itself }
      return below.parent == itself.parent || itself.parent != nil ? itself : below
    }
    var places = ["."]
    if let torrentFile, torrentFile != "-" { places.insert(DiskPath.folder(of: torrentFile), at: 0) }
    let candidates = places.flatMap { place in
      let below = ContentLocation(
        path: place == "." ? info.name.name : DiskPath.joined(place, info.name.name), info)
      guard !info.isSingleFile, let resolved = try? DiskPath.resolved(place),
        DiskPath.name(of: resolved) == info.name.name
      else { return [below] }
      return [below, ContentLocation(path: resolved, info)]
    }
    return candidates.first { $0.score(info) > 0 } ?? candidates[0]
  }

  /// How many of the torrent's files are here, of the first 64.
  private func score(_ info: Info) -> Int {
    guard let own = try? FileStatus(of: path, followingLinks: true) else { return 0 }
    guard !isSingleFile else { return own.kind == .regular ? 1 : 0 }
    guard own.kind == .directory else { return 0 }
    return info.files.prefix(64).count { file in
      !file.isPadding && (try? FileStatus(of: path(of: file), followingLinks: true))?.kind == .regular
    }
  }
}
