extension LintSubject {
  /// Bytes of a whole path. Windows takes 260 characters of which its drive and folder come off.
  static let longestPath = 255

  /// Looks at each name once, be it a file's or a folder's.
  func checkNames(_ tally: inout LintTally) {
    check(name.name, at: name.components[...], &tally)
    guard !isSingleFile else {
      checkLength(name.name.utf8.count, of: name.components, &tally)
      return
    }
    var names = FoldedNames(minimumCapacity: layout.files.count)
    var reported: Set<UInt64> = []
    var previous: [String] = []
    /// The digests of the folders around and the name of the previous file.
    var digests: [UInt64] = []
    let nameLength = name.name.utf8.count
    for (index, file) in layout.files.enumerated() where !file.isPadding {
      let components = file.path.components
      var depth = 0
      while depth < components.count - 1, depth < previous.count - 1,
        components[depth].hasSameBytes(previous[depth])
      { depth += 1 }
      digests.removeSubrange(depth...)
      var length = nameLength
      for component in components[..<depth] { length += 1 + component.utf8.count }
      for (level, component) in components.enumerated().dropFirst(depth) {
        length += 1 + component.utf8.count
        let digest = names.digest(of: component, in: digests.last ?? 0)
        digests.append(digest)
        guard let first = names.insert(digest, file: index) else {
          check(component, at: components[...level], &tally)
          continue
        }
        let others = layout.files[first].path.components
        guard level < others.count, !others[level].hasSameBytes(component) else { continue }
        report(components[...level], collidingWith: others[...level], &reported, &tally)
      }
      checkLength(length, of: components, &tally)
      previous = components
    }
  }

  private func check(_ component: String, at path: ArraySlice<String>, _ tally: inout LintTally) {
    for (lint, reason) in NameFaults(component).found { tally.add(lint, "\(Self.shown(path)): \(reason)") }
    if component.utf8.first == UInt8(ascii: ".") {
      tally.add(.hiddenFile, "\(Self.shown(path)): hidden")
    } else if ContentFilter.junk.contains(component.lowercased()) {
      tally.add(.junkFile, "\(Self.shown(path)): left behind by a system")
    }
  }

  private func checkLength(_ length: Int, of components: [String], _ tally: inout LintTally) {
    if length > Self.longestPath {
      tally.add(.longPath, "\(Self.shown(components[...])): the path is \(length) bytes long")
    }
  }

  private func report(
    _ path: ArraySlice<String>, collidingWith other: ArraySlice<String>, _ reported: inout Set<UInt64>,
    _ tally: inout LintTally
  ) {
    guard let a = path.last, let b = other.last else { return }
    // A folder is met with each of its files.
    var hasher = Hasher()
    for component in path { for byte in component.utf8 { hasher.combine(byte) }; hasher.combine(0 as UInt8) }
    guard reported.insert(UInt64(bitPattern: Int64(hasher.finalize()))).inserted else { return }
    if a == b {
      tally.add(
        .normalizationCollision, "\(Self.shown(path)): another name of \(Self.shown(other)) in Unicode")
      check(a, at: path, &tally)
    } else if FoldedNames.folded(a) == FoldedNames.folded(b) {
      tally.add(.caseCollision, "\(Self.shown(path)): differs from \(Self.shown(other)) in case alone")
      check(a, at: path, &tally)
    }
  }

  /// A path as messages show it, escaped and not without end.
  private static func shown(_ components: ArraySlice<String>) -> String {
    let text = components.joined(separator: "/")
    guard text.utf8.count > 300 else { return Escaping.escaped(text) }
    return Escaping.escaped(String(text.unicodeScalars.prefix(250))) + "…"
  }
}

extension String {
  /// Equality of names on Linux, where `é` in one code point and in two are different names.
  fileprivate func hasSameBytes(_ other: String) -> Bool { utf8.elementsEqual(other.utf8) }
}
