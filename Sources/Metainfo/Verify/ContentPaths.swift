/// The path of every file of a torrent on this machine.
struct ContentPaths: Sendable {
  let info: Info
  let location: ContentLocation
  /// Those that are not where the torrent says, by number.
  var elsewhere: [Int: String] = [:]

  /// O(length of the path): it is put together at each call, since a million of them would take hundreds of
  /// megabytes.
  subscript(_ file: Int) -> String { elsewhere[file] ?? location.path(of: info.files[file]) }
}
