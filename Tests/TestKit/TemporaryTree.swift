import Glibc

/// A directory of its own for one test, gone with its owner.
public final class TemporaryTree: Sendable {
  /// Absolute, without a slash at the end.
  public let path: String

  public init() throws {
    var template = Array("/tmp/tree-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw Failure(call: "mkdtemp", errno: errno) }
    path = template.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "" }
  }

  deinit { Self.remove(path) }

  public struct Failure: Error {
    public let call: String
    public let errno: Int32
  }

  /// Writes a file, with the folders above it.
  public func write(_ bytes: [UInt8], to name: String) throws {
    let full = path + "/" + name
    try makeFolders(above: name)
    let descriptor = open(full, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw Failure(call: "open", errno: errno) }
    defer { close(descriptor) }
    var done = 0
    while done < bytes.count {
      let count = bytes[done...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      guard count > 0 else { throw Failure(call: "write", errno: errno) }
      done += count
    }
  }

  public func makeFolder(_ name: String) throws {
    try makeFolders(above: name + "/x")
  }

  /// A symbolic link that says `target`.
  public func link(_ name: String, to target: String) throws {
    try makeFolders(above: name)
    guard symlink(target, path + "/" + name) == 0 else { throw Failure(call: "symlink", errno: errno) }
  }

  private func makeFolders(above name: String) throws {
    var folder = path
    for component in name.split(separator: "/").dropLast() {
      folder += "/" + component
      guard mkdir(folder, 0o755) == 0 || errno == EEXIST else { throw Failure(call: "mkdir", errno: errno) }
    }
  }

  /// The bytes of a file; `nil` when there is no such file.
  public func read(_ name: String) -> [UInt8]? {
    let descriptor = open(path + "/" + name, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = Glibc.read(descriptor, &chunk, chunk.count)
      guard count > 0 else { return count == 0 ? bytes : nil }
      bytes += chunk[..<count]
    }
  }

  /// The paths of everything that is no folder, sorted.
  public var files: [String] { Self.list(path, "").sorted() }

  private static func list(_ root: String, _ prefix: String) -> [String] {
    entries(of: root + "/" + prefix).flatMap { entry -> [String] in
      let name = prefix.isEmpty ? entry.name : prefix + "/" + entry.name
      return entry.isFolder ? list(root, name) : [name]
    }
  }

  private static func remove(_ path: String) {
    for entry in entries(of: path) {
      if entry.isFolder { remove(path + "/" + entry.name) } else { unlink(path + "/" + entry.name) }
    }
    rmdir(path)
  }

  private static func entries(of path: String) -> [(name: String, isFolder: Bool)] {
    guard let directory = opendir(path) else { return [] }
    defer { closedir(directory) }
    var entries: [(String, Bool)] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name == "." || name == ".." { continue }
      var status = stat()
      guard lstat(path + "/" + name, &status) == 0 else { continue }
      entries.append((name, status.st_mode & S_IFMT == S_IFDIR))
    }
    return entries
  }
}
