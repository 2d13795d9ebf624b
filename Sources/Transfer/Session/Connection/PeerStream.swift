import Platform

/// Bytes to a peer and back: over TCP, or whatever else carries a stream.
///
/// No call blocks or allocates. A stream lives on the network thread.
protocol PeerStream: AnyObject {
  /// Begins to call `handler` on the loop whenever the stream is ready for what it is asked for, for as long as it
  /// is. One that is still connecting becomes writable when that is over, one way or the other.
  func open(for interest: Interest, _ handler: @escaping (Readiness) -> Void) throws(SystemError)

  /// Of an empty interest the handler hears a hang-up or an error, once.
  func change(to interest: Interest)

  /// What became of connecting: 0, or an error number.
  func connectError() -> Int32

  func receive(into buffer: UnsafeMutableRawBufferPointer) -> IOResult

  /// Fills the places in order.
  func receive(into places: borrowing ScatterList) -> IOResult

  /// - Parameter more: more will follow at once, so this need not leave by itself.
  func send(_ bytes: UnsafeRawBufferPointer, more: Bool) -> IOResult

  /// Sends a run of a file without a copy through this process; `.closed` says that the file ends before `offset`.
  /// `nil`: this kind of stream can't, its bytes go through `send`.
  func send(file: Int32, offset: Int, count: Int) -> IOResult?

  /// The handler is not called again.
  func close()
}
