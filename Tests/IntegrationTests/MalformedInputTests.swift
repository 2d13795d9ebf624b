import Bencode
import Foundation
import TestKit
import Testing

/// Group B of the reliability catalogue through the command: every input once as a file and once as standard input.
@Suite("Malformed input", .timeLimit(.minutes(10)))
struct MalformedInputTests {
  let scratch: ScratchFolder

  init() throws { scratch = try ScratchFolder("malformed") }

  /// A torrent of one file, with these members in front of `info`.
  private func torrent(_ members: [UInt8] = []) -> [UInt8] {
    Array("d".utf8) + members
      + Array("4:infod6:lengthi1e4:name1:a12:piece lengthi16384e6:pieces20:aaaaaaaaaaaaaaaaaaaaee".utf8)
  }

  private func inputs(_ bytes: [[UInt8]]) throws -> InputBatch { try InputBatch(bytes, in: scratch) }

  @Test("B01 what other implementations refuse is refused, and the offset named")
  func refused() async throws {
    let cases = MalformedBencode.shared.filter { $0.limits == BencodeLimits() }
    #expect(cases.count >= 35)
    try await expectRefusals(cases)
  }

  @Test("B06 numbers out of range or written wrongly")
  func numbers() async throws { try await expectRefusals(MalformedBencode.numbers) }

  private func expectRefusals(_ cases: [MalformedBencode]) async throws {
    for answer in try await inputs(cases.map(\.input)).run("show") {
      let malformed = cases[answer.index]
      let reason =
        malformed.input.isEmpty ? "empty file" : "\(BencodeError(malformed.code, at: malformed.offset))"
      answer.expectError("not a torrent: \(reason)")
    }
    for answer in try await inputs(cases.map(\.input)).run("bencode") {
      answer.expectError(
        "not bencode: \(BencodeError(cases[answer.index].code, at: cases[answer.index].offset))")
    }
  }

  @Test("B02 what is sloppy is read, with a warning for each place")
  func sloppy() async throws {
    let cases = SloppyBencode.all
    let documents = cases.map { torrent(Array("1:0".utf8) + $0.input) }
    for answer in try await inputs(documents).run("show") {
      let warning = cases[answer.index].warning
      #expect(answer.code == 0, "\(answer)")
      #expect(answer.output.contains("\(BencodeWarning(warning.code, at: warning.offset + 4))"), "\(answer)")
    }
    for answer in try await inputs(cases.map(\.input)).run("bencode --check") {
      #expect(answer.code == 1 && answer.errors.isEmpty, "\(answer)")
      #expect(answer.output == "\(cases[answer.index].warning)\n")
    }
  }

  @Test("B03 nesting without end is refused at once, and B04 that of dictionaries")
  func nesting() async throws {
    let lists = [20_000, 200_000, 5_000_000].map { [UInt8](repeating: UInt8(ascii: "l"), count: $0) }
    let dictionaries = Array(String(repeating: "d1:a", count: 2000).utf8)
    let documents = lists + lists.map { torrent(Array("1:0".utf8) + $0) } + [dictionaries]
    let offsets = [100, 100, 100, 103, 103, 103, 400]
    for command in ["show", "bencode", "bencode --check"] {
      for answer in try await inputs(documents).run(command) {
        answer.expectError("too many levels of lists and dictionaries at byte \(offsets[answer.index])")
        #expect(answer.seconds < 0.1, "\(answer)")
      }
    }
    for answer in try await inputs([[UInt8](repeating: UInt8(ascii: "["), count: 5_000_000)]).run(
      "bencode --encode")
    {
      answer.expectError("more than 100 levels at line 1, column 101")
      #expect(answer.seconds < 0.1, "\(answer)")
    }
  }

  @Test("B05 three million tokens are refused within 200 MB of memory")
  func tokens() async throws {
    let many = [UInt8(ascii: "l")] + Array(repeatElement([48, 58], count: 3_000_001).joined())
    for command in ["show", "bencode"] {
      // The batch's limit counts address space, which is more than what is resident.
      for answer in try await inputs([many]).run(command) {
        answer.expectError("too many values at byte 5999999")
      }
    }
  }

  @Test("B07 integers at the edge of 64 bits are exact or refused")
  func integers() async throws {
    let values = [
      "-0", "00", "-9223372036854775808", "9223372036854775807", "9223372036854775808",
      "-99999999999999999999",
    ]
    let shown = [
      "0", "0", #"{"$integer": "-9223372036854775808"}"#, #"{"$integer": "9223372036854775807"}"#,
      #"{"$integer": "9223372036854775808"}"#, #"{"$integer": "-99999999999999999999"}"#,
    ]
    let documents = values.map { Array("i\($0)e".utf8) }
    for answer in try await inputs(documents).run("bencode") {
      #expect(answer.code == 0 && answer.output == shown[answer.index] + "\n", "\(answer)")
    }
    let dates = documents.map { torrent(Array("13:creation date".utf8) + $0) }
    let lengths = values.map {
      Array("d4:infod6:lengthi\($0)e4:name1:a12:piece lengthi\($0)e6:pieces0:ee".utf8)
    }
    for answer in try await inputs(dates + lengths).run("show") {
      #expect(answer.code == 0 || answer.code == 3, "\(answer)")
    }
    let digits = [UInt8](repeating: UInt8(ascii: "9"), count: 9_999_998)
    let endless = [[UInt8(ascii: "i")] + digits + [UInt8(ascii: "e")], digits + [UInt8(ascii: ":")]]
    for answer in try await inputs(endless).run("show") {
      answer.expectError("number out of range at byte \(answer.index == 0 ? 21 : 18)")
    }
  }

  @Test("B08 a torrent that is cut short anywhere is refused")
  func prefixes() async throws {
    let whole = torrent(Array("8:announce18:http://t.example/a7:comment3:abc1:dl1:xi-5ee".utf8))
    for answer in try await inputs(whole.indices.map { Array(whole[..<$0]) }).run("show") {
      answer.expectError("not a torrent: ")
    }
  }

  /// One bit of every byte; the parser's own test flips all of them.
  @Test("B09 a torrent with a flipped bit loads or is refused")
  func flips() async throws {
    let whole = torrent(Array("8:announce18:http://t.example/a4:flag".utf8) + Array("i1e".utf8))
    let flipped = whole.indices.map { index in
      var bytes = whole
      bytes[index] ^= 1 << (index % 8)
      return bytes
    }
    var loaded = 0
    for answer in try await inputs(flipped).run("show") {
      if answer.code == 0 { loaded += 1 } else { answer.expectError("error: ") }
    }
    #expect(loaded > whole.count / 4)
  }

  @Test("B10 bytes after the end are reported and left out", arguments: ["x", "\n", "d4:infodee"])
  func trailing(bytes: String) async throws {
    let whole = torrent()
    let place = "bytes after the end at byte \(whole.count)"
    for answer in try await inputs([whole + Array(bytes.utf8)]).run("show") {
      #expect(answer.code == 0 && answer.output.contains(place), "\(answer)")
    }
    for answer in try await inputs([whole + Array(bytes.utf8)]).run("bencode") {
      #expect(answer.code == 0 && answer.errors.contains(place), "\(answer)")
    }
  }

  @Test("B11 what is no small regular file is refused without waiting", arguments: ["show", "bencode"])
  func unreadable(command: String) async throws {
    let path = scratch.path
    try TestFile.write([UInt8](repeating: 48, count: 10_000_001), to: path + "/large")
    try TestFile.write([], to: path + "/empty")
    try #require(mkfifo(path + "/fifo", 0o600) == 0)
    let unreadable: String
    if geteuid() == 0 {
      // No mode keeps root out of a file, but this one can't be read by anybody.
      unreadable = "/proc/sys/vm/compact_memory"
    } else {
      unreadable = path + "/secret"
      try TestFile.write([], to: unreadable)
      try #require(chmod(unreadable, 0) == 0)
    }
    let cases: [(arguments: String, code: Int32, reason: String)] = [
      ("large", 3, "10000001 bytes, the limit is 10000000"), ("- < large", 3, "more than 10000000 bytes"),
      ("/dev/zero", 4, "not a regular file"), ("- < /dev/zero", 3, "more than 10000000 bytes"),
      ("fifo", 4, "not a regular file"), (".", 4, "is a directory"), ("- < .", 4, "Is a directory"),
      ("empty", 3, command == "show" ? "empty file" : "unexpected end at byte 0"),
      ("- < /dev/null", 3, command == "show" ? "empty file" : "unexpected end at byte 0"),
      ("/dev/null", 4, "not a regular file"), ("none", 4, "No such file or directory"),
      ("empty/x", 4, "Not a directory"), (unreadable, 4, "Permission denied"),
    ]
    for (arguments, code, reason) in cases {
      let child = try ProcessChild(
        "case", ["sh", "-c", "exec \"$0\" \(command) \(arguments)", Torrentctl.path], folder: path)
      #expect(try await child.exit(within: .seconds(20)) == code, "\(arguments)")
      #expect(child.output == "", "\(arguments)")
      #expect(
        child.errors.hasPrefix("torrentctl: error: ") && child.errors.contains(reason), "\(child.report())")
      #expect(child.errors.filter { $0 == "\n" }.count == 1, "\(child.report())")
    }
  }

  @Test("B12 the slowest documents take less than a second for a megabyte, there and back")
  func slowest() async throws {
    let size = 300_000
    func fill(_ open: String, _ element: (Int) -> String) -> [UInt8] {
      var bytes = Array(open.utf8)
      var number = 0
      while bytes.count < size {
        bytes += element(number).utf8
        number += 1
      }
      return bytes + [UInt8(ascii: "e")]
    }
    let deep = String(repeating: "l", count: 99) + String(repeating: "e", count: 99)
    let documents = [
      fill("l") { _ in "0:" }, fill("l") { _ in "i-1e" }, fill("l") { _ in deep },
      fill("d") { "7:\(9_999_999 - $0)0:" },
      Array("\(size):".utf8) + [UInt8](repeating: 1, count: size),
      Array("\(size):".utf8) + [UInt8](repeating: 255, count: size),
    ]
    // A build without optimisation is given ten times as long.
    let limit = ProcessInfo.processInfo.environment["TORRENTCTL"] == nil ? 3 : 0.3
    for answer in try await inputs(documents).run("bencode") {
      #expect(answer.code == 0 && answer.seconds < limit, "\(answer.index): \(answer.seconds) s")
    }
  }

  @Test("a reader that leaves early ends the command without a word")
  func earlyEnd() async throws {
    try TestFile.write(
      Array("l".utf8) + Array(repeatElement(Array("i1e".utf8), count: 500_000).joined()) + [101],
      to: scratch.path + "/long")
    let child = try ProcessChild(
      "pipe", ["bash", "-c", "\"$0\" bencode long | head -n 2; echo ${PIPESTATUS[0]}", Torrentctl.path],
      folder: scratch.path)
    #expect(try await child.exit(within: .seconds(20)) == 0)
    #expect(child.output == "[\n  1,\n4\n")
    #expect(child.errors == "")
  }
}
