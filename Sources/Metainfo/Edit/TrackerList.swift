import Bencode
import Text

/// `announce` and `announce-list` (BEP 3 and 12) in one: the list counts where there is one, and `announce` goes
/// along with it.
struct TrackerList {
  private struct Tier {
    var trackers: RawList<String>
    /// As it stands in the document; `nil` for one that is no tier there.
    let encoded: ArraySlice<UInt8>?
  }

  private var tiers: [Tier] = []
  /// What stands under `announce`: a URL, or against BEP 3 a list of them. Some programs write one there that is not in
  /// the other list.
  private var announce: RawList<String>
  /// Whether there was a list that names a tracker.
  private var hasList: Bool
  private var isAnnounceChanged = false
  private var isListChanged = false

  init(announce: BencodeNode?, list: BencodeNode?) {
    let elements = announce.map { Self.leaves(of: $0) } ?? []
    self.announce = RawList(elements, Self.url)
    if let list {
      for tier in list.elements {
        // Some programs write the tiers' only tracker where the tier should be.
        let trackers = tier.kind == .list ? RawList(tier.elements, Self.url) : RawList([tier], Self.url)
        tiers.append(Tier(trackers: trackers, encoded: tier.rawBytes))
      }
    }
    hasList = tiers.contains { !$0.trackers.values.isEmpty }
    guard !hasList else { return }
    tiers = self.announce.values.isEmpty ? [] : [Tier(trackers: self.announce, encoded: nil)]
  }

  /// A value, or what is in it if it is a list, or in a list in that.
  private static func leaves(of node: BencodeNode) -> [BencodeNode] {
    node.kind == .list ? node.elements.flatMap { $0.kind == .list ? Array($0.elements) : [$0] } : [node]
  }

  static func url(_ node: BencodeNode) -> String? { node.text.flatMap { $0.trimmingWhitespace() } }

  private var all: [String] { tiers.flatMap(\.trackers.values) }

  mutating func set(_ new: AnnounceTiers) {
    guard new != AnnounceTiers(tiers.map(\.trackers.values)) else { return }
    tiers = new.tiers.map { urls in
      var trackers = RawList<String>()
      for url in urls { trackers.add(url, encoded: Self.encoded(url)) }
      return Tier(trackers: trackers, encoded: nil)
    }
    announce = RawList()
    isAnnounceChanged = true
    isListChanged = true
    // One tracker needs no list.
    hasList = false
  }

  mutating func add(_ urls: [String], tier number: Int?) {
    var known = Set(all)
    let fresh = urls.filter { known.insert($0).inserted }
    guard !fresh.isEmpty else { return }
    let numbered = tiers.indices.filter { !tiers[$0].trackers.values.isEmpty }
    let index: Int
    if let number, number >= 1, number <= numbered.count {
      index = numbered[number - 1]
    } else {
      index = tiers.count
      tiers.append(Tier(trackers: RawList(), encoded: nil))
    }
    for url in fresh { tiers[index].trackers.add(url, encoded: Self.encoded(url)) }
    isListChanged = true
  }

  mutating func remove(_ url: String) {
    let count = all.count
    for index in tiers.indices { tiers[index].trackers.remove(url) }
    tiers.removeAll { $0.trackers.isEmpty && $0.trackers.isChanged }
    if all.count < count { isListChanged = true }
    if announce.contains(url) {
      announce.remove(url)
      isAnnounceChanged = true
    }
  }

  mutating func replace(_ old: String, with new: String) {
    guard old != new else { return }
    let wasAnnounce = announce.contains(old)
    let known = all
    if known.contains(new) {
      remove(old)
    } else if known.contains(old) {
      for index in tiers.indices {
        tiers[index].trackers.replace(old, with: new, encoded: Self.encoded(new))
      }
      isListChanged = true
    }
    if wasAnnounce {
      announce.replace(old, with: new, encoded: Self.encoded(new))
      isAnnounceChanged = true
    }
  }

  /// Puts what has changed into the torrent's dictionary.
  func write(to fields: inout RawDictionary) {
    let all = all
    if isAnnounceChanged || isListChanged && announce.values.isEmpty && !hasList {
      // One URL where nothing else is lost by it.
      if hasList, announce.values.count > 1 {
        fields.set("announce", to: announce.encoded())
      } else if let url = announce.values.first ?? all.first {
        fields.set("announce", to: Self.encoded(url))
      } else {
        fields.remove("announce")
      }
    }
    guard isListChanged else { return }
    if hasList ? !all.isEmpty : all.count > 1 {
      var writer = BencodeWriter()
      writer.list { writer in
        for tier in tiers {
          if let encoded = tier.encoded, !tier.trackers.isChanged {
            writer.raw(encoded)
          } else {
            writer.raw(tier.trackers.encoded())
          }
        }
      }
      fields.set("announce-list", to: writer.bytes)
    } else {
      fields.remove("announce-list")
    }
  }

  private static func encoded(_ url: String) -> [UInt8] {
    var writer = BencodeWriter()
    writer.text(url)
    return writer.bytes
  }
}
