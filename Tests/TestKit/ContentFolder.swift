import Foundation
import Glibc

/// A folder that goes away with its owner.
public final class ContentFolder: Sendable {
  public let path: String

  public init() throws {
    path = FileManager.default.temporaryDirectory.appending(path: "metainfo-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  public subscript(_ name: String) -> String { path + "/" + name }

  /// Writes a file, and the folders around it.
  @discardableResult
  public func write(_ name: String, _ bytes: [UInt8]) throws -> String {
    let url = URL(fileURLWithPath: self[name])
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: url)
    return self[name]
  }

  public func makeFolder(_ name: String) throws {
    try FileManager.default.createDirectory(atPath: self[name], withIntermediateDirectories: true)
  }

  public func link(_ name: String, to target: String) throws {
    try FileManager.default.createSymbolicLink(atPath: self[name], withDestinationPath: target)
  }

  public func read(_ name: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(fileURLWithPath: self[name])))
  }

  /// Every path below the folder, sorted.
  public var listing: [String] {
    FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String }.sorted() ?? []
  }
}

/// Bytes that look random and are the same each time.
public func pattern(_ count: Int, seed: UInt64) -> [UInt8] {
  var random = SeededGenerator(seed: seed)
  return (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next() >> 32) }
}

/// Runs `body` on a thread that has another user's rights to files, so that permissions count even for root.
public func withoutPrivileges<T: Sendable>(_ body: @escaping @Sendable () -> T) async -> T {
  await withCheckedContinuation { continuation in
    Thread {
      _ = setfsgid(65534)
      _ = setfsuid(65534)
      continuation.resume(returning: body())
    }.start()
  }
}

/// The refusal of `body`, run as above.
public func refusalWithoutPrivileges<Failure: Error>(
  _ body: @escaping @Sendable () throws(Failure) -> Void
) async -> Failure? {
  await withoutPrivileges {
    do throws(Failure) {
      try body()
      return nil
    } catch {
      return error
    }
  }
}

// Glibc's module lacks <sys/fsuid.h>. The identity for file access alone is a thread's own.
@_silgen_name("setfsuid") private func setfsuid(_ id: UInt32) -> Int32
@_silgen_name("setfsgid") private func setfsgid(_ id: UInt32) -> Int32

/// Runs a program and gives what it writes; `nil` when it can't be run or fails.
public func output(of arguments: [String], in folder: String = "/") -> String? {
  let process = Process()
  process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
  process.arguments = arguments
  process.currentDirectoryURL = URL(fileURLWithPath: folder)
  let pipe = Pipe()
  process.standardOutput = pipe
  process.standardError = FileHandle.nullDevice
  guard (try? process.run()) != nil else { return nil }
  let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
  process.waitUntilExit()
  return process.terminationStatus == 0 ? text : nil
}
