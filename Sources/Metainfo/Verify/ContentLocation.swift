import Platform

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
    DiskPath.name(of: path).utf8.elementsEqual(name.utf8) ? DiskPath.folder(of: path) : nil
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
  /// A name in another Unicode normalisation form counts as the name. Finding nothing is no error: the location
  /// is then where the content is missing from. O(1): of many files only the first 64 are looked for.
  ///
  /// - Parameter currentDirectory: The path of the current directory.
  public static func find(
    _ info: Info, content: String?, torrentFile: String?, currentDirectory: String = "."
  ) -> ContentLocation {
    var search = Search(info)
    if let content {
      let below = search.location(in: content)
      let itself = ContentLocation(path: content, info)
      let (scoreBelow, scoreItself) = (search.score(below), search.score(itself))
      if scoreBelow != scoreItself { return scoreBelow > scoreItself ? below : itself }
      return below.parent == itself.parent || itself.parent != nil ? itself : below
    }
    var places = [currentDirectory]
    if let torrentFile, torrentFile != "-" { places.insert(DiskPath.folder(of: torrentFile), at: 0) }
    var first: ContentLocation?
    for place in places {
      var candidates = [search.location(in: place)]
      if !info.isSingleFile, let resolved = try? DiskPath.resolved(place),
        DiskPath.name(of: resolved) == info.name.name
      {
        candidates.append(ContentLocation(path: resolved, info))
      }
      for candidate in candidates {
        if search.score(candidate) > 0 { return candidate }
        first = first ?? candidate
      }
    }
    return first ?? search.location(in: currentDirectory)
  }

  /// Looking for one torrent in several places.
  private struct Search {
    private let info: Info
    private var names = EquivalentNames(SystemDisk())

    init(_ info: Info) { self.info = info }

    /// The content under its own name in the folder, whether it is there or not.
    mutating func location(in folder: String) -> ContentLocation {
      let name = info.name.name
      let own = folder == "." ? name : DiskPath.joined(folder, name)
      if EquivalentNames<SystemDisk>.mayDiffer(name), kind(own) == nil,
        let other = names.find([name], in: folder)?.first
      {
        return ContentLocation(path: folder == "." ? other : DiskPath.joined(folder, other), info)
      }
      if let other = info.otherNames.name, kind(own) == nil {
        let path = folder == "." ? other : DiskPath.joined(folder, other)
        if kind(path) != nil { return ContentLocation(path: path, info) }
      }
      return ContentLocation(path: own, info)
    }

    /// How many of the torrent's files are here, of the first 64.
    mutating func score(_ location: ContentLocation) -> Int {
      let own = kind(location.path)
      guard !info.isSingleFile else { return own == .regular ? 1 : 0 }
      guard own == .directory else { return 0 }
      var score = 0
      for (number, file) in info.files.prefix(64).enumerated() where !file.isPadding {
        let isThere =
          kind(location.path(of: file)) == .regular
          || names.find(file.path.components, in: location.path) != nil
          || info.otherNames.files[number].map { kind(DiskPath.joined(location.path, $0)) } == .regular
        score += isThere ? 1 : 0
      }
      return score
    }

    private func kind(_ path: String) -> FileStatus.Kind? {
      (try? FileStatus(of: path, followingLinks: true))?.kind
    }
  }
}
