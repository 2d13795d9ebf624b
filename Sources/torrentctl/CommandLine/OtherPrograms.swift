/// What other programs call what is here under another name: for hints, never as a second name.
///
/// From aria2, curl, intermodal, libtorrent's examples, mkbrr, mktorrent, rqbit, torf, Transmission, webtorrent and wget.
enum OtherPrograms {
  /// The command that a word means elsewhere.
  static let commands: [String: String] = [
    "add": "download", "fetch": "download", "get": "download", "leech": "download", "pull": "download",
    "start": "download",
    "build": "create", "make": "create", "new": "create",
    "check": "verify", "test": "verify",
    "compare": "diff",
    "decode": "bencode",
    "dump": "show", "info": "show", "inspect": "show", "list": "show", "ls": "show", "print": "show",
    "stats": "show", "view": "show",
    "link": "magnet", "uri": "magnet",
    "modify": "edit", "set": "edit", "update": "edit",
    "serve": "seed", "share": "seed", "upload": "seed",
  ]

  /// The options that one means elsewhere, as it is typed there: the first that a command has is meant.
  private static let options: [String: [String]] = [
    "--tracker": ["announce"],
    "-t": ["announce"], "--trackers": ["announce"],
    "-c": ["comment", "content"],
    "--path": ["content", "output"],
    "-i": ["content"], "--check-files": ["content"], "--data": ["content"], "--input": ["content"],
    "--limit": ["download-limit"], "--limit-rate": ["download-limit"],
    "--max-download-limit": ["download-limit"], "--max-overall-download-limit": ["download-limit"],
    "-x": ["exclude"],
    "--overwrite": ["force"], "--yes": ["force"],
    "--max-connections": ["max-peers"],
    "-d": ["output", "content"], "--dir": ["output", "content"], "--directory": ["output", "content"],
    "-O": ["output"], "--destination": ["output"], "--download-dir": ["output"], "--out": ["output"],
    "--out-dir": ["output"], "--output-dir": ["output"], "--output-folder": ["output"],
    "--save-path": ["output"],
    "-L": ["piece-length", "download-limit"], "-l": ["piece-length", "download-limit"],
    "--piece-size": ["piece-length"],
    "--listen-port": ["port"],
    "-p": ["private", "peer"],
    "--exclude": ["select"], "--include": ["select"], "--select-file": ["select"],
    "-s": ["source"],
    "--seed-time": ["until-idle"],
    "--ratio": ["until-ratio"], "--seed-ratio": ["until-ratio"],
    "-u": ["upload-limit"], "--max-overall-upload-limit": ["upload-limit"],
    "--max-upload-limit": ["upload-limit"],
    "-w": ["web-seed", "output"],
    "--webseed": ["web-seed"],
  ]

  /// The option of this command that is meant by one that it doesn't have.
  static func option(_ typed: String, of spec: CommandSpec) -> OptionSpec? {
    options[typed]?.lazy.compactMap { long in spec.options.first { $0.long == long } }.first
  }
}
