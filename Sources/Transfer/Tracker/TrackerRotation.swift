import Metainfo

/// Which tracker is asked next (BEP 12): within a tier in an order shuffled once, tier after tier; one that
/// answers moves to the front of its tier.
public struct TrackerRotation: Sendable {
  /// A tracker that can be asked.
  public struct Tracker: Hashable, Sendable {
    /// As the torrent has it.
    public let text: String
    public let url: HTTPURL
  }

  /// Trackers kept of one torrent; more are ignored.
  public static let limit = 100

  /// Trackers that can't be asked, and why.
  public let unusable: [(text: String, reason: HTTPURLError)]
  private var tiers: [[Tracker]] = []
  private var tier = 0
  private var place = 0

  /// A tracker that occurs more than once counts where it is first.
  public init(_ announce: AnnounceTiers, using random: inout some RandomNumberGenerator) {
    var unusable: [(text: String, reason: HTTPURLError)] = []
    var seen: Set<String> = []
    for texts in announce.tiers {
      var trackers: [Tracker] = []
      for text in texts where seen.count < Self.limit && seen.insert(text).inserted {
        do throws(HTTPURLError) {
          trackers.append(Tracker(text: text, url: try HTTPURL(text)))
        } catch {
          unusable.append((text, error))
        }
      }
      trackers.shuffle(using: &random)
      if !trackers.isEmpty { tiers.append(trackers) }
    }
    self.unusable = unusable
  }

  public var isEmpty: Bool { tiers.isEmpty }

  /// The one whose turn it is.
  public var current: Tracker? { isEmpty ? nil : tiers[tier][place] }

  /// All in the order in which they are asked.
  public var all: [Tracker] { tiers.flatMap { $0 } }

  /// The current tracker has answered: it is the first of its tier from now on, and the next pass begins at
  /// the first tier.
  public mutating func succeeded() {
    guard !isEmpty else { return }
    let tracker = tiers[tier].remove(at: place)
    tiers[tier].insert(tracker, at: 0)
    rewind()
  }

  /// The current tracker has failed: the next one has its turn. `false` when the pass is over, so that all
  /// have failed since the last success; the next pass begins at the first tier.
  public mutating func failed() -> Bool {
    guard !isEmpty else { return false }
    place += 1
    if place == tiers[tier].count {
      place = 0
      tier += 1
    }
    guard tier == tiers.count else { return true }
    rewind()
    return false
  }

  private mutating func rewind() {
    tier = 0
    place = 0
  }
}
