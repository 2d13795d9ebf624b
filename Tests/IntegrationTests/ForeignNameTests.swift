import Foundation
import TestKit
import Testing

/// Words of a command line that are not UTF-8: names are bytes to the system, and text is not.
@Suite("Names that are not UTF-8") struct ForeignNameTests {
  /// Runs a script in a folder of its own, `t` being the command.
  private func script(_ text: String) async throws -> (code: Int32, output: String, errors: String) {
    let scratch = try ScratchFolder("foreign")
    let head = """
      t() { "\(Torrentctl.path)" "$@"; }
      e=$(printf '\\351')
      mkdir data; printf hello >data/a

      """
    let child = try ProcessChild("script", ["sh", "-c", head + text], folder: scratch.path)
    let code = try await child.exit(within: .seconds(60))
    return (code, child.output, child.errors)
  }

  @Test("a file of such a name is written, read, edited and verified under that name")
  func files() async throws {
    let run = try await script(
      """
      set -e
      t create data -q -o "out$e.torrent"
      t show --json "out$e.torrent" >/dev/null
      t edit "out$e.torrent" --comment x -o "new$e.torrent"
      mv data "d$e"; t verify -q --content "d$e" "new$e.torrent"
      mkdir "dest$e"; cp -r "d$e" "dest$e/data"
      t download -q --no-lsd --timeout 5 -o "dest$e" "new$e.torrent"
      ls | LC_ALL=C od -An -c | tr -d ' \\n'
      """)
    #expect(run.code == 0, "\(run)")
    #expect(run.output.contains("out351.torrent") && run.output.contains("new351.torrent"), "\(run)")
    #expect(!run.output.contains("357277275"), "nothing was repaired: \(run)")
  }

  @Test("text that is not UTF-8 is a mistake", arguments: ["--comment", "--name", "--source", "--announce"])
  func text(option: String) async throws {
    let run = try await script(
      "t create data -q -o x.torrent \(option) \"caf$e\"; code=$?; ls x.torrent; exit $code")
    #expect(run.code == 2)
    #expect(run.output.isEmpty)
    #expect(run.errors.contains("\(option): 'caf\\xE9' is not UTF-8"), "\(run)")
  }

  @Test("create names what a torrent can't hold, and it can be left out")
  func content() async throws {
    let run = try await script(
      """
      : >"data/caf$e.txt"; : >"data/.caf$e"
      t create data -o x.torrent; echo "$?"
      t create data -q -o x.torrent --exclude 'caf*'; echo "$?"
      t create data -q -o y.torrent --exclude "*$e.txt"; echo "$?"
      mkdir "n$e"; : >"n$e/a"
      t create "n$e" -o z.torrent; echo "$?"
      """)
    #expect(run.output.split(separator: "\n").filter { $0.count == 1 } == ["4", "0", "0", "2"], "\(run)")
    #expect(
      run.errors.contains("data/caf\\xE9.txt: a name that is not UTF-8, which a torrent can't hold"), "\(run)"
    )
    #expect(run.errors.contains("n\\xE9: its name is not UTF-8; another must be given"), "\(run)")
  }
}
