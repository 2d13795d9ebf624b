import Metainfo

/// Who hears of what happens on a connection.
protocol PeerConnectionHandler: AnyObject {
  /// The connection that this side asked for is there.
  func connected(_ connection: PeerConnection)
  /// The start of the other side's handshake has come.
  func connection(_ connection: PeerConnection, asksFor infoHash: InfoHash)
  func connection(_ connection: PeerConnection, shookHands handshake: Handshake)
  func connection(_ connection: PeerConnection, received message: Message)
  /// The header of a block has come: where do its bytes go? `nil`: nowhere.
  func connection(_ connection: PeerConnection, placeFor raw: RawBlock) -> BlockPlace?
  /// Appends where the blocks go that are expected next from this peer, behind the one that is coming in: at most
  /// `ReadAhead.depth`.
  func connection(
    _ connection: PeerConnection, placesBehind block: BlockSpan, into places: inout [BlockPlace])
  /// A block has come into its place.
  func connection(_ connection: PeerConnection, completed block: IncomingBlock)
  /// A block has come, or is coming, that has no place.
  func connection(_ connection: PeerConnection, lost raw: RawBlock)
  /// A block is with the kernel.
  func connection(_ connection: PeerConnection, sent block: BlockSpan)
  /// The files of a block have to be opened or looked at first; `diskAnswered` is to be called after that.
  func connection(_ connection: PeerConnection, awaits block: BlockSpan)
  /// A block that was to be sent is not: its piece is lost.
  func connection(_ connection: PeerConnection, cannotSend block: BlockSpan)
  /// A block can't be read from disk: no fault of the peer's.
  func connection(_ connection: PeerConnection, cannotRead error: StorageError)
  func connection(_ connection: PeerConnection, closedIn phase: PeerConnection.Phase, _ reason: String)
}

/// Before a connection has been opened none of these happens.
extension PeerConnectionHandler {
  func connection(_ connection: PeerConnection, received message: Message) {}
  func connection(_ connection: PeerConnection, placeFor raw: RawBlock) -> BlockPlace? { nil }
  func connection(
    _ connection: PeerConnection, placesBehind block: BlockSpan, into places: inout [BlockPlace]
  ) {}
  func connection(_ connection: PeerConnection, completed block: IncomingBlock) {}
  func connection(_ connection: PeerConnection, lost raw: RawBlock) {}
  func connection(_ connection: PeerConnection, sent block: BlockSpan) {}
  func connection(_ connection: PeerConnection, awaits block: BlockSpan) {}
  func connection(_ connection: PeerConnection, cannotSend block: BlockSpan) {}
  func connection(_ connection: PeerConnection, cannotRead error: StorageError) {}
}
