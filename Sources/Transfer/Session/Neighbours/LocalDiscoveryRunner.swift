import Metainfo
import Platform

/// Finds peers on this machine and on its networks for all torrents of a session (BEP 14): performs what its
/// `LocalDiscoverySchedule` decides, over IPv4 and IPv6, on every interface that can multicast and on
/// loopback.
///
/// Lives on the loop's thread. A family that the machine lacks is left out without a word.
final class LocalDiscoveryRunner {
  enum Interfaces: Hashable {
    case all
    case loopbackOnly
    /// Those that have one of these addresses; an unspecified address stands for all of its family.
    case having([IPAddress])
  }

  /// Interfaces come and go; they are looked at again before an announce when the last look is older than
  /// this.
  private static let interfacesLifetime = Instant.Span.seconds(30)

  private let loop: EventLoop
  private let port: UInt16
  private let interfaces: Interfaces
  private let found: (InfoHash, Endpoint) -> Void
  private var schedule: LocalDiscoverySchedule
  private var members: [Member] = []
  private var lastLook: Instant?
  private var timer: Timer?

  /// A socket and its registration.
  private final class Member {
    var socket: LocalDiscoverySocket
    var registration: Registration?

    init(_ socket: consuming LocalDiscoverySocket) { self.socket = socket }
  }

  /// - Parameters:
  ///   - port: where this session accepts peers.
  ///   - found: hears of each peer that announces one of the torrents, again when it announces it again.
  init(
    loop: EventLoop, port: UInt16, interfaces: Interfaces, _ found: @escaping (InfoHash, Endpoint) -> Void
  ) {
    self.loop = loop
    self.port = port
    self.interfaces = interfaces
    self.found = found
    var random = SystemRandomNumberGenerator()
    schedule = LocalDiscoverySchedule(using: &random)
    for group in LocalDiscoveryGroup.allCases { open(group) }
    look()
  }

  /// Announces the torrent now and from now on.
  func add(_ torrent: InfoHash) {
    schedule.add(torrent, at: loop.now)
    pump()
  }

  func remove(_ torrent: InfoHash) { schedule.remove(torrent) }

  /// To be called before the runner is let go of.
  func close() {
    for member in members { member.registration.take().map(loop.unwatch) }
    members = []
    timer.take().map(loop.cancel)
  }

  private func open(_ group: LocalDiscoveryGroup) {
    do throws(SystemError) {
      let member = Member(try LocalDiscoverySocket(group))
      member.registration = try loop.watch(member.socket.raw, for: .read) { [weak self, unowned member] _ in
        self?.receive(member)
      }
      members.append(member)
    } catch {
      return
    }
  }

  private func receive(_ member: Member) {
    // A flood gets no more than this of the loop's time in one go.
    for _ in 0..<64 {
      guard let (message, sender) = member.socket.receive() else { break }
      for (infoHash, peer) in schedule.heard(message, from: sender, at: loop.now) { found(infoHash, peer) }
    }
    pump()
  }

  /// Announces what is due, and comes back for what is next.
  private func pump() {
    timer.take().map(loop.cancel)
    let due = schedule.takeDue(at: loop.now)
    if !due.isEmpty { look() }
    for infoHash in due {
      // One a message: not every client reads more.
      let message = LocalDiscoveryMessage(port: port, infoHashes: [infoHash], cookie: schedule.cookie)
      for member in members { member.socket.send(message.encoded(for: member.socket.group)) }
    }
    guard !members.isEmpty, let next = schedule.nextDue else { return }
    timer = loop.schedule(after: next - loop.now) { [weak self] in self?.pump() }
  }

  private func look() {
    if let lastLook, loop.now - lastLook < Self.interfacesLifetime { return }
    guard let all = try? NetworkInterface.all() else { return }
    lastLook = loop.now
    let usable = all.filter { $0.isUp && ($0.isLoopback || $0.supportsMulticast) }
    for member in members {
      member.socket.join(usable.compactMap { multicastInterface(of: $0, for: member.socket.group) })
    }
  }

  private func multicastInterface(
    of interface: NetworkInterface, for group: LocalDiscoveryGroup
  ) -> MulticastInterface? {
    let address = interface.addresses.first { address in
      guard address.isIPv4 == (group == .ipv4) else { return false }
      switch interfaces {
      case .all: return true
      case .loopbackOnly: return interface.isLoopback
      case .having(let addresses):
        return addresses.contains(address)
          || addresses.contains(group == .ipv4 ? IPAddress.anyIPv4 : IPAddress.anyIPv6)
      }
    }
    return address.map { group == .ipv4 ? .ipv4($0) : .ipv6(interface.index) }
  }
}
