extension SHA256 {
  /// The digests of messages that lie one after another, each `messageLength` bytes (one or more) and the last
  /// perhaps fewer: the 16 KiB blocks of a file, or the nodes of a tree by twos.
  ///
  /// Writes `messages.count / messageLength` digests of 32 bytes, rounded up, one after another from the start of
  /// `digests`, or as many as fit there. `digests` may start where `messages` does if messages are at least 32
  /// bytes long: a digest is written when its message has been read. O(bytes), with no allocation.
  public static func digests(
    of messages: UnsafeRawBufferPointer, messageLength: Int, into digests: UnsafeMutableRawBufferPointer
  ) {
    let messageLength = max(messageLength, 1)
    var start = 0
    var written = 0
    while start < messages.count, digests.count - written >= length {
      let end = start + min(messageLength, messages.count - start)
      let digest = digest(of: UnsafeRawBufferPointer(rebasing: messages[start..<end]))
      for index in digest.indices { digests[written + index] = digest[index] }
      start = end
      written += length
    }
  }
}
