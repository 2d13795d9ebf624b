import Text

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Taking paths of this machine apart. A path is text as the user wrote it; nothing here asks the disk, except
/// `resolved`.
package enum DiskPath {
  /// The path of an entry of the folder.
  package static func joined(_ folder: String, _ name: String) -> String {
    if folder.isEmpty { return name }
    return folder.hasSuffix("/") ? folder + name : folder + "/" + name
  }

  package static func joined(_ folder: String, _ components: [String]) -> String {
    components.reduce(folder) { joined($0, $1) }
  }

  /// The folder that the path's last component is in; `.` when the path has one component only.
  package static func folder(of path: String) -> String {
    let path = trimmed(path)
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
    let folder = trimmed(String(path[..<slash]))
    return folder.isEmpty ? "/" : folder
  }

  /// The last component.
  package static func name(of path: String) -> String {
    let path = trimmed(path)
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return path }
    return String(path[path.utf8.index(after: slash)...])
  }

  /// Without slashes at the end, except for the root.
  package static func trimmed(_ path: String) -> String {
    var path = path[...]
    while path.utf8.count > 1, path.utf8.last == UInt8(ascii: "/") { path = path.dropLast() }
    return String(path)
  }

  /// The one path without symbolic links, `.` and `..` that leads to the same place.
  package static func resolved(_ path: String) throws(Errno) -> String {
    guard let raw = path.withSystemPath({ realpath($0, nil) }) else { throw .last }
    defer { free(raw) }
    return SystemText.text(UnsafeRawBufferPointer(start: raw, count: strlen(raw)))
  }
}
