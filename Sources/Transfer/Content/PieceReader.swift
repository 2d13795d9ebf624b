import Metainfo
import Platform

/// Compares pieces on disk with their digests, through one buffer whatever the piece length.
struct PieceReader: ~Copyable {
  private static let bufferLength = 256 * 1024

  private let payload: Payload
  private let buffer: UnsafeMutableRawBufferPointer
  /// Digests of so many zeros: of a whole piece's, and of the last one's.
  private var zeroDigests: [Int: InlineArray<20, UInt8>] = [:]

  init(_ payload: Payload) throws(StorageError) {
    self.payload = payload
    buffer = .allocate(byteCount: Self.bufferLength, alignment: 64)
  }

  deinit { buffer.deallocate() }

  mutating func matches(_ piece: PieceIndex) throws(StorageError) -> Bool {
    let geometry = payload.info.geometry
    let length = geometry.length(of: piece)
    let start = geometry.offset(of: piece)
    if try isHole(start..<start + length) {
      return isDigest(zeroDigest(length), of: piece)
    }
    var digest = SHA1()
    var position = start
    while position < start + length {
      let count = min(buffer.count, start + length - position)
      let chunk = UnsafeMutableRawBufferPointer(rebasing: buffer[..<count])
      try payload.read(position..<position + count, into: chunk)
      digest.update(UnsafeRawBufferPointer(chunk))
      position += count
    }
    return isDigest(digest.finish(), of: piece)
  }

  private func isDigest(_ digest: InlineArray<20, UInt8>, of piece: PieceIndex) -> Bool {
    let expected = payload.info.hash(of: piece)
    for index in digest.indices where digest[index] != expected[expected.startIndex + index] { return false }
    return true
  }

  /// Whether the range lies in holes and padding alone.
  private func isHole(_ range: Range<Int>) throws(StorageError) -> Bool {
    var isHole = true
    try payload.extents.forEachPart(of: range) { part throws(StorageError) in
      guard isHole, !part.isPadding else { return }
      let pin = try payload.pin(part.file)
      defer { payload.pool.unpin(pin) }
      let data = try payload.call("lseek", part.file) { () throws(Errno) in
        try payload.fileSystem.nextData(pin.descriptor, from: part.offset)
      }
      if let data, data < part.offset + part.length { isHole = false }
    }
    return isHole
  }

  private mutating func zeroDigest(_ length: Int) -> InlineArray<20, UInt8> {
    if let known = zeroDigests[length] { return known }
    buffer.initializeMemory(as: UInt8.self, repeating: 0)
    var digest = SHA1()
    var rest = length
    while rest > 0 {
      let count = min(rest, buffer.count)
      digest.update(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
      rest -= count
    }
    let result = digest.finish()
    zeroDigests[length] = result
    return result
  }
}
