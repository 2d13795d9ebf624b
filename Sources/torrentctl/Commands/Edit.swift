import Metainfo

/// `torrentctl edit`.
struct Edit {
  let arguments: EditArguments

  func run(_ console: Console) throws(CommandFailure) -> ExitCode {
    if arguments.output == "-", !arguments.isDryRun, console.output.isTerminal {
      throw CommandFailure(
        "standard output: is a terminal, and a .torrent is not text", hint: "redirect it, or give -o a file",
        code: .usage)
    }
    var worst = ExitCode.done
    var entries: [JSON] = []
    for file in arguments.files {
      do throws(CommandFailure) {
        let description = EditDescription(
          path: file, output: arguments.output, edited: try edit(file, console), isDryRun: arguments.isDryRun)
        entries.append(description.json)
        if !console.manner.json, !console.isQuiet { try tell(description, console) }
      } catch {
        // One that can't be changed doesn't keep the others from it.
        guard arguments.files.count > 1, !error.isSilent else { throw error }
        console.complain(error)
        entries.append(EditDescription.json(file, error))
        if error.code.rawValue > worst.rawValue { worst = error.code }
      }
    }
    if console.manner.json {
      try console.print(JSON.object([.init(name: "torrents", value: .array(entries))]).document)
    }
    return worst
  }

  private func edit(_ file: String, _ console: Console) throws(CommandFailure) -> EditedTorrent {
    let edited: EditedFile
    do throws(MetainfoError) {
      edited = try EditedFile(path: console.path(file), changes: arguments.changes, limits: arguments.limits)
    } catch {
      throw CommandFailure(error)
    }
    if arguments.isDryRun { return edited.edited }
    do throws(AuthorError) {
      switch arguments.output {
      case nil: try edited.replace()
      case "-": break
      case .some(let output):
        try AtomicFile(console.path(output), overwrites: arguments.overwrites).write(edited.edited.bytes)
      }
    } catch {
      throw CommandFailure(error)
    }
    if arguments.output == "-" { try console.print(bytes: edited.edited.bytes) }
    return edited.edited
  }

  /// The .torrent itself has standard output to itself.
  private func tell(_ description: EditDescription, _ console: Console) throws(CommandFailure) {
    let isElsewhere = arguments.output == "-" && !arguments.isDryRun
    let text = description.text(
      Emphasis(isEnabled: console.colours(isElsewhere ? console.errors : console.output)))
    if isElsewhere { try? console.errors.write(text) } else { try console.print(text) }
  }
}
