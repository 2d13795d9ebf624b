import Testing

@testable import torrentctl

/// Reads a line as a shell would split it on spaces.
private func invoke(_ line: String, environment: [String: String] = [:]) throws(UsageError) -> Invocation {
  try Request(line.split(separator: " ").map(String.init)) { environment[$0] }.invocation
}

private func usageError(_ words: [String], environment: [String: String] = [:]) -> UsageError? {
  do throws(UsageError) {
    _ = try Request(words) { environment[$0] }
    return nil
  } catch {
    return error
  }
}

private func create(_ line: String, environment: [String: String] = [:]) throws -> CreateArguments {
  guard case .create(let arguments) = try invoke("create " + line, environment: environment) else {
    throw Mismatch()
  }
  return arguments
}

private func download(_ line: String, environment: [String: String] = [:]) throws -> DownloadArguments {
  guard case .download(let arguments) = try invoke("download " + line, environment: environment) else {
    throw Mismatch()
  }
  return arguments
}

private struct Mismatch: Error {}

@Suite struct InvocationTests {
  @Test func optionsAndOperandsMix() throws {
    for line in [
      "data -o x.torrent", "-o x.torrent data", "-ox.torrent data", "data --output=x.torrent",
      "--output x.torrent -- data", "-o=x.torrent data",
    ] {
      let arguments = try create(line)
      #expect(arguments.path == "data", "\(line)")
      #expect(arguments.output == "x.torrent", "\(line)")
    }
  }

  @Test func shortOptionsCombine() throws {
    let arguments = try create("-fo - data")
    #expect(arguments.overwrites)
    #expect(arguments.output == "-")
    let transfer = try download("-qfo dest x.torrent")
    #expect(transfer.overwrites)
    #expect(transfer.directory == "dest")
  }

  @Test func twoDashesEndOptions() throws {
    #expect(try create("-- --force").path == "--force")
    #expect(try create("-f --name x -- -").path == "-")
    #expect(usageError(["create", "--", "a", "b"])?.subject == "b")
  }

  @Test func theLastOfTwoValuesCounts() throws {
    #expect(try create("--name a --name b data").name == "b")
  }

  @Test func anEmptyValueBehindAnEqualsSignIsAValue() throws {
    #expect(try create("--comment= data").comment == "")
    #expect(usageError(["create", "data", "--output="])?.subject == "--output")
    #expect(usageError(["create", "data", "--name="])?.subject == "--name")
  }

  @Test func defaultsOfCreate() throws {
    let arguments = try create("data")
    #expect(arguments.output == nil)
    #expect(arguments.name == nil)
    #expect(arguments.pieceLength == nil)
    #expect(arguments.announce.isEmpty)
    #expect(arguments.createdBy == "torrentctl 0.1.0")
    #expect(arguments.date == .now)
    #expect(!arguments.overwrites && !arguments.isPrivate)
  }

  @Test func announceMakesTiers() throws {
    let arguments = try create("data -a http://a/announce,http://b/announce --announce http://c/announce")
    #expect(arguments.announce == [["http://a/announce", "http://b/announce"], ["http://c/announce"]])
    #expect(usageError(["create", "data", "-a", "tracker.example"])?.subject == "--announce")
  }

  @Test func theCreationDateHasSeveralSources() throws {
    let epoch = ["SOURCE_DATE_EPOCH": "1700000000"]
    #expect(try create("data", environment: epoch).date == .at(Timestamp(seconds: 1_700_000_000)))
    #expect(try create("data --no-date", environment: epoch).date == .none)
    #expect(try create("data --date 1970-01-02", environment: epoch).date == .at(Timestamp(seconds: 86_400)))
    #expect(try create("data", environment: ["SOURCE_DATE_EPOCH": ""]).date == .now)
    #expect(
      usageError(["create", "d"], environment: ["SOURCE_DATE_EPOCH": "x"])?.subject == "SOURCE_DATE_EPOCH")
    #expect(usageError(["create", "d", "--date", "2020-01-01", "--no-date"]) != nil)
  }

  @Test func pieceLengthsThatOtherClientsTake() throws {
    #expect(try create("--piece-length 256KiB data").pieceLength == 262_144)
    for bad in ["0", "1", "16383", "100000", "8KiB", "2GiB", "-1", "x", ""] {
      #expect(usageError(["create", "--piece-length=\(bad)", "data"])?.subject == "--piece-length", "\(bad)")
    }
  }

  @Test func theEnvironmentStandsInForOptions() throws {
    let environment = ["MAX_WORKERS": "3", "TORRENTCTL_BIND": "127.0.0.1"]
    let arguments = try download("x.torrent", environment: environment)
    #expect(arguments.maxWorkers == 3)
    #expect(arguments.transfer.bind?.isIPv4 == true)
    #expect(try download("--max-workers 5 x.torrent", environment: environment).maxWorkers == 5)
    #expect(usageError(["download", "x"], environment: ["MAX_WORKERS": "many"])?.subject == "MAX_WORKERS")
    #expect(
      usageError(["seed", "x"], environment: ["TORRENTCTL_BIND": "here"])?.subject == "TORRENTCTL_BIND")
  }

  @Test func optionsOfATransfer() throws {
    let arguments = try download(
      "x.torrent --port 0 --peer 127.0.0.1:6881 --peer [::1]:7000 --no-lsd --upload-limit 500KiB "
        + "--download-limit 2MiB/s --upload-slots 4 --max-peers 30 --log l --events --sequential --seed --timeout 5m"
    )
    #expect(arguments.transfer.port == 0)
    #expect(arguments.transfer.peers.map(\.host) == ["127.0.0.1", "::1"])
    #expect(arguments.transfer.peers.map(\.port) == [6881, 7000])
    #expect(!arguments.transfer.usesLocalDiscovery)
    #expect(arguments.transfer.uploadLimit == 512_000)
    #expect(arguments.transfer.downloadLimit == 2_097_152)
    #expect(arguments.transfer.uploadSlots == 4)
    #expect(arguments.transfer.maxPeers == 30)
    #expect(arguments.transfer.log == "l")
    #expect(arguments.transfer.events && arguments.sequential && arguments.seeds)
    #expect(arguments.timeout?.milliseconds == 300_000)
    #expect(arguments.directory == ".")
  }

  @Test func selectTakesPatterns() throws {
    #expect(try download("x.torrent").selection.isEmpty)
    let arguments = try download("x.torrent --select *.txt --select=docs/**")
    #expect(arguments.selection.map(\.text) == ["*.txt", "docs/**"])
    for (bad, reason) in [
      ("[a", "'[a' has a '[' without its ']'; write \\[ for the character"), ("", "'' is empty"),
      ("../a", "'../a' has '.' or '..' as a name, and no torrent has"),
    ] {
      let error = usageError(["download", "x", "--select=\(bad)"])
      #expect(error == UsageError("--select", reason), "\(bad)")
    }
    #expect(usageError(["seed", "x", "--select", "a"])?.subject == "--select")
  }

  @Test func seedTakesSeveralTorrents() throws {
    guard
      case .seed(let arguments) = try invoke("seed a.torrent b.torrent --until-ratio 1.5 --until-idle 90s")
    else {
      Issue.record("not a seed")
      return
    }
    #expect(arguments.files == ["a.torrent", "b.torrent"])
    #expect(arguments.untilRatio == 1.5)
    #expect(arguments.untilIdle?.milliseconds == 90_000)
  }

  @Test func helpAndVersion() throws {
    for line in ["--version", "version", "-V"] {
      guard case .version = try invoke(line) else { return #expect(Bool(false)) }
    }
    for line in ["-h", "--help", "help"] {
      guard case .help(nil) = try invoke(line) else { return #expect(Bool(false)) }
    }
    for spec in CommandSpec.all {
      for line in [
        "help \(spec.name)", "\(spec.name) -h", "\(spec.name) --help", "\(spec.name) x y z --help",
      ] {
        guard case .help(let shown?) = try invoke(line) else { return #expect(Bool(false)) }
        #expect(shown.name == spec.name)
      }
    }
  }

  @Test(
    arguments: [
      (["create", "-dry-rn", "x"], "did you mean --dry-run?"),
      (["create", "-privat", "x"], "did you mean --private?"),
      (["verify", "x.torrent", "data"], "the content goes behind --content"),
      (["info", "x"], "did you mean 'show'?"), (["check", "x"], "did you mean 'verify'?"),
      (["x.torrent"], "did you mean 'torrentctl download x.torrent', or show?"),
      (["help", "info"], "did you mean 'show'?"),
      (["download", "-d", "x", "y"], "did you mean --output?"),
      (["verify", "-d", "x", "y"], "did you mean --content?"),
      (["create", "x", "-t", "u"], "did you mean --announce?"),
      (["edit", "x", "--tracker", "u"], "did you mean --announce?"),
      (["create", "x", "-p"], "did you mean --private?"),
      (["download", "x", "--exclude", "y"], "did you mean --select?"),
      (["download", "x", "--max-download-limit=1M"], "did you mean --download-limit?"),
      (["show", "-t", "x"], "see 'torrentctl show --help'"),
      (["creat", "x"], "did you mean 'create'?"), (["downlaod"], "did you mean 'download'?"),
      (["--versoin"], "did you mean --version?"), (["frobnicate"], "see 'torrentctl --help'"),
      (["--json", "show"], "options stand behind the command"),
      (["create", "--piece-lenght", "1", "x"], "did you mean --piece-length?"),
      (["create", "--force=1", "x"], nil), (["create", "--outptu=x", "x"], "did you mean --output?"),
      (["show", "-z", "x"], "see 'torrentctl show --help'"),
      (["show", "-json", "x"], "did you mean --json?"),
      (["create", "-o", "--force", "x"], "if that is the value, write --output=--force"),
      (["create", "x", "-o"], nil), (["create", "x", "--name"], nil),
      (["download", "x", "--timeout", "0s"], nil),
      (["create"], "see 'torrentctl create --help'"), (["show", "a", "b"], "'show' takes one at a time"),
      ([], "see 'torrentctl --help'"), ([""], "see 'torrentctl --help'"), (["-"], "see 'torrentctl --help'"),
      (["show", ""], nil), (["--"], "options stand behind the command"),
      (["download", "x", "--port", "65536"], nil), (["download", "x", "--max-workers", "0"], nil),
      (["download", "x", "--peer", "localhost"], nil), (["seed", "x", "--upload-limit", "fast"], nil),
      (["create", "x", "-o", "-", "--json"], nil), (["create", "x", "--name", "a/b"], nil),
    ] as [([String], String?)])
  func refused(_ words: [String], hint: String?) {
    let error = usageError(words)
    #expect(error != nil, "\(words)")
    #expect(error?.hint == hint, "\(words)")
  }

  @Test("What a hint names is there, and is not what was typed")
  func hintsAreTrue() {
    for (word, command) in OtherPrograms.commands {
      #expect(
        CommandSpec.all.contains { $0.name == command } && !CommandSpec.all.contains { $0.name == word },
        "\(word)")
    }
  }

  @Test func onlyWhatWorksIsThere() {
    for absent in ["no-dht", "no-pex"] {
      #expect(!CommandSpec.all.contains { $0.allOptions.contains { $0.long == absent } })
    }
  }
}
