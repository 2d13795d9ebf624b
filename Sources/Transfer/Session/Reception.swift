import Metainfo

/// Connections that have been accepted and have not yet said which torrent they want.
///
/// Bounded: further ones are closed. Each has as long as a handshake may take.
final class Reception: PeerConnectionHandler {
  static let capacity = 200

  private let loop: EventLoop
  private var waiting: [ObjectIdentifier: PeerConnection] = [:]
  /// Takes a connection that wants a torrent that is here; `false` when there is none of that name.
  private let admit: (PeerConnection, Handshake) -> Bool

  init(loop: EventLoop, admit: @escaping (PeerConnection, Handshake) -> Bool) {
    self.loop = loop
    self.admit = admit
  }

  func accept(_ descriptor: consuming Descriptor, from endpoint: Endpoint) {
    guard waiting.count < Self.capacity else { return }
    guard
      let connection = try? PeerConnection(
        descriptor, to: endpoint, isOutgoing: false, loop: loop, handler: self)
    else { return }
    waiting[ObjectIdentifier(connection)] = connection
  }

  func close() {
    for connection in Array(waiting.values) { connection.close("the session ends") }
  }

  func connection(_ connection: PeerConnection, shookHands handshake: Handshake) {
    waiting[ObjectIdentifier(connection)] = nil
    if !admit(connection, handshake) { connection.close("\(WireError.unknownTorrent)") }
  }

  func connection(
    _ connection: PeerConnection, closedIn phase: PeerConnection.Phase, _ reason: String
  ) {
    waiting[ObjectIdentifier(connection)] = nil
  }

  // None of these happens before a handshake.
  func connected(_ connection: PeerConnection) {}
  func connection(_ connection: PeerConnection, received message: Message) {}
  func connection(_ connection: PeerConnection, placeFor raw: RawBlock) -> BlockPlace? { nil }
  func connection(_ connection: PeerConnection, completed block: IncomingBlock) {}
  func connection(_ connection: PeerConnection, lost raw: RawBlock) {}
  func connection(_ connection: PeerConnection, sent block: BlockSpan) {}
  func connection(_ connection: PeerConnection, cannotRead error: StorageError) {}
}
