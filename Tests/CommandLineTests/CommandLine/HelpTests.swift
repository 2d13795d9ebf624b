import Testing

@testable import torrentctl

@Suite struct HelpTests {
  @Test func everyHelpFitsATerminalAndHasAnExample() {
    let texts = CommandSpec.all.map(HelpText.text) + [HelpText.overview()]
    for text in texts {
      #expect(text.hasSuffix("\n") && !text.hasSuffix("\n\n"))
      #expect(text.contains("Usage: torrentctl "))
      #expect(text.contains("Example"))
      for line in text.split(separator: "\n") {
        #expect(line.count <= HelpText.width, "\(line)")
        #expect(line.last != " ", "\(line)")
      }
    }
  }

  @Test func everyOptionIsShownOnce() {
    for spec in CommandSpec.all {
      let text = HelpText.text(spec)
      for option in spec.allOptions {
        let lines = text.split(separator: "\n").filter {
          $0.drop { $0 == " " }.hasPrefix(option.synopsis.drop { $0 == " " })
        }
        #expect(lines.count == 1, "\(spec.name) \(option.name)")
      }
      #expect(Set(spec.allOptions.map(\.long)).count == spec.allOptions.count)
      let letters = spec.allOptions.compactMap(\.short)
      #expect(Set(letters).count == letters.count)
    }
  }

  @Test("F22 The same four switches stand in every command that has a report")
  func everyCommandHasTheSameSwitches() throws {
    for spec in CommandSpec.all where spec.hasReport {
      let own = spec.allOptions
      #expect(
        Manner.options.allSatisfy { switch_ in own.contains { $0.name == switch_.name } }, "\(spec.name)")
    }
    #expect(CommandSpec.all.filter { !$0.hasReport }.map(\.name) == ["completions", "man"])
  }

  @Test("F24 A letter means one thing in all commands")
  func aLetterMeansOneThing() {
    var meanings: [Character: String] = [:]
    for option in CommandSpec.all.flatMap(\.allOptions) {
      guard let short = option.short else { continue }
      #expect(meanings.updateValue(option.long, forKey: short) ?? option.long == option.long, "-\(short)")
    }
  }

  /// What help shows as an example has to be a line that the parser takes.
  @Test func everyExampleParses() throws {
    for spec in CommandSpec.all {
      #expect(!spec.examples.isEmpty)
      for example in spec.examples {
        // In a pipe it is one command of several, and what follows > is the shell's.
        let commands = example.line.split(separator: " ").map(String.init).split(separator: "|")
        let words = try #require(commands.first { $0.first == "torrentctl" }).prefix { $0 != ">" }
        _ = try Request(Array(words.dropFirst())) { _ in nil }
      }
    }
  }

  @Test func aTableWrapsItsSecondColumn() {
    let text = HelpText.table([("-x", "one"), ("--a-name-that-is-too-long-for-it VALUE", "two words")])
    #expect(
      text == """
          -x                          one
          --a-name-that-is-too-long-for-it VALUE
                                      two words

        """)
  }
}
