import Metainfo
import Platform

/// Work for other threads: digests and files.
extension TorrentRunner {
  /// How long a complete piece waits for others, so that their digests are taken together.
  private static var pairing: Instant.Span { .milliseconds(5) }
  /// Digests that are taken with one turn. Two at least, which a processor takes in little more than the time of one; of
  /// large pieces no more, which would bring the work in lumps, between which the worker waits or is waited for; of small
  /// ones so many that the way to the worker and back is not the most of it.
  private var batch: Int { min(max(2, (1 << 20) / geometry.pieceLength), 16) }

  /// All blocks of a piece are here: digest, then disk, on a worker's thread.
  func check(_ piece: PieceIndex, fingerprints: Bool) {
    guard let buffer = buffers.take(piece) else { return }
    checks.append(
      PieceCheck(piece: piece, info: torrent.info, buffer: buffer, wantsFingerprints: fingerprints))
    if checks.count >= batch {
      session.governor.hashing.want(.arrivals(key))
    } else {
      _ = session.loop.schedule(after: Self.pairing) { [weak self] in self?.checkSoon() }
    }
  }

  private func checkSoon() {
    guard !checks.isEmpty, !isStopped else { return }
    session.governor.hashing.want(.arrivals(key))
    session.govern()
  }

  /// It is this torrent's turn to have digests of its complete pieces taken: of a few, others come after it.
  func takeHashingTurn() {
    let taken = Array(checks.prefix(batch))
    checks.removeFirst(taken.count)
    if !checks.isEmpty { session.governor.hashing.want(.arrivals(key)) }
    let payload = payload
    let deliver = session.deliver
    let (key, run) = (key, run)
    session.submit(.arrivals(key)) {
      for (check, isRight) in zip(taken, PieceCheck.areRight(taken)) {
        do throws(StorageError) {
          let (outcome, lost) = try check.outcome(isRight: isRight, storingIn: payload)
          deliver(key) { torrent in
            // First what is lost, so that nobody takes the download for complete.
            torrent.runner(run)?.lost(lost)
            torrent.runner(run)?.checked(check, outcome)
          }
        } catch {
          deliver(key) { $0.runner(run)?.fail(TransferError(error)) }
        }
      }
    }
  }

  /// Opens the files of a block that is to be sent, and makes sure that it is right still.
  func prepare(_ block: BlockSpan, for connection: PeerConnection) {
    guard let peer = connection.key else { return }
    let (payload, deliver, key, run) = (payload, session.deliver, key, run)
    session.submit {
      do throws(StorageError) {
        let lost = try payload.prepare(block, at: Instant(nanoseconds: Clock.monotonic))
        deliver(key) { torrent in
          torrent.runner(run)?.lost(lost)
          torrent.runner(run)?.connections[peer]?.diskAnswered()
        }
      } catch {
        deliver(key) { $0.runner(run)?.fail(TransferError(error)) }
      }
    }
  }

  /// Pieces that were here have been changed or taken away by somebody else. Once a download is complete the files
  /// are the user's, and what he has changed is not fetched again.
  private func lost(_ pieces: [PieceIndex]) {
    let isFetching = !isSeeding && !payload.isComplete
    for piece in pieces where core.have.contains(piece) {
      session.report(.warning(id, "piece \(piece.value) no longer matches"))
      let isWanted = (isSeeding || isFetching) && payload.selection.pieces.contains(piece)
      handle(.lost(piece, isWanted: isWanted))
    }
  }

  /// A result has come back to the network thread.
  private func checked(_ check: PieceCheck, _ outcome: SwarmCore.CheckOutcome) {
    guard !isStopped else { return }
    buffers.giveBack(check.buffer, keptBytes: session.governor.memory.part(of: key))
    handle(.checked(check.piece, outcome))
  }
}
