import Foundation
import Glibc
import Metainfo
import TestKit
import Testing

@Suite("What can't be shared or written is refused before hashing")
struct RefusalTests {
  let folder: ContentFolder

  init() throws { folder = try ContentFolder() }

  /// The error of finding the content, which is before a byte of it is read.
  private func refusal(
    _ content: String, _ options: AuthorOptions = AuthorOptions(), output: AtomicFile? = nil
  ) throws -> AuthorError {
    try #require(throws: AuthorError.self) {
      try TorrentAuthor(content: content, options: options, output: output)
    }
  }

  @Test("M15 pipes, sockets and devices are refused, alone and in a folder")
  func special() throws {
    try folder.write("pipe/a", [1])
    mkfifo(folder["pipe/b"], 0o600)
    #expect(
      try refusal(folder["pipe"]).description == "\(folder["pipe/b"]): is a named pipe, which can't be shared"
    )
    #expect(try refusal(folder["pipe/b"]).kind == .content)
    #expect(try refusal("/dev/null").reason == "is a device, which can't be shared")
    try folder.write("socket/a", [1])
    let python = "import socket,sys; socket.socket(socket.AF_UNIX).bind(sys.argv[1])"
    guard output(of: ["python3", "-c", python, folder["socket/s"]]) != nil else { return }
    #expect(try refusal(folder["socket"]).reason == "is a socket, which can't be shared")
  }

  @Test("M15 an unreadable file, an unreadable folder")
  func unreadable() async throws {
    try folder.write("data/open", [1])
    try folder.write("data/closed", [1])
    try folder.write("tree/closed/file", [1])
    chmod(folder["data/closed"], 0)
    chmod(folder["tree/closed"], 0)
    for (content, culprit) in [("data", "data/closed"), ("tree", "tree/closed")] {
      let path = folder[content]
      let failure = await refusalWithoutPrivileges { () throws(AuthorError) in
        _ = try TorrentAuthor(content: path, options: AuthorOptions())
      }
      #expect(failure?.description == "\(folder[culprit]): Permission denied")
      #expect(failure?.kind == .content)
    }
    chmod(folder["tree/closed"], 0o700)
  }

  @Test("M15 loops of symbolic links; links below the root are left out and reported")
  func links() throws {
    try folder.link("one", to: "two")
    try folder.link("two", to: "one")
    #expect(try refusal(folder["one"]).reason == "Too many levels of symbolic links")
    try folder.write("data/file", [1])
    try folder.link("data/up", to: "..")
    try folder.link("data/twin", to: "file")
    let author = try TorrentAuthor(content: folder["data"], options: AuthorOptions())
    #expect(author.layout.files.map(\.path.components) == [["file"]])
    #expect(author.skipped.map(\.path) == [folder["data/twin"], folder["data/up"]])
    try folder.link("alias", to: "data")
    #expect(try TorrentAuthor(content: folder["alias"], options: AuthorOptions()).name.name == "alias")
  }

  @Test("M15 nothing there, an empty folder, only hidden files, only empty files")
  func empty() throws {
    #expect(try refusal(folder["nowhere"]).reason == "No such file or directory")
    try folder.makeFolder("empty")
    #expect(try refusal(folder["empty"]).reason == "the folder is empty")
    try folder.write("hidden/.x", [1])
    #expect(try refusal(folder["hidden"]).reason.hasPrefix("no file is left"))
    try folder.write("zero/a", [])
    try folder.write("zero/b", [])
    #expect(try refusal(folder["zero"]).reason.hasPrefix("holds no byte"))
    #expect(try refusal(folder["zero/a"]).kind == .content)
  }

  @Test("M15 the output inside the content is not content, and never replaces any")
  func outputInside() throws {
    try folder.write("data/a", [1, 2, 3])
    try folder.write("data/old.torrent", [1, 2, 3])
    let new = try AtomicFile(folder["data/new.torrent"], overwrites: false)
    let old = try AtomicFile(folder["data/old.torrent"], overwrites: true)
    let names = { (output: AtomicFile) in
      try TorrentAuthor(content: folder["data"], options: AuthorOptions(), output: output)
        .layout.files.map(\.path.name)
    }
    #expect(try names(new) == ["a", "old.torrent"])
    #expect(try names(old) == ["a"])
    let content = try AtomicFile(folder["data/a"], overwrites: true)
    #expect(try refusal(folder["data"], output: content).kind == .output)
    #expect(try refusal(folder["data/a"], output: content).reason == "would overwrite the content")
    #expect(folder.listing == ["data", "data/a", "data/old.torrent"])
  }

  @Test("M15 M07 links that are followed may lead nowhere, in a circle, or out of the folder and back")
  func followedLinks() throws {
    var options = AuthorOptions()
    options.followsLinks = true
    try folder.write("above/data/file", [1])
    for target in [".", "..", "../..", "sub", "../../data/sub"] {
      try folder.makeFolder("above/data/sub")
      try folder.link("above/data/sub/link", to: target)
      #expect(
        try refusal(folder["above/data"], options).description
          == "\(folder["above/data/sub/link"]): "
          + (target == "sub"
            ? "a symbolic link that leads nowhere"
            : "a symbolic link to a folder that it lies in, which never ends"))
      unlink(folder["above/data/sub/link"])
    }
    try folder.link("above/data/sub/one", to: "two")
    try folder.link("above/data/sub/two", to: "one")
    #expect(try refusal(folder["above/data"], options).reason == "Too many levels of symbolic links")
    options.filter.rules = [.init(try Glob("sub"), takes: false)]
    #expect(try TorrentAuthor(content: folder["above/data"], options: options).layout.files.count == 1)
  }

  @Test("M15 what is left out need not be readable, or a file at all; what is left must be something")
  func leftOut() throws {
    try folder.write("data/a", [1])
    try folder.write("data/b.txt", [])
    mkfifo(folder["data/pipe"], 0o600)
    var options = AuthorOptions()
    options.filter.rules = [.init(try Glob("pipe"), takes: false)]
    #expect(try TorrentAuthor(content: folder["data"], options: options).layout.files.count == 2)
    options.filter.rules = [.init(try Glob("*.nothing"), takes: true)]
    #expect(try refusal(folder["data"], options).reason == "no file is left by the rules for files")
    options.filter.rules = [.init(try Glob("*.txt"), takes: true)]
    #expect(try refusal(folder["data"], options).reason.hasPrefix("holds no byte"))
  }

  @Test("a name that is not UTF-8, or is none")
  func names() throws {
    try folder.write("data/a", [1])
    let raw = folder["data/"].utf8CString.dropLast().map { UInt8(bitPattern: $0) } + [0xff, 0]
    raw.withUnsafeBytes {
      _ = close(open($0.baseAddress!.assumingMemoryBound(to: CChar.self), O_CREAT, 0o600))
    }
    let refused = try refusal(folder["data"])
    #expect(refused.reason == "a name that is not UTF-8, which a torrent can't hold")
    #expect(refused.subject.unicodeScalars.last?.value == 0x10FFFF, "\(refused.subject)")
    // As one of those that are not wanted it is no hindrance.
    var options = AuthorOptions()
    options.filter = ContentFilter(rules: [.init(try Glob("*\u{10FFFF}"), takes: false)])
    #expect(try TorrentAuthor(content: folder["data"], options: options).layout.files.count == 1)
    options = AuthorOptions()
    for name in ["", ".", "..", "a/b", "a\0b", String(repeating: "x", count: 256)] {
      options.name = name
      #expect(try refusal(folder["data/a"], options).kind == .option)
    }
    #expect(try refusal("/").kind == .option)
  }

  /// Each folder is a level of the bencoding in version 2, of which libtorrent reads a hundred.
  @Test("a path is refused where others could not read the torrent", arguments: TorrentFormat.allCases)
  func depth(format: TorrentFormat) throws {
    var options = AuthorOptions()
    options.format = format
    let deepest = format == .v1 ? 99 : 94
    for folders in [deepest, deepest + 1] {
      try folder.write("deep \(folders)/" + String(repeating: "d/", count: folders) + "f", [1])
      if folders > deepest {
        let refused = try refusal(folder["deep \(folders)"], options)
        #expect(refused.reason == "deeper than the \(deepest + 1) levels that others can read")
      } else {
        let author = try TorrentAuthor(content: folder["deep \(folders)"], options: options)
        let torrent = try Torrent(decoding: author.create().bytes)
        #expect(torrent.info.files.first { !$0.isPadding }?.path.components.count == deepest + 1)
      }
    }
  }

  @Test("content where pad files are can't have pad files")
  func padFolder() throws {
    try folder.write("data/.pad/5", [1])
    try folder.write("data/a", [1])
    var options = AuthorOptions()
    options.filter.includesHidden = true
    #expect(try TorrentAuthor(content: folder["data"], options: options).layout.files.count == 2)
    options.isPadded = true
    #expect(try refusal(folder["data"], options).subject == folder["data/.pad"])
  }

  @Test("version 2 can't say a folder with nothing but a file of its own name, which would read as that file")
  func sameName() throws {
    try folder.write("data/data", [1])
    var options = AuthorOptions()
    options.format = .v2
    #expect(try refusal(folder["data"], options).kind == .option)
    #expect(try TorrentAuthor(content: folder["data/data"], options: options).isSingleFile)
    options.name = "other"
    let made = try TorrentAuthor(content: folder["data"], options: options).create()
    #expect(try !Torrent(decoding: made.bytes).info.isSingleFile)
    options.name = nil
    options.format = .hybrid
    let hybrid = try TorrentAuthor(content: folder["data"], options: options).create()
    #expect(try !Torrent(decoding: hybrid.bytes).info.isSingleFile)
  }

  @Test("piece lengths that no client takes, and more pieces than a .torrent can hold")
  func pieceLengths() throws {
    try folder.write("a", [1])
    var options = AuthorOptions()
    for length in [-1, 0, 1, 8192, 16385, 3 << 20, 1 << 28, 1 << 31, .max] {
      options.pieceLength = length
      #expect(try refusal(folder["a"], options).kind == .option)
    }
    // A sparse file whose digests alone are more than 4 GiB.
    truncate(folder["a"], 1 << 43)
    options.pieceLength = 16 << 10
    #expect(try refusal(folder["a"], options).reason.contains("536870912 pieces of 16384 bytes"))
    options.pieceLength = nil
    options.format = .v2
    options.order = .size
    #expect(try refusal(folder["a"], options).kind == .option)
  }
}
