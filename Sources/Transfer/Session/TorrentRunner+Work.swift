import Metainfo

/// Work for other threads: digests and files.
extension TorrentRunner {
  /// Looks for pieces that are on disk already.
  func examine() {
    let payload = payload
    let deliver = session.deliver
    let hash = infoHash
    let pieceCount = geometry.pieceCount
    submit {
      var have = Bitfield(pieceCount: pieceCount)
      do throws(StorageError) {
        try payload.examine { piece, isGood in
          if isGood { have.insert(piece) }
        }
        deliver(hash, .examined(have))
      } catch {
        deliver(hash, .failed(error))
      }
    }
  }

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
    let hash = infoHash
    submit {
      for (check, isRight) in zip(batch, PieceCheck.areRight(batch)) {
        do throws(StorageError) {
          let outcome = try check.outcome(isRight: isRight, storingIn: payload)
          deliver(hash, .checked(check.piece, check.buffer, outcome))
        } catch {
          deliver(hash, .failed(error))
        }
      }
    }
  }

  /// A result has come back to the network thread.
  func finished(_ result: WorkResult) {
    guard !isStopped else { return }
    switch result {
    case .examined(let have): run(having: have)
    case .failed(let error): fail(TransferError(error))
    case .checked(let piece, let buffer, let outcome):
      buffers.giveBack(buffer)
      handle(.checked(piece, outcome))
    }
  }
}
