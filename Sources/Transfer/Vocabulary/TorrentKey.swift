/// The name of one torrent of a session: a slot in its tables, and a generation that tells it from the torrents that
/// had the slot before.
public struct TorrentKey: Hashable, Sendable {
  public let slot: UInt32
  public let generation: UInt32

  public init(slot: UInt32, generation: UInt32) {
    self.slot = slot
    self.generation = generation
  }
}
