import Metainfo
import Platform

/// Connections that have been accepted and have not yet said which torrent they want.
///
/// Bounded: when it is full, whoever has waited longest without a handshake makes room, so that peers who dally
/// can't lock out those who don't. Each has as long as a handshake may take.
final class Reception: PeerConnectionHandler {
  static let capacity = 200

  private let loop: EventLoop
  private let handshakeTime: Instant.Span
  private var waiting: [ObjectIdentifier: (connection: PeerConnection, number: Int)] = [:]
  private var accepted = 0
  /// What a peer that wants this torrent is answered; `nil` when it is not here.
  private let greet: (InfoHash) -> Handshake?
  /// Takes a connection that wants a torrent that is here; `false` when there is none of that name.
  private let admit: (PeerConnection, Handshake) -> Bool
  private let refused: (Endpoint, _ reason: String) -> Void

  init(
    loop: EventLoop, handshakeTime: Instant.Span, refused: @escaping (Endpoint, _ reason: String) -> Void,
    greet: @escaping (InfoHash) -> Handshake?,
    admit: @escaping (PeerConnection, Handshake) -> Bool
  ) {
    self.loop = loop
    self.handshakeTime = handshakeTime
    self.refused = refused
    self.greet = greet
    self.admit = admit
  }

  /// O(connections that wait) when there is no room, else O(1).
  func accept(_ stream: any PeerStream, from endpoint: Endpoint) {
    if waiting.count >= Self.capacity, let oldest = waiting.values.min(by: { $0.number < $1.number }) {
      oldest.connection.close("no handshake, and others wait")
    }
    guard
      let connection = try? PeerConnection(
        stream, to: endpoint, isOutgoing: false, loop: loop, handshakeTime: handshakeTime, handler: self)
    else { return }
    accepted += 1
    waiting[ObjectIdentifier(connection)] = (connection, accepted)
  }

  func close() {
    for (connection, _) in Array(waiting.values) { connection.close("the session ends") }
  }

  func connection(_ connection: PeerConnection, asksFor infoHash: InfoHash) {
    guard let handshake = greet(infoHash) else { return connection.close("\(WireError.unknownTorrent)") }
    connection.send(handshake)
  }

  func connection(_ connection: PeerConnection, shookHands handshake: Handshake) {
    if !admit(connection, handshake) { connection.close("\(WireError.unknownTorrent)") }
    waiting[ObjectIdentifier(connection)] = nil
  }

  func connection(
    _ connection: PeerConnection, closedIn phase: PeerConnection.Phase, _ reason: String
  ) {
    waiting[ObjectIdentifier(connection)] = nil
    refused(connection.endpoint, reason)
  }

  /// These have dialed.
  func connected(_ connection: PeerConnection) {}
}
