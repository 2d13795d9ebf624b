import Metainfo

/// Who comes before a torrent's content has been examined: peers that were named, and connections that have shaken
/// hands. Both are bounded, and wait to be called.
final class WaitingRoom: PeerConnectionHandler {
  private struct Seat {
    let connection: PeerConnection
    let handshake: Handshake
  }

  private static let namedAtMost = 2_000
  private static let connectedAtMost = 200

  private var named: [(endpoint: Endpoint, origin: AddressOrigin)] = []
  private var seats: [Seat] = []
  /// Hears of a connection that has ended before its turn came.
  private let left: (PeerConnection, Handshake, _ reason: String) -> Void

  init(left: @escaping (PeerConnection, Handshake, _ reason: String) -> Void) { self.left = left }

  func learn(_ endpoints: [Endpoint], from origin: AddressOrigin) {
    named += endpoints.prefix(max(0, Self.namedAtMost - named.count)).map { ($0, origin) }
  }

  func admit(_ connection: PeerConnection, _ handshake: Handshake) {
    guard seats.count < Self.connectedAtMost else { return connection.close("no place for another peer") }
    connection.park(handler: self)
    seats.append(Seat(connection: connection, handshake: handshake))
  }

  /// Leads everyone to the torrent, which runs.
  func empty(into runner: TorrentRunner) {
    let (named, seats) = (named, seats)
    self.named = []
    self.seats = []
    for (endpoint, origin) in named { runner.learn([endpoint], from: origin) }
    for seat in seats {
      runner.adopt(seat.connection, seat.handshake)
      seat.connection.resume()
    }
  }

  func close(_ reason: String) {
    for seat in seats { seat.connection.close(reason) }
    named = []
  }

  func connection(
    _ connection: PeerConnection, closedIn phase: PeerConnection.Phase, _ reason: String
  ) {
    guard let index = seats.firstIndex(where: { $0.connection === connection }) else { return }
    left(connection, seats.remove(at: index).handshake, reason)
  }

  // What waits has been accepted and has shaken hands.
  func connected(_ connection: PeerConnection) {}
  func connection(_ connection: PeerConnection, asksFor infoHash: InfoHash) {}
  func connection(_ connection: PeerConnection, shookHands handshake: Handshake) {}
}
