import Metainfo

/// A pattern that picks files of a torrent, and how it was typed.
struct FileSelector: Sendable {
  let text: String
  let glob: Glob

  /// The patterns of an option that may be repeated.
  static func all(_ option: OptionSpec, of parsed: ParsedArguments) throws(UsageError) -> [FileSelector] {
    var selectors: [FileSelector] = []
    for text in parsed.all(option) {
      do throws(Glob.Malformed) {
        selectors.append(FileSelector(text: text, glob: try Glob(text)))
      } catch {
        throw UsageError(option.name, "'\(text)' \(error)")
      }
    }
    return selectors
  }
}
