import Text

extension LintSubject {
  /// Bytes of a whole path. Windows takes 260 characters of which its drive and folder come off.
  static let longestPath = 255

  /// Looks at each name once, be it a file's or a folder's.
  func checkNames(_ tally: inout LintTally) {
    let ownBytes = Array(name.name.utf8)
    check(ownBytes.indices, in: ownBytes, at: name.components[...], &tally)
    guard !isSingleFile else {
      checkLength(ownBytes.count, of: name.components, &tally)
      return
    }
    var names = FoldedNames(minimumCapacity: layout.files.count)
    var reported: Set<UInt64> = []
    let files = layout.files
    var reader = PathReader(files)
    /// The digests of the folders around and the name of the previous file.
    var digests: [UInt64] = []
    for index in files.indices where !files.isPadding(index) {
      reader.read(index)
      let components = reader.components
      digests.removeLast(digests.count - reader.sharedFolders)
      var length = ownBytes.count
      for component in components { length += 1 + component.count }
      for level in reader.sharedFolders..<components.count {
        let digest = names.digest(of: components[level], in: reader.bytes, parent: digests.last ?? 0)
        digests.append(digest)
        if let first = names.insert(digest, file: index) {
          compare(files[index], with: files[first], at: level, &reported, &tally)
        } else {
          check(components[level], in: reader.bytes, at: files[index].path.components[...level], &tally)
        }
      }
      if length > Self.longestPath { checkLength(length, of: files[index].path.components, &tally) }
    }
  }

  /// - Parameter path: The name and what is around it.
  private func check(
    _ name: Range<Int>, in bytes: [UInt8], at path: @autoclosure () -> ArraySlice<String>,
    _ tally: inout LintTally
  ) {
    guard NameFaults.arePossible(name, in: bytes) else { return }
    let component = String(decoding: bytes[name], as: UTF8.self)
    for (lint, reason) in NameFaults(component).found { tally.add(lint, "\(Self.shown(path())): \(reason)") }
    if component.utf8.first == UInt8(ascii: ".") {
      tally.add(.hiddenFile, "\(Self.shown(path())): hidden")
    } else if ContentFilter.junk.contains(component.lowercased()) {
      tally.add(.junkFile, "\(Self.shown(path())): left behind by a system")
    }
  }

  private func checkLength(_ length: Int, of components: [String], _ tally: inout LintTally) {
    if length > Self.longestPath {
      tally.add(.longPath, "\(Self.shown(components[...])): the path is \(length) bytes long")
    }
  }

  /// Two files whose paths are one up to `level`, as far as their digests tell.
  private func compare(
    _ file: FileEntry, with other: FileEntry, at level: Int, _ reported: inout Set<UInt64>,
    _ tally: inout LintTally
  ) {
    let (path, otherPath) = (file.path.components, other.path.components)
    guard level < otherPath.count, !path[level].utf8.elementsEqual(otherPath[level].utf8) else { return }
    let (a, b) = (path[level], otherPath[level])
    // A folder is met with each of its files.
    var hasher = Hasher()
    for component in path[...level] {
      hasher.combine(component.utf8.count)
      for byte in component.utf8 { hasher.combine(byte) }
    }
    guard reported.insert(UInt64(bitPattern: Int64(hasher.finalize()))).inserted else { return }
    let (shown, shownOther) = (Self.shown(path[...level]), Self.shown(otherPath[...level]))
    if a == b {
      tally.add(.normalizationCollision, "\(shown): another name of \(shownOther) in Unicode")
    } else if FoldedNames.folded(a) == FoldedNames.folded(b) {
      tally.add(.caseCollision, "\(shown): differs from \(shownOther) in case alone")
    }
    let bytes = Array(a.utf8)
    check(bytes.indices, in: bytes, at: path[...level], &tally)
  }

  /// A path as messages show it, escaped and not without end.
  private static func shown(_ components: ArraySlice<String>) -> String {
    let text = components.joined(separator: "/")
    guard text.utf8.count > 300 else { return Escaping.escaped(text) }
    return Escaping.escaped(String(text.unicodeScalars.prefix(250))) + "…"
  }
}
