import Metainfo
import Synchronization

/// Work for other threads: digests and files.
extension TorrentRunner {
  /// Looks for pieces that are on disk already.
  func examine() {
    let payload = payload
    let deliver = session.deliver
    let hash = infoHash
    let pieceCount = geometry.pieceCount
    let cancellation = cancellation
    let isAccepted = session.workers.submit {
      var have = Bitfield(pieceCount: pieceCount)
      do throws(StorageError) {
        try payload.examine(isCancelled: { cancellation.isCancelled }) { piece, isGood in
          if isGood { have.insert(piece) }
        }
        if !cancellation.isCancelled { deliver(hash, .examined(have)) }
      } catch {
        deliver(hash, .failed(error))
      }
    }
    if !isAccepted { fail(TransferError(.state, "\(infoHash): too much work is waiting")) }
  }

  /// All blocks of a piece are here: digest, then disk, on a worker's thread.
  func check(_ piece: PieceIndex, fingerprints: Bool) {
    guard let buffer = buffers.take(piece) else { return }
    let payload = payload
    let deliver = session.deliver
    let torrent = torrent
    let isAccepted = session.workers.submit {
      let check = PieceCheck(piece: piece, torrent: torrent, buffer: buffer)
      do throws(StorageError) {
        guard check.isRight else {
          return deliver(torrent.infoHash, .checked(piece, buffer, .bad(fingerprints: check.fingerprints)))
        }
        _ = try payload.store(piece, check.bytes)
        let prints = fingerprints ? check.fingerprints : []
        deliver(torrent.infoHash, .checked(piece, buffer, .good(fingerprints: prints)))
      } catch {
        deliver(torrent.infoHash, .failed(error))
      }
    }
    if !isAccepted { fail(TransferError(.state, "\(infoHash): too much work is waiting")) }
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

/// The digest of a piece, and fingerprints of its blocks where the piece is in doubt.
private struct PieceCheck {
  let piece: PieceIndex
  let torrent: Torrent
  let buffer: PieceBuffer

  var bytes: UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(rebasing: buffer.bytes.prefix(torrent.info.geometry.length(of: piece)))
  }

  var isRight: Bool {
    let digest = SHA1.digest(of: bytes)
    return torrent.info.hash(of: piece).elementsEqual(digest.indices.lazy.map { digest[$0] })
  }

  /// The first eight bytes of each block's SHA-1: nobody can make two blocks that agree.
  var fingerprints: [UInt64] {
    let geometry = torrent.info.geometry
    return (0..<geometry.blockCount(of: piece)).map { number in
      let digest = SHA1.digest(of: UnsafeRawBufferPointer(buffer.room(for: geometry.block(number, of: piece))))
      return (0..<8).reduce(0) { $0 << 8 | UInt64(digest[$1]) }
    }
  }
}

/// Tells work on another thread that nobody waits for it any more.
final class Cancellation: Sendable {
  private let flag = Atomic(false)

  var isCancelled: Bool { flag.load(ordering: .relaxed) }

  func cancel() { flag.store(true, ordering: .relaxed) }
}
