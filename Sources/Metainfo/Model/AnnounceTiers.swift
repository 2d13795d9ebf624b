/// Trackers in tiers (BEP 12): every tracker of a tier is tried before the next tier is.
///
/// URLs are kept as the file has them; whether one can be used is the tracker client's to say.
public struct AnnounceTiers: Hashable, Sendable {
  public var tiers: [[String]]

  public init(_ tiers: [[String]] = []) { self.tiers = tiers.filter { !$0.isEmpty } }

  public var isEmpty: Bool { tiers.isEmpty }
}
