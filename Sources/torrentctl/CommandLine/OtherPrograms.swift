/// What other programs call what is here under another name: for hints, never as a second name.
///
/// From aria2, curl, intermodal, libtorrent's examples, mkbrr, mktorrent, rqbit, torf, Transmission, webtorrent and wget.
enum OtherPrograms {
  /// The command that a word means elsewhere.
  static let commands: [String: String] = [
    "add": "download", "build": "create", "check": "verify", "compare": "diff", "decode": "bencode",
    "dump": "show",
    "fetch": "download", "get": "download", "info": "show", "inspect": "show", "leech": "download",
    "link": "magnet",
    "list": "show", "ls": "show", "make": "create", "modify": "edit", "new": "create", "print": "show",
    "pull": "download",
    "serve": "seed", "set": "edit", "share": "seed", "start": "download", "stats": "show", "test": "verify",
    "update": "edit", "upload": "seed", "uri": "magnet", "view": "show",
  ]

  /// The options that one means elsewhere, as it is typed there: the first that a command has is meant.
  private static let options: [String: [String]] = [
    "-c": ["comment", "content"], "-d": ["output", "content"], "-i": ["content"],
    "-l": ["piece-length", "download-limit"],
    "-L": ["piece-length", "download-limit"], "-O": ["output"], "-p": ["private", "peer"], "-s": ["source"],
    "-t": ["announce"], "-u": ["upload-limit"], "-w": ["web-seed", "output"], "-x": ["exclude"],
    "--check-files": ["content"], "--data": ["content"], "--destination": ["output"],
    "--dir": ["output", "content"],
    "--directory": ["output", "content"], "--download-dir": ["output"], "--exclude": ["select"],
    "--include": ["select"], "--input": ["content"], "--limit": ["download-limit"],
    "--limit-rate": ["download-limit"],
    "--listen-port": ["port"], "--max-connections": ["max-peers"], "--max-download-limit": ["download-limit"],
    "--max-overall-download-limit": ["download-limit"], "--max-overall-upload-limit": ["upload-limit"],
    "--max-upload-limit": ["upload-limit"], "--out": ["output"], "--out-dir": ["output"],
    "--output-dir": ["output"],
    "--output-folder": ["output"], "--overwrite": ["force"], "--path": ["content", "output"],
    "--piece-size": ["piece-length"],
    "--ratio": ["until-ratio"], "--save-path": ["output"], "--seed-ratio": ["until-ratio"],
    "--seed-time": ["until-idle"],
    "--select-file": ["select"], "--tracker": ["announce", "peer"], "--trackers": ["announce"],
    "--webseed": ["web-seed"],
    "--yes": ["force"],
  ]

  /// The option of this command that is meant by one that it doesn't have.
  static func option(_ typed: String, of spec: CommandSpec) -> OptionSpec? {
    options[typed]?.lazy.compactMap { long in spec.options.first { $0.long == long } }.first
  }
}
