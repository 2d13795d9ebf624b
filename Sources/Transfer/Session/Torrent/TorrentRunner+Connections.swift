import Metainfo
import Platform

/// What happens on this torrent's connections.
extension TorrentRunner: PeerConnectionHandler {
  func dial(_ endpoint: Endpoint, within time: Instant.Span) {
    guard !isStopped else { return }
    do throws(SystemError) {
      let connection = try PeerConnection(
        session.transport.dial(endpoint), to: endpoint, isOutgoing: true, loop: session.loop,
        handshakeTime: time, handler: self)
      dialing[ObjectIdentifier(connection)] = connection
    } catch {
      undialed(endpoint, error.reason)
    }
  }

  private func undialed(_ endpoint: Endpoint, _ reason: String) {
    session.report(.peer(id, endpoint, .disconnected(reason), client: ""))
    handle(.dialFailed(endpoint))
  }

  func connected(_ connection: PeerConnection) { connection.send(ownHandshake) }

  /// This side has dialed, and spoken first.
  func connection(_ connection: PeerConnection, asksFor infoHash: InfoHash) {}

  func connection(_ connection: PeerConnection, shookHands handshake: Handshake) {
    guard handshake.infoHash == infoHash else { return connection.close("\(WireError.unknownTorrent)") }
    dialing[ObjectIdentifier(connection)] = nil
    adopt(connection, handshake)
  }

  func connection(_ connection: PeerConnection, received message: Message) {
    guard let key = connection.key else { return }
    handle(.message(key, message))
  }

  func connection(_ connection: PeerConnection, placeFor raw: RawBlock) -> BlockPlace? {
    guard let key = connection.key, let span = core.expects(raw, from: key) else { return nil }
    let buffer = buffers.buffer(of: span.piece)
    guard receiving(span) == nil else {
      let aside = PieceBuffer(capacity: span.length)
      return BlockPlace(span: span, buffer: aside, room: aside.bytes, isAside: true)
    }
    incoming.note(span, from: key)
    return BlockPlace(span: span, buffer: buffer, room: buffer.room(for: span), isAside: false)
  }

  func connection(
    _ connection: PeerConnection, placesBehind block: BlockSpan, into places: inout [BlockPlace]
  ) {
    guard let key = connection.key else { return }
    for span in core.expected(behind: block, from: key, atMost: ReadAhead.depth) {
      guard receiving(span) == nil else { return }
      let buffer = buffers.buffer(of: span.piece)
      places.append(BlockPlace(span: span, buffer: buffer, room: buffer.room(for: span), isAside: false))
    }
  }

  func connection(_ connection: PeerConnection, completed block: IncomingBlock) {
    guard let key = connection.key else { return }
    incoming.remove(block.span, from: key)
    if block.place.isAside {
      guard core.expects(block.raw, from: key) != nil else { return handle(.unwanted(key, block.raw)) }
      // Whoever is still sending it into the piece comes too late.
      receiving(block.span)?.dropIncoming()
      buffers.buffer(of: block.span.piece).room(for: block.span).copyMemory(
        from: UnsafeRawBufferPointer(block.place.room))
    }
    handle(.block(key, block.span))
  }

  func connection(_ connection: PeerConnection, lost raw: RawBlock) {
    guard let key = connection.key else { return }
    if let block = core.span(raw) { incoming.remove(block, from: key) }
    handle(.unwanted(key, raw))
  }

  func connection(_ connection: PeerConnection, sent block: BlockSpan) {
    guard let key = connection.key else { return }
    handle(.uploaded(key, block))
  }

  func connection(_ connection: PeerConnection, awaits block: BlockSpan) { prepare(block, for: connection) }

  func connection(_ connection: PeerConnection, cannotSend block: BlockSpan) {
    guard let key = connection.key else { return }
    handle(.unsent(key, block))
  }

  func connection(_ connection: PeerConnection, cannotRead error: StorageError) { fail(TransferError(error)) }

  func connection(
    _ connection: PeerConnection, closedIn phase: PeerConnection.Phase, _ reason: String
  ) {
    if let key = connection.key {
      connections.remove(key)
      if let block = connection.incoming { incoming.remove(block.span, from: key) }
      session.report(.peer(id, connection.endpoint, .disconnected(reason), client: ""))
      handle(.left(key))
    } else if dialing.removeValue(forKey: ObjectIdentifier(connection)) != nil {
      undialed(connection.endpoint, reason)
    }
  }

  // MARK: Blocks on their way

  /// The connection that is receiving this block into its piece. O(1).
  private func receiving(_ span: BlockSpan) -> PeerConnection? {
    guard let key = incoming[span], let connection = connections[key], let block = connection.incoming,
      block.span == span, !block.place.isAside
    else { return nil }
    return connection
  }

  /// The piece is begun anew, if at all: what is on its way into its buffer must not land there. O(blocks of the
  /// piece).
  func discard(_ piece: PieceIndex) {
    for number in 0..<geometry.blockCount(of: piece) {
      receiving(geometry.block(number, of: piece))?.dropIncoming()
    }
    buffers.discard(piece, keptBytes: session.governor.memory.part(of: key))
  }

  // MARK: Sending

  /// The connection has something to send: it does so when everything that has happened by now is dealt with, so
  /// that what belongs together goes out together.
  func noteUnsent(_ connection: PeerConnection) {
    guard !connection.isUnsent else { return }
    connection.isUnsent = true
    unsent.append(connection)
    session.settleSoon(self)
  }

  /// Sending may bring more to send: that waits for the next time.
  func flushUnsent() {
    swap(&unsent, &beingFlushed)
    for connection in beingFlushed {
      connection.isUnsent = false
      connection.flush()
    }
    beingFlushed.removeAll(keepingCapacity: true)
  }
}
