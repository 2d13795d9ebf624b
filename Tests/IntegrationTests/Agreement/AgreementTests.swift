import Foundation
import Metainfo
import TestKit
import Testing

/// The same tree and options give the same info-hash, whoever makes the torrent.
@Suite("Agreement", .timeLimit(.minutes(10)))
struct AgreementTests {
  typealias Driver = AuthorsDriver

  /// A torrent that another program was asked for, of a tree.
  struct Case {
    let written: RandomTrees.Written
    let request: Driver.Request
    var tree: RandomTree { written.tree }

    init(
      _ written: RandomTrees.Written, _ program: Driver.Program, _ format: Driver.Format = .v1,
      pieceLength: Int? = nil
    ) {
      self.written = written
      request = Driver.Request(
        program, written.tree, at: written.path, to: "\(written.path)-\(program)-\(format).torrent", format,
        pieceLength: pieceLength)
    }

    /// Ours for the same.
    func ours(threads: Int? = nil) throws -> AuthoredTorrent {
      var options = tree.options(
        request.format.torrentFormat, isPadded: request.format == .padded, pieceLength: request.pieceLength)
      options.threads = threads
      return try TorrentAuthor(content: written.path, options: options).create()
    }

    /// Theirs, read by us; checks that we read what was meant and that the tree passes for its content.
    func theirs(_ answer: Driver.Answer) throws -> Torrent {
      let bytes = try #require(TestFile.bytes(request.output), "\(answer) \(tree)")
      let torrent = try Torrent(decoding: bytes)
      #expect(answer.agrees(with: torrent.infoHashes), "\(answer) \(tree)")
      #expect(torrent.info.isPrivate == tree.isPrivate, "\(tree)")
      #expect(torrent.comment == tree.comment, "\(tree)")
      #expect(torrent.warnings.isEmpty, "\(torrent.warnings) \(tree)")
      let location = ContentLocation.find(torrent.info, content: written.path, torrentFile: nil)
      let report = ContentVerifier(torrent.info, at: location).verify()
      #expect(report.isOK, "\(request.program) \(request.format) \(report.files) \(tree)")
      return torrent
    }
  }

  @Test(
    "libtorrent has the same info-hashes for v1, v1 with pad files, v2 and hybrids", .needs(.libtorrent),
    arguments: RandomTrees.batches)
  func libtorrent(trees: RandomTrees) async throws {
    let folder = try TemporaryTree()
    let cases = try trees.write(to: folder).flatMap { written in
      Driver.Format.allCases.map { Case(written, .libtorrent, $0) }
    }
    let answers = try await Driver.answers(to: cases.map(\.request), folder: folder.path)
    for (theirs, answer) in zip(cases, answers) {
      let tree = theirs.tree
      let ours = try theirs.ours()
      if tree.isOrderDisputed, theirs.request.format == .hybrid {
        // libtorrent sorts the files of v1 by whole paths and writes the tree of v2 by components, and so refuses
        // what it has made itself. BEP 52 has them in the same order.
        #expect(answer.error?.contains("does not match") ?? false, "\(answer) \(tree)")
        let bytes = try #require(TestFile.bytes(theirs.request.output))
        #expect(throws: MetainfoError.self, "\(tree)") { try Torrent(decoding: bytes) }
        continue
      }
      let torrent = try theirs.theirs(answer)
      if tree.isOrderDisputed, theirs.request.format == .padded {
        #expect(torrent.infoHashes != ours.torrent.infoHashes, "\(tree)")
        continue
      }
      #expect(torrent.infoHashes == ours.torrent.infoHashes, "\(theirs.request.format) \(answer) \(tree)")
      #expect(torrent.info.encoded() == ours.torrent.info.encoded(), "\(theirs.request.format) \(tree)")
      #expect(
        torrent.info.merkle?.layer == ours.torrent.info.merkle?.layer, "\(theirs.request.format) \(tree)")
    }
  }

  @Test(
    "M17 libtorrent reads what we make, and finds that the content is what it says",
    .needs(.libtorrent),
    arguments: RandomTrees.batches)
  func check(trees: RandomTrees) async throws {
    let folder = try TemporaryTree()
    let cases = try trees.write(to: folder).flatMap { written in
      Driver.Format.allCases.map { Case(written, .check, $0) }
    }
    var made: [AuthoredTorrent] = []
    for (number, theirs) in cases.enumerated() {
      let ours = try theirs.ours(threads: number % 8 + 1)
      try TestFile.write(ours.bytes, to: theirs.request.output)
      made.append(ours)
    }
    let answers = try await Driver.answers(to: cases.map(\.request), folder: folder.path)
    for ((theirs, ours), answer) in zip(zip(cases, made), answers) {
      #expect(
        answer.agrees(with: ours.torrent.infoHashes), "\(theirs.request.format) \(answer) \(theirs.tree)")
      let pieces = ours.torrent.info.geometry.pieceCount
      #expect(
        answer.pieces == pieces && answer.good == pieces,
        "\(theirs.request.format) \(pieces) \(answer) \(theirs.tree)")
    }
  }

  @Test("libtorrent notices a digest that is wrong, so that the test above can fail", .needs(.libtorrent))
  func wrongDigest() async throws {
    let folder = try TemporaryTree()
    let tree = RandomTree(seed: 1)
    let theirs = Case(.init(tree: tree, path: try tree.write(to: folder, as: "0")), .check)
    var bytes = try theirs.ours().bytes
    let hash = try #require(theirs.ours().torrent.info.pieceHashes.first)
    let start = try #require(Data(bytes).range(of: Data("6:pieces".utf8))).upperBound
    let first = try #require(bytes[start...].firstIndex(of: UInt8(ascii: ":"))) + 1
    #expect(bytes[first] == hash)
    bytes[first] ^= 1
    try TestFile.write(bytes, to: theirs.request.output)
    let answers = try await Driver.answers(to: [theirs.request], folder: folder.path)
    #expect(answers.first?.error == nil, "\(answers)")
    #expect(answers.first?.good == answers.first?.pieces.map { $0 - 1 }, "\(answers)")
  }

  @Test(
    "mktorrent has the same info-hash where it has the files in the same order", .needs(.mktorrent),
    .needs(.libtorrent), arguments: RandomTrees.batches)
  func mktorrent(trees: RandomTrees) async throws { try await compareVersion1(trees, .mktorrent) }

  @Test(
    "torf has the same info-hash of trees without empty files, which it leaves out", .needs(.torf),
    arguments: RandomTrees.batches)
  func torf(trees: RandomTrees) async throws { try await compareVersion1(trees, .torf) }

  @Test(
    "transmission-create has the same info-hash where it has the files in the same order",
    .needs(.transmissionCreate), .needs(.libtorrent), arguments: RandomTrees.batches)
  func transmission(trees: RandomTrees) async throws { try await compareVersion1(trees, .transmission) }

  private func compareVersion1(_ trees: RandomTrees, _ program: Driver.Program) async throws {
    let folder = try TemporaryTree()
    let cases = try trees.write(to: folder).map { written in
      // mktorrent's shortest is 32 KiB.
      Case(written, program, pieceLength: max(written.tree.pieceLength, program == .mktorrent ? 1 << 15 : 0))
    }
    let answers = try await Driver.answers(to: cases.map(\.request), folder: folder.path)
    var agreed = 0
    for (theirs, answer) in zip(cases, answers) {
      let ours = try theirs.ours().torrent
      let torrent = try theirs.theirs(answer)
      let isSameOrder = torrent.info.files.elementsEqual(ours.info.files)
      if isSameOrder {
        #expect(torrent.info.pieceHashes == ours.info.pieceHashes, "\(program) \(theirs.tree)")
      }
      // Transmission says of every torrent whether it is private, and knows no source.
      let hasSameFields = program != .transmission || theirs.tree.isPrivate && theirs.tree.source == nil
      #expect(
        (torrent.infoHashes == ours.infoHashes) == (isSameOrder && hasSameFields), "\(program) \(theirs.tree)"
      )
      agreed += isSameOrder ? 1 : 0
    }
    // Trees of a single file, and for all but Transmission, which takes the order of the disk, plain trees.
    #expect(
      agreed >= trees.count / 5 * (program == .transmission ? 1 : 2),
      "\(program): \(agreed) of \(trees.count)")
  }

  @Test("the command makes what the library makes", arguments: RandomTrees.batches)
  func command(trees: RandomTrees) async throws {
    let folder = try TemporaryTree()
    for (number, written) in try trees.write(to: folder).enumerated() where number % 5 == 0 {
      let tree = written.tree
      for format in TorrentFormat.allCases {
        let output = "\(written.path)-\(format).torrent"
        var arguments = ["create", written.path, "-o", output, "--format", format.rawValue]
        arguments += ["--piece-length", "\(tree.pieceLength)", "--announce", "http://127.0.0.1:1/announce"]
        if tree.isPrivate { arguments.append("--private") }
        if let source = tree.source { arguments += ["--source", source] }
        if let comment = tree.comment { arguments += ["--comment", comment] }
        let create = try await Torrentctl.run(arguments, folder: folder.path)
        try #require(create.code == 0, "\(create.errors) \(tree)")
        let made = try Torrent(decoding: #require(TestFile.bytes(output)))
        let ours = try await TorrentAuthor(content: written.path, options: tree.options(format)).create()
        #expect(made.infoHashes == ours.torrent.infoHashes, "\(tree)")
        let verify = try await Torrentctl.run(
          ["verify", output, "--content", written.path], folder: folder.path)
        #expect(verify.code == 0, "\(verify.output) \(verify.errors) \(tree)")
      }
    }
  }
}
