import Testing

@testable import torrentctl

@Suite("The switches that stand in every command") struct MannerTests {
  private let shell: Shell

  init() throws {
    shell = try Shell()
    try shell.write([UInt8](repeating: 7, count: 40_000), to: "data/a")
    try shell.write("x", to: "data/.hidden")
    #expect(shell.run("create", "data", "-o", "x.torrent", "-q").code == .done)
  }

  @Test("--color wins over the terminal and over NO_COLOR")
  func colours() throws {
    let escape = "\u{1b}["
    #expect(shell.run("show", "x.torrent", "--color", "always").text.contains(escape))
    #expect(!shell.run("show", "x.torrent", "--color=never", isTerminal: true).text.contains(escape))
    #expect(
      shell.run("verify", "x.torrent", "--color=always", environment: ["NO_COLOR": "1"]).text.contains(escape)
    )
    for (environment, isColoured) in [([:], true), (["NO_COLOR": "1"], false), (["TERM": "dumb"], false)] {
      let page = shell.run("show", "x.torrent", environment: environment, isTerminal: true)
      #expect(page.text.contains(escape) == isColoured, "\(environment)")
    }
    let wrong = shell.run("show", "x.torrent", "--color", "sometimes")
    #expect(wrong.code == .usage)
    #expect(
      wrong.errors == "torrentctl: error: --color: 'sometimes' is not one of auto, always, never\n")
  }

  @Test("F29 error: is red and warning: yellow where there are colours")
  func wordsOfTrouble() throws {
    #expect(shell.run("show", "no.torrent", "--color=always").errors.contains("\u{1b}[31merror:\u{1b}[0m"))
    let made = shell.run("create", "data", "-o", "y.torrent", "--color=always")
    #expect(made.errors.contains("\u{1b}[33mwarning:\u{1b}[0m"), "\(made.errors)")
  }

  @Test("-q leaves errors, and what a command is there to print")
  func quiet() throws {
    for line in [
      ["create", "data", "-fo", "y.torrent"], ["verify", "x.torrent"], ["diff", "x.torrent", "y.torrent"],
      ["edit", "y.torrent", "--comment", "c"],
    ] {
      let result = shell.run(arguments: line + ["-q"])
      #expect(result.text.isEmpty && result.errors.isEmpty, "\(line)")
    }
    #expect(shell.run("magnet", "x.torrent", "-q").text.hasPrefix("magnet:?"))
    #expect(shell.run("show", "x.torrent", "-q").text.contains("data"))
    #expect(shell.run("show", "no.torrent", "-q").errors.contains("error:"))
    #expect(shell.run("show", "x.torrent", "-qv").code == .usage)
  }

  @Test("-v tells what was read, on standard error")
  func verbose() throws {
    for command in ["show", "verify", "magnet"] {
      let (usual, verbose) = (shell.run(command, "x.torrent"), shell.run(command, "x.torrent", "-v"))
      #expect(verbose.text == usual.text, "\(command)")
      #expect(verbose.errors.contains("x.torrent: "), "\(command): \(verbose.errors)")
    }
    #expect(shell.run("create", "data", "-nv").errors.contains("data/a"))
    #expect(shell.run("verify", "x.torrent", "-v").errors.contains("ok: a"))
  }

  @Test("F20 create tells a person how it goes on, and a script what it told before")
  func nextStep() throws {
    let page = shell.run(
      "create", "data", "-o", "y.torrent", environment: ["NO_COLOR": "1"], isTerminal: true)
    #expect(page.text.contains("magnet:?xt=urn:btih:"))
    #expect(page.text.hasSuffix("torrentctl seed y.torrent\n"), "\(page.text)")
    #expect(!shell.run("create", "data", "-fo", "y.torrent").text.contains("magnet:"))
  }

  @Test("F17 Of files of which nothing can be told there is one line")
  func unknownFiles() throws {
    for number in 0..<8 { try shell.write([UInt8](repeating: 1, count: 9000), to: "many/f\(number)") }
    try shell.write("a", to: "many/a")
    #expect(shell.run("create", "many", "-o", "a.torrent", "-q").code == .done)
    try shell.write("ab", to: "many/a")
    #expect(shell.run("create", "many", "-o", "b.torrent", "-q").code == .done)
    let text = shell.run("diff", "a.torrent", "b.torrent").text
    #expect(text.contains("8 files: their pieces hold other bytes as well"), "\(text)")
    #expect(!text.contains("f3") && !text.contains("may differ, 0.0%"), "\(text)")
  }

  @Test("bencode --check has a document, and --encode none")
  func bencodeDocuments() throws {
    try shell.write("d1:bi1e1:ai2ee", to: "odd")
    let document = try shell.run("bencode", "--check", "odd", "--json").json
    #expect(document["canonical"] as? Bool == false)
    #expect((document["warnings"] as? [String])?.count == 1)
    #expect(try shell.run("bencode", "--check", "x.torrent", "--json").json["canonical"] as? Bool == true)
    #expect(shell.run("bencode", "--encode", "odd", "--json").code == .usage)
  }
}
