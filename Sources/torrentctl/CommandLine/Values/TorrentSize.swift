import Bencode

/// The largest .torrent that a command reads: an option of every command that reads one.
struct TorrentSize: OptionValue {
  let limits: BencodeLimits
  static let expected = "a size of 1 byte to 4GiB (bytes, or with a unit as in 50MB)"

  init?(argument: String) {
    guard let size = ByteSize(argument: argument)?.bytes, (1...BencodeLimits.maximumSize).contains(size)
    else {
      return nil
    }
    limits = BencodeLimits(size: size)
  }

  static let option = OptionSpec(
    "max-torrent-size", value: "SIZE", "refuse a .torrent of more than SIZE (default: 10MB)")

  /// What may be read, by the option's value or its default.
  static func limits(_ parsed: ParsedArguments) throws(UsageError) -> BencodeLimits {
    try parsed.value(option, as: TorrentSize.self)?.limits ?? BencodeLimits()
  }
}
