import Platform

/// Finds files whose names are written in another Unicode normalisation form than asked for: `é` as one code
/// point or as two. Copying between systems does that to names.
///
/// Folders are listed only where a name is not there as it was asked for and could be written in another way.
struct EquivalentNames<Disk: ContentDisk> {
  private let disk: Disk
  /// For each folder that was listed, by the bytes of its path, its names by themselves: text is equal when it is
  /// canonically equivalent.
  private var listings: [[UInt8]: [String: String]] = [:]
  private var heldNames = 0

  /// Names kept in memory before the memory is given back.
  private static var maximumHeldNames: Int { 1_000_000 }

  init(_ disk: Disk) { self.disk = disk }

  /// Whether such a name can be written in more than one way.
  static func mayDiffer(_ name: String) -> Bool { !name.utf8.allSatisfy { $0 < 0x80 } }

  /// The names by which `components` are found below `folder`, or `nil` when there is nothing equivalent.
  /// O(components), and O(entries) for a folder that is listed for the first time.
  mutating func find(_ components: [String], in folder: String) -> [String]? {
    guard components.contains(where: Self.mayDiffer) else { return nil }
    var path = folder
    var found: [String] = []
    for component in components {
      var name = component
      if Self.mayDiffer(component), !exists(DiskPath.joined(path, component)) {
        guard let other = listing(of: path)[component] else { return nil }
        name = other
      }
      found.append(name)
      path = DiskPath.joined(path, name)
    }
    return exists(path) ? found : nil
  }

  private func exists(_ path: String) -> Bool { (try? disk.status(of: path)) != nil }

  private mutating func listing(of folder: String) -> [String: String] {
    let key = Array(folder.utf8)
    if let known = listings[key] { return known }
    var names: [String: String] = [:]
    for entry in (try? FolderListing(of: folder))?.entries ?? [] where Self.mayDiffer(entry.name) {
      // Of several that are equivalent the same one is taken each time.
      if let other = names[entry.name], other.utf8.lexicographicallyPrecedes(entry.name.utf8) { continue }
      names[entry.name] = entry.name
    }
    if heldNames + names.count > Self.maximumHeldNames {
      listings.removeAll()
      heldNames = 0
    }
    heldNames += names.count + 1
    listings[key] = names
    return names
  }
}
