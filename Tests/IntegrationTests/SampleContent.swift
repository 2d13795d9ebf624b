import Foundation
import TestKit
import Testing

/// Files of every awkward size round a piece length, alone and in a folder, and a torrent for each.
///
/// One folder `many/` with 0, 1, piece−1, piece and piece+1 bytes; and the same sizes, without 0, as single files.
struct SampleContent {
  let scratch: ScratchFolder
  /// Holds the content, each torrent's name directly below.
  let source: String
  let names: [String]
  let torrents: [String]

  init(pieceLength: Int, announce: String?) async throws {
    scratch = try ScratchFolder("swarm")
    source = try scratch.folder("source")
    let sizes = [("one", 1), ("short", pieceLength - 1), ("exact", pieceLength), ("over", pieceLength + 1)]
    var seed = UInt64(pieceLength)
    for (name, size) in sizes {
      try TestFile.write(SampleContent.bytes(size, seed: &seed), to: "\(source)/\(name)-\(pieceLength).bin")
    }
    let many = try scratch.folder("source/many")
    for (name, size) in [("empty", 0)] + sizes {
      try TestFile.write(SampleContent.bytes(size, seed: &seed), to: "\(many)/\(name).bin")
    }
    names = sizes.map { "\($0.0)-\(pieceLength).bin" } + ["many"]

    let folder = try scratch.folder("torrents")
    torrents = names.map { "\(folder)/\($0).torrent" }
    for (name, torrent) in zip(names, torrents) {
      var arguments = ["create", "\(source)/\(name)", "-o", torrent, "--piece-length", "\(pieceLength)"]
      if let announce { arguments += ["--announce", announce] }
      let (code, _, errors) = try await Torrentctl.run(arguments, folder: scratch.path)
      try #require(code == 0, "create: \(errors)")
    }
  }

  /// Bytes that look random and are the same for the same seed (SplitMix64), eight at a time.
  static func bytes(_ count: Int, seed: inout UInt64) -> [UInt8] {
    var words: [UInt64] = []
    words.reserveCapacity(count / 8 + 1)
    for _ in 0...(count / 8) {
      seed &+= 0x9e37_79b9_7f4a_7c15
      var word = (seed ^ (seed >> 30)) &* 0xbf58_476d_1ce4_e5b9
      word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
      words.append(word ^ (word >> 31))
    }
    return words.withUnsafeBytes { Array($0.prefix(count)) }
  }

  /// Relative paths of the files below a folder, sorted.
  static func files(below folder: String) -> [String] {
    guard let all = FileManager.default.enumerator(atPath: folder) else { return [] }
    return all.compactMap { $0 as? String }.filter { name in
      var isFolder: ObjCBool = false
      return FileManager.default.fileExists(atPath: "\(folder)/\(name)", isDirectory: &isFolder)
        && !isFolder.boolValue
    }.sorted()
  }

  /// What in a copy is not as in the source; empty when the copy has the same files and bytes, and nothing else.
  func differences(in copy: String, ignoring extra: (String) -> Bool = { _ in false }) -> [String] {
    let wanted = SampleContent.files(below: source)
    let found = SampleContent.files(below: copy).filter { !extra($0) }
    var differences = Set(wanted).symmetricDifference(found).sorted()
    for name in Set(wanted).intersection(found)
    where TestFile.bytes("\(source)/\(name)") != TestFile.bytes("\(copy)/\(name)") {
      differences.append(name)
    }
    return differences
  }
}
