import Foundation

/// Files as tests need them: whole, small, and gone when they can't be read.
public enum TestFile {
  /// The bytes of a file, or nil when there is none.
  public static func bytes(_ path: String) -> [UInt8]? {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    var all: [UInt8] = []
    var part = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = read(file, &part, part.count)
      guard count > 0 else { return count == 0 ? all : nil }
      all += part[..<count]
    }
  }

  /// The text of a file, empty when there is none.
  public static func text(_ path: String) -> String { String(decoding: bytes(path) ?? [], as: UTF8.self) }

  /// Writes a file anew.
  public static func write(_ bytes: [UInt8], to path: String) throws {
    let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard file >= 0 else { throw ProcessFailure("\(path): \(String(cString: strerror(errno)))") }
    defer { close(file) }
    var start = 0
    while start < bytes.count {
      let count = bytes.withUnsafeBytes {
        Foundation.write(file, $0.baseAddress.map { $0 + start }, bytes.count - start)
      }
      guard count > 0 else { throw ProcessFailure("\(path): \(String(cString: strerror(errno)))") }
      start += count
    }
  }
}

/// A folder below the system's temporary one, removed with everything in it when this object goes.
public final class ScratchFolder: Sendable {
  public let path: String

  public init(_ purpose: String) throws {
    var template = Array("/tmp/torrentctl-\(purpose)-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else {
      throw ProcessFailure("mkdtemp: \(String(cString: strerror(errno)))")
    }
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// A folder in this one, made when it isn't there.
  public func folder(_ name: String) throws -> String {
    let folder = "\(path)/\(name)"
    guard mkdir(folder, 0o755) == 0 || errno == EEXIST else {
      throw ProcessFailure("\(folder): \(String(cString: strerror(errno)))")
    }
    return folder
  }

  deinit {
    try? FileManager.default.removeItem(atPath: path)
  }
}
