import Text

extension LintSubject {
  func checkTrackers(_ tally: inout LintTally) {
    if announce.isEmpty {
      if isPrivate {
        tally.add(.privateWithoutTracker, "private and without a tracker: nobody can find peers")
      } else if nodes.isEmpty {
        tally.add(.noTracker, "no tracker: peers are found by DHT (other clients) or on the local network")
      }
    }
    if isPrivate, !nodes.isEmpty { tally.add(.privateWithNodes, "private: DHT nodes are not asked") }
    var seen: Set<String> = []
    for url in announce.tiers.joined() {
      check(url, as: .trackerURL, schemes: ["http", "https", "udp", "ws", "wss"], &tally)
      if url.hasPrefix("ws:") || url.hasPrefix("wss:") {
        tally.add(.websocketTracker, "tracker \(RedactedURL.escaped(url)): for browsers alone")
      }
      if !seen.insert(url).inserted {
        tally.add(.duplicateTracker, "tracker \(RedactedURL.escaped(url)): listed more than once")
      }
    }
  }

  func checkWebSeeds(_ tally: inout LintTally) {
    for url in webSeeds {
      check(url, as: .webSeedURL, schemes: ["http", "https", "ftp"], &tally)
      // BEP 19: the torrent's name and the file's path are put behind it.
      if !isSingleFile, !url.hasSuffix("/") {
        tally.add(.webSeedURL, "web seed \(RedactedURL.escaped(url)): for several files it must end in /")
      }
    }
  }

  private func check(_ url: String, as lint: Lint, schemes: Set<String>, _ tally: inout LintTally) {
    let form = URLForm(url, schemes: schemes)
    let what = lint == .webSeedURL ? "web seed" : "tracker"
    if let fault = form.fault { tally.add(lint, "\(what) \(RedactedURL.escaped(url)): \(fault)") }
    if form.hasUserInformation {
      tally.add(.trackerPassword, "\(what) \(RedactedURL.escaped(url)): holds a user's name or password")
    }
  }
}
