/// Which entries of a folder become part of a torrent.
///
/// It looks at what lies below the folder that is shared; the folder (or file) that the user named is always
/// taken. Hidden entries and junk are left out first. What is left is put to the rules in their order, and the last
/// one that matches decides. A file that no rule matches is taken, unless the first rule takes files in: whoever
/// begins by saying what is wanted wants nothing else.
public struct ContentFilter: Hashable, Sendable {
  /// Takes or leaves what a pattern matches. Paths start below the folder that is shared.
  public struct Rule: Hashable, Sendable {
    public let glob: Glob
    /// Whether what matches is taken.
    public let takes: Bool

    public init(_ glob: Glob, takes: Bool) {
      self.glob = glob
      self.takes = takes
    }
  }

  /// Takes hidden entries and junk too.
  public var includesHidden: Bool
  /// In the order in which they were given.
  public var rules: [Rule]

  public init(includesHidden: Bool = false, rules: [Rule] = []) {
    self.includesHidden = includesHidden
    self.rules = rules
  }

  /// Files that systems leave behind for themselves, in lower case. `.DS_Store` and its like are hidden anyway.
  static let junk: Set<String> = [
    "thumbs.db", "ehthumbs.db", "desktop.ini", "icon\r", "__macosx", "$recycle.bin", "@eadir",
  ]

  /// Why an entry of this name is left out whatever the rules say, or `nil` when they are to be asked.
  public func reasonToSkip(_ name: String) -> String? {
    guard !includesHidden else { return nil }
    if name.hasPrefix(".") { return "hidden" }
    if Self.junk.contains(name.lowercased()) { return "left behind by a system" }
    return nil
  }

  /// Whether the rules take the file with this path.
  public func takes(_ file: [String]) -> Bool {
    rules.last { $0.glob.matches(file) }?.takes ?? takesByDefault
  }

  /// Whether the rules could take anything below this folder: where they can't, nobody need look.
  public func mayTake(below folder: [String]) -> Bool {
    var isOpen = takesByDefault
    for rule in rules {
      if rule.glob.matches(folder, isFolder: true) {
        // All below is matched as well.
        isOpen = rule.takes
      } else if rule.takes, rule.glob.mayMatch(below: folder) {
        isOpen = true
      }
    }
    return isOpen
  }

  private var takesByDefault: Bool { !(rules.first?.takes ?? false) }
}
