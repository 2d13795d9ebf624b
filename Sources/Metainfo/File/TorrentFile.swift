import Bencode
import Glibc
import Text

/// A .torrent file on disk.
public enum TorrentFile {
  /// Reads and decodes a file as `contents` reads it, of at most `limits.size` bytes.
  public static func read(
    path: String, limits: BencodeLimits = BencodeLimits()
  ) throws(MetainfoError) -> Torrent {
    let bytes: [UInt8]
    do throws(MetainfoError) {
      bytes = try contents(path: path, limit: limits.size)
    } catch {
      guard error.kind == .tooLarge else { throw error }
      throw MetainfoError(.tooLarge, "not a torrent: \(error.reason)", file: error.file)
    }
    return try decode(bytes, from: path, limits: limits)
  }

  /// Decodes what `contents` has read; errors name the file.
  public static func decode(
    _ bytes: [UInt8], from path: String, limits: BencodeLimits = BencodeLimits()
  ) throws(MetainfoError) -> Torrent {
    do throws(MetainfoError) {
      guard !bytes.isEmpty else { throw MetainfoError(.malformed, "not a torrent: empty file") }
      return try Torrent(decoding: bytes, limits: limits)
    } catch {
      throw error.named(path)
    }
  }

  /// Reads a file whole; `-` is the standard input. Nothing but a regular file is opened for reading, so that a pipe
  /// or device can neither block nor go on for ever, and a file of more than `limit` bytes is `tooLarge`.
  public static func contents(path: String, limit: Int) throws(MetainfoError) -> [UInt8] {
    do throws(MetainfoError) {
      return path == "-" ? try readAll(STDIN_FILENO, limit: limit) : try readFile(path, limit)
    } catch {
      throw error.named(path)
    }
  }

  private static func readFile(_ path: String, _ limit: Int) throws(MetainfoError) -> [UInt8] {
    // A path with a NUL would name another file than the one shown.
    guard !path.utf8.contains(0) else { throw failure("open", ENOENT) }
    // Without O_NONBLOCK the opening of a pipe waits for a writer.
    let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY)
    guard descriptor >= 0 else { throw failure("open", errno) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw failure("fstat", errno) }
    switch status.st_mode & S_IFMT {
    case S_IFREG: break
    case S_IFDIR: throw MetainfoError(.io(call: "open", errno: EISDIR), "is a directory, not a regular file")
    default: throw MetainfoError(.io(call: "open", errno: EINVAL), "not a regular file")
    }
    guard status.st_size <= limit else { throw tooLarge("\(status.st_size) bytes", limit) }
    return try readAll(descriptor, expected: Int(status.st_size), limit: limit)
  }

  /// Everything up to the end, which must come within `limit` bytes.
  private static func readAll(
    _ descriptor: Int32, expected: Int = 0, limit: Int
  ) throws(MetainfoError) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(expected)
    var chunk = [UInt8](repeating: 0, count: 64 * 1024)
    while true {
      let count = chunk.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
      if count < 0 {
        guard errno == EINTR else { throw failure("read", errno) }
        continue
      }
      guard count > 0 else { return bytes }
      guard bytes.count + count <= limit else { throw tooLarge("more than \(limit) bytes", limit) }
      bytes += chunk[..<count]
    }
  }

  private static func tooLarge(_ size: String, _ limit: Int) -> MetainfoError {
    MetainfoError(.tooLarge, "\(size), the limit is \(limit)")
  }

  private static func failure(_ call: String, _ code: Int32) -> MetainfoError {
    MetainfoError(.io(call: call, errno: code), String(cString: strerror(code)))
  }
}

extension MetainfoError {
  /// The same, with the file that it is about.
  func named(_ path: String) -> MetainfoError {
    var error = self
    error.file = path == "-" ? "standard input" : Escaping.escaped(path)
    return error
  }
}
