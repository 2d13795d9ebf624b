/// A pattern for paths, as shells and `.gitignore` have them.
///
/// `*` is any run of characters within a name, `?` any one character, `[a-z]` one of a set, `[!a-z]` one that is
/// not in it; a backslash takes the next character as it is. `**` in the place of a name is any number of folders.
/// A pattern with a `/` is about the whole path, one without about a name at any depth. Whatever matches a folder
/// matches all below it; with a `/` at its end a pattern matches folders alone.
///
/// Characters are Unicode scalars, compared as they are: no case folding, no normalisation.
public struct Glob: Hashable, Sendable {
  /// Scalars of the longest pattern.
  public static let maximumLength = 1_024

  /// Why a text is not a pattern.
  public enum Malformed: Error, Hashable, Sendable {
    case empty
    case tooLong
    /// Two slashes in a row, or nothing but slashes.
    case emptyName
    /// `.` or `..` as a name.
    case dots
    case unclosedSet
    /// The first scalar of a range is behind the last.
    case reversedRange(Unicode.Scalar, Unicode.Scalar)
    /// Nothing follows a backslash.
    case danglingEscape
  }

  /// A name of the pattern, or the place of any number of folders.
  private enum Part: Hashable {
    case name(NamePattern)
    case folders
  }

  /// As it was written.
  public let text: String
  private var parts: [Part] = []
  private let matchesFoldersOnly: Bool

  public init(_ pattern: String) throws(Malformed) {
    text = pattern
    let scalars = pattern.unicodeScalars
    if scalars.isEmpty { throw .empty }
    if scalars.count > Self.maximumLength { throw .tooLong }
    var names = scalars.split(separator: "/", omittingEmptySubsequences: false)
    matchesFoldersOnly = names.count > 1 && names.last?.isEmpty == true
    if matchesFoldersOnly { names.removeLast() }
    if names.count == 1 {
      parts.append(.folders)
    } else if names.first?.isEmpty == true {
      names.removeFirst()
    }
    for (number, name) in names.enumerated() {
      if name.isEmpty { throw .emptyName }
      if name.elementsEqual(".".unicodeScalars) || name.elementsEqual("..".unicodeScalars) { throw .dots }
      // At the end it is what a single star is: whatever is there, and all below it.
      let isFolders = name.elementsEqual("**".unicodeScalars) && number < names.count - 1
      if !isFolders {
        parts.append(.name(try NamePattern(name)))
      } else if parts.last != .folders {
        parts.append(.folders)
      }
    }
  }

  /// Whether the pattern selects the file with this path, by itself or with a folder above it.
  /// O(path length × pattern length), whatever the pattern.
  public func matches(_ path: TorrentPath) -> Bool { matches(path.components) }

  /// The same for the components of a path, which may be that of a folder.
  func matches(_ path: [String], isFolder: Bool = false) -> Bool {
    places(behind: path) { depth in isFolder || !matchesFoldersOnly || depth < path.count - 1 } == nil
  }

  /// Whether the pattern could select something below this folder, which it does not match itself.
  func mayMatch(below folder: [String]) -> Bool {
    places(behind: folder) { _ in true }?.isEmpty == false
  }

  /// Where in the pattern one may stand behind the names of a path; `nil` when the pattern is at its end behind one
  /// of them that `mayEnd`.
  private func places(behind path: [String], mayEnd: (_ depth: Int) -> Bool) -> Set<Int>? {
    var standing = reach([0])
    for (depth, name) in path.enumerated() {
      let scalars = Array(name.unicodeScalars)
      var next: Set<Int> = []
      for place in standing where place < parts.count {
        switch parts[place] {
        case .folders: next.insert(place)
        case .name(let pattern): if pattern.matches(scalars) { next.insert(place + 1) }
        }
      }
      standing = reach(next)
      if standing.contains(parts.count), mayEnd(depth) { return nil }
      if next.isEmpty { break }
    }
    return standing
  }

  /// The places given, and those behind them that need no name. No two parts in a row are `folders`.
  private func reach(_ places: Set<Int>) -> Set<Int> {
    var result = places
    for place in places where place < parts.count && parts[place] == .folders { result.insert(place + 1) }
    return result
  }
}

extension Glob.Malformed: CustomStringConvertible {
  public var description: String {
    switch self {
    case .empty: "is empty"
    case .tooLong: "has more than \(Glob.maximumLength) characters"
    case .emptyName: "has an empty name between slashes"
    case .dots: "has '.' or '..' as a name, and no torrent has"
    case .unclosedSet: "has a '[' without its ']'; write \\[ for the character"
    case .reversedRange(let first, let last): "has the range \(first)-\(last), which is the wrong way round"
    case .danglingEscape: "ends a name with a backslash; write \\\\ for the character"
    }
  }
}
