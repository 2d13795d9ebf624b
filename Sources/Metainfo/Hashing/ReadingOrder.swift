import Platform

/// How the content lies on its disk wants to be read.
package enum ReadingOrder: Hashable, Sendable {
  /// Every thread reads what it hashes.
  case parallel
  /// One after the other, from the first byte to the last, because moving about costs time.
  case sequential

  /// By the devices (`FileStatus.device`) that hold the content: in order if one of them is a disk that turns.
  package static func suited(to devices: Set<UInt64>) -> ReadingOrder {
    devices.contains { BlockDevice(number: $0)?.isRotating ?? false } ? .sequential : .parallel
  }
}
