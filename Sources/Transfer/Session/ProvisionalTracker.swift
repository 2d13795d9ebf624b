import Metainfo

// PROVISIONAL: whoever lands TrackerRunner and LocalDiscoveryRunner deletes this file and writes
// TorrentRunner+Tracker.swift (startTracker, stopTracker) in its place.
struct TrackerRunner {
  func completed() {}
}

extension TorrentRunner {
  func startTracker() {}
  func stopTracker(_ done: @escaping () -> Void) { done() }
}

final class LocalDiscoveryRunner {
  enum Interfaces { case all, having([IPAddress]) }
  init(
    loop: EventLoop, port: UInt16, interfaces: Interfaces, _ found: @escaping (InfoHash, Endpoint) -> Void
  ) {}
  func add(_ torrent: InfoHash) {}
  func close() {}
}
