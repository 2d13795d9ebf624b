import Synchronization

/// Digests pieces of content on disk on several threads.
///
/// Threads claim two pieces at a time and read both in steps, so that each step is still in the processor's
/// cache when it is hashed, and so that memory does not grow with the length of a piece: a thread holds
/// 2 × `stepLength` bytes and two open files.
struct PieceDigester<Disk: ContentDisk>: Sendable {
  let disk: Disk
  let layout: FileLayout
  let geometry: PieceGeometry
  /// The path of every file of the layout.
  let paths: [String]

  /// Bytes read at a time; a multiple of a SHA-1 block.
  static var stepLength: Int { 128 * 1024 }

  /// More only cost memory: the work is bounded by processors and the disk.
  static var maximumThreads: Int { 64 }

  typealias Outcome = Result<InlineArray<20, UInt8>, ContentFailure>

  /// Digests `pieces` and tells each outcome, in no certain order and on any of the threads, several at once.
  /// Ends early once `each` gives false. O(bytes).
  func run(
    _ pieces: [PieceIndex], threads: Int?, each: @escaping @Sendable (PieceIndex, Outcome) -> Bool
  ) {
    let progress = Progress()
    let pairs = (pieces.count + 1) / 2
    ThreadTeam.run(min(threads ?? ThreadTeam.processorCount, Self.maximumThreads, pairs)) {
      var one = Lane(self)
      var two = Lane(self)
      while !progress.isStopped.load(ordering: .relaxed) {
        let first = 2 * progress.claimed.wrappingAdd(1, ordering: .relaxed).oldValue
        guard first < pieces.count else { break }
        one.start(pieces[first])
        two.start(first + 1 < pieces.count ? pieces[first + 1] : nil)
        while true {
          let more = (one.fill(), two.fill())
          guard more.0 || more.1 else { break }
          Lane.mix(&one, &two)
        }
        for outcome in [one.finish(), two.finish()] {
          if let outcome, !each(outcome.piece, outcome.outcome) {
            progress.isStopped.store(true, ordering: .relaxed)
          }
        }
      }
    }
  }

  /// What the threads share.
  private final class Progress: Sendable {
    let claimed = Atomic(0)
    let isStopped = Atomic(false)
  }

  /// One piece on its way through reading and hashing.
  private struct Lane {
    private let geometry: PieceGeometry
    private var reader: ContentReader<Disk>
    private var buffer: [UInt8]
    /// Bytes at the start of the buffer that are read and not yet hashed.
    private var filled = 0
    private var sha1 = SHA1()
    private var piece: PieceIndex?
    private var range = 0..<0
    private var failure: ContentFailure?

    init(_ digester: PieceDigester) {
      geometry = digester.geometry
      reader = ContentReader(disk: digester.disk, layout: digester.layout, paths: digester.paths)
      buffer = [UInt8](repeating: 0, count: min(PieceDigester.stepLength, geometry.pieceLength))
    }

    mutating func start(_ piece: PieceIndex?) {
      self.piece = piece
      failure = nil
      sha1 = SHA1()
      range = 0..<0
      if let piece {
        let offset = geometry.offset(of: piece)
        range = offset..<offset + geometry.length(of: piece)
      }
    }

    /// Reads the next step; false when nothing is left of the piece, or it can't be read.
    mutating func fill() -> Bool {
      filled = 0
      let count = min(buffer.count, range.count)
      guard count > 0 else { return false }
      failure = buffer.withUnsafeMutableBytes { raw -> ContentFailure? in
        do throws(ContentFailure) {
          try reader.read(at: range.lowerBound, into: UnsafeMutableRawBufferPointer(rebasing: raw[..<count]))
          return nil
        } catch {
          return error
        }
      }
      guard failure == nil else {
        range = 0..<0
        return false
      }
      filled = count
      range = range.lowerBound + count..<range.upperBound
      return true
    }

    static func mix(_ one: inout Lane, _ two: inout Lane) {
      one.buffer.withUnsafeBytes { first in
        two.buffer.withUnsafeBytes { second in
          SHA1.update(
            &one.sha1, with: UnsafeRawBufferPointer(rebasing: first[..<one.filled]),
            &two.sha1, with: UnsafeRawBufferPointer(rebasing: second[..<two.filled]))
        }
      }
    }

    mutating func finish() -> (piece: PieceIndex, outcome: Outcome)? {
      guard let piece else { return nil }
      if let failure { return (piece, .failure(failure)) }
      return (piece, .success(sha1.finish()))
    }
  }
}
