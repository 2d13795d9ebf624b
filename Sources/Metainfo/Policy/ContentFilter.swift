/// Which entries of a folder are left out of a torrent.
///
/// It looks at names below the folder that is shared; the folder (or file) that the user named is always taken.
public struct ContentFilter: Hashable, Sendable {
  /// Takes hidden entries and junk too.
  public var includesHidden: Bool

  public init(includesHidden: Bool = false) { self.includesHidden = includesHidden }

  /// Files that systems leave behind for themselves, in lower case. `.DS_Store` and its like are hidden anyway.
  static let junk: Set<String> = [
    "thumbs.db", "ehthumbs.db", "desktop.ini", "icon\r", "__macosx", "$recycle.bin",
  ]

  /// Why an entry of this name is left out, or `nil` when it is taken.
  public func reasonToSkip(_ name: String) -> String? {
    guard !includesHidden else { return nil }
    if name.hasPrefix(".") { return "hidden" }
    if Self.junk.contains(name.lowercased()) { return "left behind by a system" }
    return nil
  }
}
