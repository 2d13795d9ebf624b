import Foundation
import TestKit
import Testing

@testable import torrentctl

/// What create does as a process: with pipes, limits and full disks.
@Suite struct CreateProcessTests {
  let shell: Shell
  static let canMount = (try? Shell().sh("unshare -rm mount -t tmpfs none /tmp").code) == 0

  init() throws {
    shell = try Shell()
    try shell.write((0..<2_000_000).map { UInt8(truncatingIfNeeded: $0 * $0 >> 7) }, to: "a")
  }

  @Test(
    "M17 content from standard input makes the same torrent as a file", arguments: ["v1", "v2", "hybrid"])
  func standardInput(format: String) throws {
    let result = try shell.sh(
      """
      options="--no-date --format \(format) --piece-length 64KiB"
      "$T" create a $options -o 1 > /dev/null && dd if=a bs=999 2>/dev/null | "$T" create - --name a $options -o - > 2 &&
      cmp 1 2 && "$T" create - --name a $options < a > /dev/null && cmp 1 a.torrent &&
      "$T" create - --name a $options --json -o 3 < a
      """)
    #expect(result.code == 0, "\(result.output)")
    #expect(result.output.contains("\"format\": \"\(format)\""))
  }

  @Test("M15 standard input that is empty, closed, a folder, or needs a name")
  func badStandardInput() throws {
    for (line, code, reason) in [
      ("create - --name x < /dev/null", 4, "standard input: holds no byte"),
      ("create - --name x <&-", 4, "standard input: Bad file descriptor"),
      ("create - --name x < .", 4, "standard input: Is a directory"),
      ("create - < a", 2, "needs a name (give it one with --name)"),
      ("create - --name x --dry-run < a", 2, "can't be used with standard input"),
      ("create - --name a/b < a", 2, "is not a file name"),
    ] as [(String, Int32, String)] {
      let result = try shell.sh("timeout 20 \"$T\" \(line)")
      #expect(result.code == code, "\(line)")
      #expect(result.output.contains(reason), "\(result.output)")
    }
    #expect(try shell.list() == ["a"])
  }

  @Test(
    "the memory for a stream does not grow with its length or that of a piece", .enabled(if: !isSanitized))
  func memory() throws {
    // Address space counts more than what is resident, so this is the stricter limit; pieces alone would exceed it.
    let line = "head -c 200000000 /dev/zero | \"$T\" create - --name z --piece-length 128MiB --threads 8 -o"
    let result = try shell.sh("ulimit -v 120000; \(line) 1")
    #expect(result.code == 0, "\(result.output)")
    #expect(try shell.sh("ulimit -v 8000; \(line) 2").code != 0, "the limit is in force")
  }

  @Test(
    "D06 a limit for the size of files, in the middle of writing the .torrent", .enabled(if: !isSanitized),
    arguments: ["", "--force"])
  func limitedFiles(option: String) throws {
    if !option.isEmpty { try shell.write("mine", to: "x") }
    let before = try shell.list()
    let result = try shell.sh("ulimit -f 1; \"$T\" create a --piece-length 16KiB -o x \(option)")
    #expect(result.code == 4)
    #expect(result.output == "torrentctl: error: x: File too large\n")
    #expect(try shell.list() == before)
    if !option.isEmpty { #expect(try shell.read("x") == Array("mine".utf8)) }
  }

  @Test("D02 a disk that is full when the .torrent is written", .enabled(if: canMount))
  func fullDisk() throws {
    let result = try shell.sh(
      """
      mkdir m && unshare -rm sh -c 'mount -t tmpfs -o size=4k none m && echo mine > m/old &&
        "$T" create a --piece-length 16KiB -o m/new; echo $?
        "$T" create a --piece-length 16KiB -o m/old --force; echo $?; ls -A m; cat m/old'
      """)
    #expect(
      result.output == """
        torrentctl: error: m/new: No space left on device
        4
        torrentctl: error: m/old: No space left on device
        4
        old
        mine

        """)
  }
}
