import Bencode
import Platform
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
    do throws(FileContents.Failure) {
      return path == "-"
        ? try FileContents.readAll(StandardDescriptors.input, limit: limit)
        : try FileContents.read(path, limit: limit)
    } catch {
      throw MetainfoError(error, limit: limit).named(path)
    }
  }
}

extension MetainfoError {
  fileprivate init(_ failure: FileContents.Failure, limit: Int) {
    switch failure {
    case .system(let call, let error): self.init(.io(call: call, errno: error.code), error.description)
    case .notAFile(.directory):
      self.init(.io(call: "open", errno: Errno.isAFolder.code), "is a directory, not a regular file")
    case .notAFile:
      self.init(.io(call: "open", errno: Errno.invalidArgument.code), "not a regular file")
    case .tooLarge(let size):
      let size = size.map { "\($0) bytes" } ?? "more than \(limit) bytes"
      self.init(.tooLarge, "\(size), the limit is \(limit)")
    }
  }

  /// The same, with the file that it is about.
  func named(_ path: String) -> MetainfoError {
    var error = self
    error.file = path == "-" ? "standard input" : Escaping.escaped(path)
    return error
  }
}
