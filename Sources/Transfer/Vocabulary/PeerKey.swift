/// The name of one connection: a slot in the tables of the core and of the shell, and a generation that tells it
/// from the connections that had the slot before. A key that has outlived its connection finds nothing.
public struct PeerKey: Hashable, Sendable {
  public let slot: UInt32
  public let generation: UInt32

  public init(slot: UInt32, generation: UInt32) {
    self.slot = slot
    self.generation = generation
  }
}
