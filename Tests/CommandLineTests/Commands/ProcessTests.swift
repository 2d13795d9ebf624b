import Foundation
import Testing

@testable import torrentctl

/// What only a process of its own can show: signals, closed descriptors, exit codes.
@Suite struct ProcessTests {
  let shell: Shell

  init() throws {
    shell = try Shell()
    try shell.write([UInt8](repeating: 1, count: 50_000), to: "data/a")
    #expect(shell.run("create", "data", "-o", "x.torrent").code == .done)
  }

  private func sh(_ line: String) throws -> (code: Int32, output: String) { try shell.sh(line) }

  /// Runs a command for at most 20 seconds and has it print the number of its process first. Signals go there: `timeout`
  /// dies of one, and passes nothing on, that comes before it has noted the number of its own child.
  private let timed = """
    timeout 20 sh -c 'echo $$; exec "$0" "$@"' "$T"
    """

  /// Starts a seed, waits until it reports that it seeds, and then does `then` with the number of its process in `$S` and
  /// that of what waits for it in `$P`.
  private func seeding(_ then: String) throws -> (code: Int32, output: String) {
    try sh(
      """
      mkfifo events
      \(timed) seed x.torrent --events --bind 127.0.0.1 --port 0 --no-lsd > events & P=$!
      exec 3< events
      read -r S <&3
      while read -r line <&3; do case "$line" in *verified*) break;; esac; done
      \(then)
      """)
  }

  @Test("K08 an interruption ends a seed cleanly", arguments: ["INT", "TERM", "HUP"])
  func interrupted(_ signal: String) throws {
    let result = try seeding("kill -\(signal) $S; cat <&3 > /dev/null; wait $P")
    #expect(result.code == 130, "\(result.output)")
    #expect(!result.output.contains("error"))
  }

  @Test("K08 a reader of events that goes away ends a seed")
  func readerGone() throws {
    let result = try seeding("exec 3<&-; wait $P")
    #expect(result.code == 4, "\(result.output)")
    #expect(!result.output.contains("error"))
  }

  @Test func seedAndDownloadFindEachOtherByAddress() throws {
    let result = try sh(
      """
      mkfifo events
      \(timed) seed x.torrent --events --bind 127.0.0.1 --port 0 --no-lsd > events & P=$!
      exec 3< events
      read -r S <&3
      read -r line <&3
      port=${line##*\\"port\\":}; port=${port%\\}}
      timeout 20 "$T" download -o dest x.torrent --bind 127.0.0.1 --port 0 --no-lsd --peer 127.0.0.1:$port
      code=$?
      kill $S; cat <&3 > /dev/null; wait $P
      cmp data/a dest/data/a && exit $code
      """)
    #expect(result.code == 0, "\(result.output)")
    #expect(result.output.contains("dest/data: complete: 48.8 KiB"))
  }

  @Test func aDownloadOfSomeFiles() throws {
    try shell.write([UInt8](repeating: 3, count: 70_000), to: "data/docs/b.txt")
    try shell.write([], to: "data/docs/empty")
    #expect(shell.run("create", "data", "-o", "y.torrent").code == .done)
    let result = try sh(
      """
      mkfifo events
      \(timed) seed y.torrent --events --bind 127.0.0.1 --port 0 --no-lsd > events & P=$!
      exec 3< events
      read -r S <&3
      read -r line <&3
      port=${line##*\\"port\\":}; port=${port%\\}}
      fetch() {
        timeout 20 "$T" download -o dest y.torrent "$@" --bind 127.0.0.1 --port 0 --no-lsd --peer 127.0.0.1:$port
        echo "code $?"
      }
      fetch --select '*.txt' --select nothing
      (cd dest/data && find . -type f | sort)
      fetch --select 'docs/*.txt'
      fetch
      kill $S; cat <&3 > /dev/null; wait $P
      diff -r data dest/data && echo same
      """)
    let lines = result.output.split(separator: "\n").map(String.init)
    try #require(lines.count == 12, "\(result.output)")
    #expect(lines[0] == "torrentctl: warning: --select: no file of 'data' matches 'nothing'")
    #expect(lines[1].hasPrefix("dest/data: complete: "))
    #expect(lines[2] == "code 0")
    #expect(lines[3...4] == ["./a.part", "./docs/b.txt"], "\(result.output)")
    #expect(lines[5] == "dest/data: 5 of 8 pieces are there already", "\(result.output)")
    #expect(lines[6].hasPrefix("dest/data: already complete: "), "\(result.output)")
    #expect(lines[7] == "code 0" && lines[10] == "code 0" && lines[11] == "same", "\(result.output)")
  }

  @Test func aSeedWhoseContentDiffers() throws {
    try shell.write([UInt8](repeating: 2, count: 50_000), to: "data/a")
    let result = try sh(
      "timeout 20 \"$T\" seed x.torrent --bind 127.0.0.1 --port 0 --no-lsd 2>&1 | grep error; exit 0")
    #expect(result.output.hasPrefix("torrentctl: error: "))
    #expect(result.output.contains("content does not match"))
    #expect(try sh("timeout 20 \"$T\" seed x.torrent -q --bind 127.0.0.1 --port 0 --no-lsd").code == 1)
  }

  @Test func aDownloadThatNobodySeeds() throws {
    let result = try sh(
      "timeout 20 \"$T\" download -q -o dest x.torrent --bind 127.0.0.1 --port 0 --no-lsd --timeout 300ms")
    #expect(result.code == 5)
    #expect(result.output.hasPrefix("torrentctl: error: data: no progress"))
  }

  @Test func aFailureIsTheLastEvent() throws {
    for line in [
      "download none.torrent", "download x.torrent -o dest --port 0 --bind 127.0.0.1 --timeout 100ms",
    ] {
      let result = try sh("timeout 20 \"$T\" \(line) --no-lsd --events 2>/dev/null")
      let last = try #require(result.output.split(separator: "\n").last)
      let row = try JSONSerialization.jsonObject(with: Data(last.utf8)) as? [String: Any]
      #expect(row?["event"] as? String == "error")
      #expect(row?["time"] is Double)
      #expect(row?["exitCode"] as? Int == Int(result.code))
    }
  }

  @Test func aPortThatIsTaken() throws {
    let result = try sh(
      """
      mkfifo events
      \(timed) seed x.torrent --events --bind 127.0.0.1 --port 0 --no-lsd > events & P=$!
      exec 3< events
      read -r S <&3
      read -r line <&3
      port=${line##*\\"port\\":}; port=${port%\\}}
      timeout 20 "$T" seed -q x.torrent --bind 127.0.0.1 --no-lsd --port $port
      code=$?
      kill $S; cat <&3 > /dev/null; wait $P
      exit $code
      """)
    #expect(result.code == 5)
    #expect(result.output.contains("Address already in use"))
  }

  @Test func standardOutputThatIsClosedOrFull() throws {
    for line in [
      "\"$T\" show x.torrent >&-", "\"$T\" show x.torrent > /dev/full", "\"$T\" create -f -o - data >&-",
    ] {
      let result = try sh(line)
      #expect(result.code == 4, "\(line)")
      #expect(result.output.contains("torrentctl: error: standard output: "))
    }
    // Nothing may be taken for the descriptor that is closed.
    let before = try shell.read("x.torrent")
    _ = try sh("\"$T\" create -f -o x2.torrent data >&- 2>&-")
    #expect(try shell.read("x.torrent") == before)
    #expect(try sh("\"$T\" show x2.torrent > /dev/null").code == 0)
  }

  @Test func aReaderThatLeavesEarlyHearsNoComplaint() throws {
    let result = try sh("\"$T\" --help | head -n 1")
    #expect(result.output == "Make, inspect and share torrents.\n")
  }
}
