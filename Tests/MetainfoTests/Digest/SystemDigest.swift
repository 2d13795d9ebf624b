import Foundation
import Testing

/// The digests of messages as a program of coreutils has them (`sha1sum`, `sha256sum`), in hexadecimal.
func systemDigests(_ program: String, of messages: [[UInt8]]) throws -> [String] {
  let directory = FileManager.default.temporaryDirectory.appending(path: "\(program)-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: directory) }
  for (index, message) in messages.enumerated() {
    try Data(message).write(to: directory.appending(path: "\(index)"))
  }
  let process = Process()
  process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
  process.arguments = [program] + messages.indices.map(String.init)
  process.currentDirectoryURL = directory
  let output = Pipe()
  process.standardOutput = output
  try process.run()
  let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
  process.waitUntilExit()
  let digests = text.split(separator: "\n").map { String($0.prefix { $0 != " " }) }
  try #require(digests.count == messages.count)
  return digests
}

func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
  bytes.map { String(format: "%02x", $0) }.joined()
}
