import Platform

/// A socket in the multicast group of one family, on some of this machine's interfaces.
struct LocalDiscoverySocket: ~Copyable {
  let group: LocalDiscoveryGroup
  private let descriptor: Descriptor
  private var joined: [MulticastInterface] = []

  /// Many programs of a machine have this port together. Bound to the group itself, the socket hears what is
  /// sent to the group and nothing else.
  init(_ group: LocalDiscoveryGroup) throws(SystemError) {
    let descriptor = try Socket.bindDatagram(to: group.endpoint, shared: true)
    try Socket.hearJoinedGroupsOnly(descriptor.raw, isIPv4: group == .ipv4)
    self.group = group
    self.descriptor = descriptor
  }

  var raw: Int32 { descriptor.raw }

  /// Joins on what is new. An interface that refuses is asked again the next time.
  mutating func join(_ interfaces: [MulticastInterface]) {
    joined.removeAll { !interfaces.contains($0) }
    for interface in interfaces where !joined.contains(interface) {
      do throws(SystemError) {
        try Socket.join(descriptor.raw, group: group.endpoint.address, on: interface)
        joined.append(interface)
      } catch  where error.cause == .addressInUse {
        // It was away and is back: the membership has lasted.
        joined.append(interface)
      } catch {
        continue
      }
    }
  }

  /// Sends to the group on each interface. One that can't send now gets the next message.
  func send(_ bytes: [UInt8]) {
    for interface in joined {
      do throws(SystemError) { try Socket.sendMulticast(descriptor.raw, by: interface) } catch { continue }
      _ = bytes.withUnsafeBytes { Socket.send(descriptor.raw, $0, to: group.endpoint) }
    }
  }

  /// The next message that is one, with its sender; `nil` when there is none left. Passes over at most
  /// `limit` datagrams that are no messages.
  func receive(limit: Int = 64) -> (message: LocalDiscoveryMessage, sender: IPAddress)? {
    withUnsafeTemporaryAllocation(byteCount: LocalDiscoveryMessage.readLimit + 1, alignment: 1) { buffer in
      for _ in 0..<limit {
        var sender: Endpoint?
        switch Socket.receive(descriptor.raw, into: buffer, from: &sender) {
        case .bytes(let count):
          guard let sender, !sender.address.isLinkLocalIPv6,
            let message = LocalDiscoveryMessage(decoding: buffer[..<count])
          else { continue }
          return (message, sender.address)
        case .closed: continue
        case .wouldBlock, .failed: return nil
        }
      }
      return nil
    }
  }
}

extension IPAddress {
  /// fe80::/10: without its interface such an address can't be connected to.
  fileprivate var isLinkLocalIPv6: Bool {
    guard !isIPv4 else { return false }
    let bytes = bytes
    return bytes[0] == 0xfe && bytes[1] & 0xc0 == 0x80
  }
}
