import Bencode
import Metainfo

/// `torrentctl bencode`.
struct ConvertBencode {
  let arguments: BencodeArguments

  func run(_ console: Console) throws(CommandFailure) -> ExitCode {
    if arguments.task == .encode, console.output.isTerminal {
      throw CommandFailure(
        "standard output: is a terminal, and bencode is not text", hint: "redirect it", code: .usage)
    }
    let bytes: [UInt8]
    do throws(MetainfoError) {
      bytes = try TorrentFile.contents(path: console.path(arguments.file), limit: arguments.maximumSize)
    } catch {
      throw CommandFailure(
        error.description, hint: error.kind == .tooLarge ? "--max-size raises it" : nil,
        code: CommandFailure(error).code)
    }
    switch arguments.task {
    case .encode:
      try console.print(bytes: try encoded(bytes))
    case .decode:
      let document = try document(bytes)
      try BencodeToJSON.convert(document) { (text) throws(CommandFailure) in try console.print(bytes: text) }
      warn(of: document.warnings, console)
    case .check:
      let document = try document(bytes)
      let isCanonical = document.warnings.isEmpty
      if console.manner.json {
        let warnings = JSON.array(document.warnings.map { .string($0.description) })
        try console.print(
          JSON.object([
            .init(name: "canonical", value: .bool(isCanonical)), .init(name: "warnings", value: warnings),
          ]).document)
      } else if !console.isQuiet {
        try console.print(document.warnings.map { "\($0)\n" }.joined())
      }
      return isCanonical ? .done : .no
    }
    return .done
  }

  private func encoded(_ text: [UInt8]) throws(CommandFailure) -> [UInt8] {
    do throws(JSONError) { return try JSONToBencode.encode(text) } catch {
      throw CommandFailure("\(name): \(error)", code: .malformed)
    }
  }

  private func document(_ bytes: [UInt8]) throws(CommandFailure) -> BencodeDocument {
    var limits = BencodeLimits(size: arguments.maximumSize)
    if arguments.task == .check { limits.warnings = .max }
    do throws(BencodeError) { return try BencodeDocument(bytes, limits: limits) } catch {
      throw CommandFailure("\(name): not bencode: \(error)", code: .malformed)
    }
  }

  private func warn(of warnings: [BencodeWarning], _ console: Console) {
    if warnings.isEmpty { return }
    let shown = 10
    for warning in warnings.prefix(shown) { console.warn("\(name): \(warning)") }
    if warnings.count > shown { console.warn("\(name): and more; --check names all") }
    console.warn(
      "\(name): not canonical: --encode gives the canonical form, and refuses a key that occurs twice")
  }

  private var name: String { arguments.file == "-" ? "standard input" : arguments.file }
}
