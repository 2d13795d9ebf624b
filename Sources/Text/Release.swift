/// What this program calls itself, to users, peers and in the torrents that it makes.
package enum Release {
  package static let version = "0.1.0"

  /// "torrentctl 0.1.0"
  package static let name = "torrentctl \(version)"
}
