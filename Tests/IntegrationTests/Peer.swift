import Foundation
import TestKit

/// A program that takes part in a swarm: ours, or one of the reference clients.
enum Peer: String, CustomStringConvertible {
  case torrentctl, libtorrent, aria2, transmission

  var description: String { rawValue }

  /// Only ours and libtorrent can be told of a peer; the others ask a tracker.
  var needsTracker: Bool { self == .aria2 || self == .transmission }

  /// Starts a seeder and waits until it has checked all its content and listens. Gives the port.
  func seed(_ content: SampleContent, on host: Host) async throws -> (process: ProcessChild, port: Int) {
    let folder = try content.scratch.folder("seeder")
    switch self {
    case .torrentctl:
      let child = try Torrentctl.start(
        "seeder",
        ["seed"] + content.torrents + ["--content", content.source, "--bind", host.address, "--port", "0"]
          + ["--no-lsd", "--events"], host: host, folder: folder)
      let port = try await child.listeningPort()
      _ = try await eventually("seeder has verified all", within: .seconds(30), saying: child.report) {
        child.events.filter { $0.event == "verified" && $0.good == $0.total }.count == content.torrents.count
          ? true : nil
      }
      return (child, port)
    case .libtorrent:
      let child = try ProcessChild(
        "seeder",
        try host.prefix + ReferenceClient.driver("libtorrent_peer")
          + ["--bind", host.address, "--save", content.source] + content.torrents, folder: folder)
      _ = try await eventually("seeder has checked all", within: .seconds(30), saying: child.report) {
        child.events.filter { $0.event == "ready" && $0.seeding == true }.count == content.torrents.count
          ? true : nil
      }
      return (child, try await child.listeningPort())
    case .aria2:
      let port = try Peer.freePort()
      let child = try startAria2(
        "seeder", content, into: content.source, port: port, on: host, folder: folder)
      _ = try await eventually("seeder has checked all", within: .seconds(30), saying: child.report) {
        let verified = child.output.split(separator: "\n").filter {
          $0.contains("Verification finished successfully")
        }
        return verified.count == content.torrents.count ? true : nil
      }
      return (child, port)
    case .transmission:
      let port = try Peer.freePort()
      let child = try await startTransmission(
        "seeder", content, into: content.source, port: port, on: host, folder: folder)
      return (child, port)
    }
  }

  /// Starts what downloads all the torrents into `copy`, and waits until it says it is done.
  func download(
    _ content: SampleContent, into copy: String, from seeder: (host: Host, port: Int), on host: Host
  )
    async throws -> [ProcessChild]
  {
    let folder = try content.scratch.folder("leecher")
    let address = "\(seeder.host.address):\(seeder.port)"
    switch self {
    case .torrentctl:
      var children: [ProcessChild] = []
      for (number, (name, torrent)) in zip(content.names, content.torrents).enumerated() {
        // An address for each: Transmission turns down a second handshake from an address while one is under way.
        children.append(
          try Torrentctl.start(
            "download-\(name)",
            [
              "download", torrent, "-o", copy, "--bind", "127.0.1.\(number + 1)", "--port", "0", "--no-lsd",
              "--events",
            ]
              + ["--timeout", "60s", "--peer", address], host: host, folder: folder))
      }
      for child in children {
        let code = try await child.exit(within: .seconds(75))
        guard code == 0 else { throw ProcessFailure(child.report()) }
      }
      return children
    case .libtorrent:
      let child = try ProcessChild(
        "leecher",
        try host.prefix + ReferenceClient.driver("libtorrent_peer")
          + ["--bind", host.address, "--save", copy, "--peer", address] + content.torrents, folder: folder)
      _ = try await eventually("leecher has all", within: .seconds(60), saying: child.report) {
        child.events.filter { $0.event == "complete" }.count == content.torrents.count ? true : nil
      }
      return [child]
    case .aria2:
      let child = try startAria2(
        "leecher", content, into: copy, port: try Peer.freePort(), on: host, folder: folder)
      let code = try await child.exit(within: .seconds(90))
      guard code == 0 else { throw ProcessFailure(child.report()) }
      return [child]
    case .transmission:
      return [
        try await startTransmission(
          "leecher", content, into: copy, port: try Peer.freePort(), on: host, folder: folder)
      ]
    }
  }

  /// aria2 as a seeder stays; as a leecher it ends when all is there.
  private func startAria2(
    _ name: String, _ content: SampleContent, into directory: String, port: Int, on host: Host, folder: String
  ) throws -> ProcessChild {
    let seeds = name == "seeder"
    return try ProcessChild(
      name,
      host.prefix + Peer.limited + [
        "aria2c", "--no-conf", "--interface=\(host.address)", "--disable-ipv6", "--listen-port=\(port)",
        "--enable-dht=false", "--enable-dht6=false", "--bt-enable-lpd=false", "--enable-peer-exchange=false",
        "--dir=\(directory)", "--file-allocation=none", "--check-integrity=\(seeds)", "--seed-ratio=0.0",
        "--console-log-level=notice", "--summary-interval=0", "--show-console-readout=false", "-j", "32",
        "--bt-max-peers=8", "--bt-request-peer-speed-limit=1000M", "--bt-tracker-interval=1",
      ] + (seeds ? [] : ["--seed-time=0"]) + content.torrents, folder: folder)
  }

  /// Transmission finds the torrents in its watch folder; gives back control when it reports all of them complete.
  private func startTransmission(
    _ name: String, _ content: SampleContent, into directory: String, port: Int, on host: Host, folder: String
  ) async throws -> ProcessChild {
    let rpcPort = try Peer.freePort()
    let settings: [String: Any] = [
      "bind-address-ipv4": host.address, "bind-address-ipv6": "::1", "peer-port": port, "rpc-port": rpcPort,
      "rpc-bind-address": "127.0.0.1", "rpc-whitelist-enabled": false, "rpc-host-whitelist-enabled": false,
      "rpc-authentication-required": false, "dht-enabled": false, "lpd-enabled": false, "pex-enabled": false,
      "utp-enabled": false, "port-forwarding-enabled": false, "download-dir": directory,
      "incomplete-dir-enabled": false, "download-queue-enabled": false, "seed-queue-enabled": false,
      "rename-partial-files": true, "encryption": 0, "start-added-torrents": true, "preallocation": 0,
      "trash-original-torrent-files": false,
    ]
    let home = "\(folder)/transmission"
    try FileManager.default.createDirectory(atPath: home, withIntermediateDirectories: true)
    try JSONSerialization.data(withJSONObject: settings).write(
      to: URL(fileURLWithPath: "\(home)/settings.json"))
    let daemon = try ProcessChild(
      name, host.prefix + Peer.limited + ["transmission-daemon", "--foreground", "--config-dir", home],
      folder: folder)
    let remote = host.prefix + ["transmission-remote", "127.0.0.1:\(rpcPort)"]
    _ = try await eventually("\(name) answers", within: .seconds(20), saying: daemon.report) {
      ReferenceClient.runs(remote + ["--session-info"]) ? true : nil
    }
    for torrent in content.torrents {
      let add = try ProcessChild("add", remote + ["--add", torrent], folder: folder)
      guard try await add.exit(within: .seconds(10)) == 0 else { throw ProcessFailure(add.report()) }
    }
    while true {
      let list = try ProcessChild("list", remote + ["--list"], folder: folder)
      _ = try await list.exit(within: .seconds(10))
      let done = list.output.split(separator: "\n").filter {
        $0.contains("100%") && !$0.contains("Verifying") && !$0.contains("Will Verify")
      }
      if done.count == content.torrents.count { return daemon }
      try await Task.sleep(for: .milliseconds(100))
    }
  }

  /// No reference client outlives a broken test run for long.
  static let limited = ["timeout", "--kill-after=5", "150"]

  /// A port that was free a moment ago, for programs that can't let the system choose.
  static func freePort() throws -> Int {
    let socket = Foundation.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    guard socket >= 0 else { throw ProcessFailure("socket: \(String(cString: strerror(errno)))") }
    defer { close(socket) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let port = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(socket, $0, length) == 0 && getsockname(socket, $0, &length) == 0
      }
    }
    guard port else { throw ProcessFailure("bind: \(String(cString: strerror(errno)))") }
    return Int(UInt16(bigEndian: address.sin_port))
  }
}
