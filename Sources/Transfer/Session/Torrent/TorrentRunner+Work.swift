import Metainfo

/// Work for other threads: digests and files.
extension TorrentRunner {
  /// How long a complete piece waits for a second one, so that their digests are taken together.
  private static var pairing: Instant.Span { .milliseconds(5) }

  /// All blocks of a piece are here: digest, then disk, on a worker's thread.
  func check(_ piece: PieceIndex, fingerprints: Bool) {
    guard let buffer = buffers.take(piece) else { return }
    checks.append(
      PieceCheck(piece: piece, info: torrent.info, buffer: buffer, wantsFingerprints: fingerprints))
    if checks.count == 2 {
      submitChecks()
    } else {
      _ = session.loop.schedule(after: Self.pairing) { [weak self] in self?.submitChecks() }
    }
  }

  private func submitChecks() {
    guard !checks.isEmpty, !isStopped else { return }
    let batch = checks
    checks = []
    let payload = payload
    let deliver = session.deliver
    let (key, run) = (key, run)
    session.submit {
      for (check, isRight) in zip(batch, PieceCheck.areRight(batch)) {
        do throws(StorageError) {
          let outcome = try check.outcome(isRight: isRight, storingIn: payload)
          deliver(key) { $0.runner(run)?.checked(check, outcome) }
        } catch {
          deliver(key) { $0.runner(run)?.fail(TransferError(error)) }
        }
      }
    }
  }

  /// A result has come back to the network thread.
  private func checked(_ check: PieceCheck, _ outcome: SwarmCore.CheckOutcome) {
    guard !isStopped else { return }
    buffers.giveBack(check.buffer)
    handle(.checked(check.piece, outcome))
  }
}
