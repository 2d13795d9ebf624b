import Metainfo
import Platform
import Transfer

/// `torrentctl seed`.
struct Seed {
  let arguments: SeedArguments

  /// A torrent and the folder that holds its content under its own name.
  private struct Share: Sendable {
    let torrent: Torrent
    let folder: String
  }

  func run(_ console: Console) throws(CommandFailure) -> ExitCode {
    var shares: [Share] = []
    var torrents = TransferStandings(reserving: arguments.files.count)
    shares.reserveCapacity(arguments.files.count)
    for file in arguments.files {
      let torrent = try console.transferableTorrent(at: file, limits: arguments.limits)
      let location = console.content(of: torrent.info, at: arguments.content, beside: file)
      let folder = try folder(of: torrent.info, location)
      let item = TransferItem(torrent.info, place: location.path, file: file)
      guard console.add(item, as: torrent.infoHashes, to: &torrents) else { continue }
      shares.append(Share(torrent: torrent, folder: folder))
    }
    let monitor = try TransferMonitor(
      console, goal: .seed(untilRatio: arguments.untilRatio, untilIdle: arguments.untilIdle?.seconds),
      torrents: torrents, arguments: arguments.transfer)
    var options = TorrentOptions()
    options.peers = try arguments.transfer.peerEndpoints()
    let run = TransferRun(configuration: arguments.transfer.configuration) {
      [shares, options] session throws(TransferError) in
      for share in shares { try await session.seed(share.torrent, content: share.folder, options) }
    }
    return try run.run(monitor)
  }

  private func folder(of info: Info, _ location: ContentLocation) throws(CommandFailure) -> String {
    do throws(Errno) { try SystemFile.checkExistence(of: location.path) } catch {
      let reason = error == .noEntry ? "content is missing" : error.description
      throw CommandFailure(
        "\(location.path): \(reason)", hint: arguments.content == nil ? "--content says where it is" : nil,
        code: error == .accessDenied ? .disk : .no)
    }
    guard let folder = location.parent else {
      throw CommandFailure(
        "\(location.path): the torrent calls this '\(info.name.name)'", hint: "give it that name to seed it",
        code: .no)
    }
    return folder
  }
}

extension Console {
  /// Adds one of several torrents; the same by two names is one, and that is said.
  func add(_ item: TransferItem, as id: TorrentID, to torrents: inout TransferStandings) -> Bool {
    if let other = torrents[id]?.item.file {
      warn("\(item.file): the same torrent as \(other)")
      return false
    }
    return torrents.add(item, as: id)
  }
}

extension TransferItem {
  init(_ info: Info, place: String, file: String) {
    self.init(
      name: info.name.name, place: place, file: file, total: info.geometry.totalLength,
      pieceCount: info.geometry.pieceCount)
  }
}
