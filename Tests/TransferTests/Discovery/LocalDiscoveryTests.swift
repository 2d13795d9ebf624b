import Metainfo
import Testing

@testable import Transfer

private let hash = InfoHash((0..<20).map { UInt8($0 * 13) })!
private let other = InfoHash([UInt8](repeating: 0xab, count: 20))!
private let hexadecimal = "000D1A2734414E5B6875828F9CA9B6C3D0DDEAF7"

private func at(_ seconds: Double) -> Instant { Instant(nanoseconds: Int64(seconds * 1e9)) }

@Suite struct LocalDiscoveryMessageTests {
  @Test("BEP 14 text as libtorrent, aria2 and Transmission read it") func encoding() {
    let message = LocalDiscoveryMessage(port: 6881, infoHashes: [hash], cookie: "1f")
    #expect(
      String(decoding: message.encoded(for: .ipv4), as: UTF8.self)
        == "BT-SEARCH * HTTP/1.1\r\nHost: 239.192.152.143:6771\r\nPort: 6881\r\nInfohash: \(hexadecimal)\r\n"
        + "cookie: 1f\r\n\r\n\r\n")
    #expect(
      String(decoding: message.encoded(for: .ipv6), as: UTF8.self).contains(
        "Host: [ff15::efc0:988f]:6771\r\n"))
    #expect(
      LocalDiscoveryMessage(port: 65535, infoHashes: [hash], cookie: "7fffffff").encoded(for: .ipv4).count
        <= 200)
  }

  @Test func roundTrip() {
    for hashes in [[hash], [hash, other]] {
      for cookie in [nil, "abc"] {
        let message = LocalDiscoveryMessage(port: 1, infoHashes: hashes, cookie: cookie)
        for group in LocalDiscoveryGroup.allCases {
          #expect(LocalDiscoveryMessage(decoding: message.encoded(for: group)) == message)
        }
      }
    }
  }

  @Test(
    "A cookie that could not be sent back as it is counts as none, and its sender as a neighbour",
    arguments: [
      "a\rb", "\r", "a\u{0}b", "a\u{1b}[2J", "caf\u{e9}", "\u{7f}", String(repeating: "x", count: 65),
    ])
  func oddCookie(_ cookie: String) {
    let plain = LocalDiscoveryMessage(port: 6881, infoHashes: [hash])
    let text =
      "BT-SEARCH * HTTP/1.1\r\nPort: 6881\r\nInfohash: \(hexadecimal)\r\ncookie: \(cookie)\r\n\r\n\r\n"
    #expect(LocalDiscoveryMessage(decoding: text.utf8) == plain)
    let own = LocalDiscoveryMessage(port: 6881, infoHashes: [hash], cookie: cookie)
    #expect(own == plain && own.encoded(for: .ipv4) == plain.encoded(for: .ipv4))
  }

  @Test("The longest cookie that is kept")
  func longCookie() {
    let message = LocalDiscoveryMessage(
      port: 1, infoHashes: [hash], cookie: String(repeating: "~", count: 64))
    #expect(message.cookie?.count == 64)
    #expect(LocalDiscoveryMessage(decoding: message.encoded(for: .ipv6)) == message)
  }

  @Test(arguments: [
    // aria2 sends lower-case digits and no cookie; others write names as they like.
    "BT-SEARCH * HTTP/1.1\r\nHost: x\r\nPort: 6881\r\nInfohash: \(hexadecimal.lowercased())\r\n\r\n\r\n",
    "BT-SEARCH * HTTP/1.1\nPORT:6881\nINFOHASH:\(hexadecimal)\n",
    "BT-SEARCH * HTTP/1.1\r\nPort: 6881\r\nInfohash: zz\r\nInfohash: \(hexadecimal)\r\nX: y\r\nInfohash: \(hexadecimal)",
  ])
  func lenient(_ text: String) {
    #expect(
      LocalDiscoveryMessage(decoding: text.utf8) == LocalDiscoveryMessage(port: 6881, infoHashes: [hash]))
  }

  @Test(arguments: [
    "", "\r\n", "BT-SEARCH", "GET * HTTP/1.1\r\nPort: 1\r\nInfohash: \(hexadecimal)\r\n\r\n\r\n",
    "BT-SEARCH * HTTP/1.1\r\nInfohash: \(hexadecimal)\r\n\r\n\r\n",
    "BT-SEARCH * HTTP/1.1\r\nPort: 1\r\n\r\nInfohash: \(hexadecimal)\r\n",
    "BT-SEARCH * HTTP/1.1\r\nPort: 0\r\nInfohash: \(hexadecimal)\r\n\r\n\r\n",
    "BT-SEARCH * HTTP/1.1\r\nPort: 65536\r\nInfohash: \(hexadecimal)\r\n\r\n\r\n",
    "BT-SEARCH * HTTP/1.1\r\nPort: -1\r\nInfohash: \(hexadecimal)\r\n\r\n\r\n",
    "BT-SEARCH * HTTP/1.1\r\nPort: 1\r\nInfohash: \(hexadecimal)0\r\n\r\n\r\n",
    "BT-SEARCH * HTTP/1.1\r\nPort: 1\r\nnonsense\r\nInfohash: \(hexadecimal)\r\n\r\n\r\n",
    "BT-SEARCH * HTTP/1.1\r\nPort: 1\r\nInfohash: \(hexadecimal)\r\nX: "
      + String(repeating: "x", count: 2048),
  ])
  func refused(_ text: String) { #expect(LocalDiscoveryMessage(decoding: text.utf8) == nil) }

  @Test("any bytes are a message or none, from any slice") func noise() {
    var random = SplitMix64(seed: 21)
    let seed = LocalDiscoveryMessage(port: 1, infoHashes: [hash, other], cookie: "1").encoded(for: .ipv4)
    for _ in 0..<5000 {
      var bytes = [0, 0] + seed
      for _ in 0..<3 {
        bytes[Int.random(in: 2..<bytes.count, using: &random)] = .random(in: 0...255, using: &random)
      }
      let slice = bytes[2..<Int.random(in: 2...bytes.count, using: &random)]
      if let message = LocalDiscoveryMessage(decoding: slice) {
        #expect(message.port > 0 && (1...2).contains(message.infoHashes.count))
      }
    }
  }
}

@Suite struct LocalDiscoveryScheduleTests {
  private var random = SplitMix64(seed: 5)
  private let address = IPAddress.loopbackIPv4

  private func take(_ schedule: inout LocalDiscoverySchedule, at now: Instant) -> [InfoHash] {
    schedule.takeDue(at: now)
  }

  private func heard(
    _ schedule: inout LocalDiscoverySchedule, port: UInt16, _ hashes: [InfoHash] = [hash],
    cookie: String? = "0",
    at now: Instant
  ) -> [Endpoint] {
    schedule.heard(
      LocalDiscoveryMessage(port: port, infoHashes: hashes, cookie: cookie), from: address, at: now
    )
    .map(\.peer)
  }

  @Test mutating func announcesAtOnceAndEveryFiveMinutes() {
    var schedule = LocalDiscoverySchedule(using: &random)
    #expect(schedule.nextDue == nil)
    schedule.add(hash, at: at(0))
    #expect(take(&schedule, at: at(0)) == [hash])
    #expect(take(&schedule, at: at(299)).isEmpty)
    schedule.add(other, at: at(299))
    schedule.add(hash, at: at(299))
    #expect(take(&schedule, at: at(299)) == [other])
    #expect(schedule.nextDue == at(300))
    #expect(take(&schedule, at: at(300)) == [hash])
    schedule.remove(hash)
    #expect(schedule.nextDue == at(599))
  }

  @Test mutating func answersANewPeerOnce() {
    var schedule = LocalDiscoverySchedule(using: &random)
    schedule.add(hash, at: at(0))
    _ = take(&schedule, at: at(0))
    #expect(heard(&schedule, port: 1, at: at(10)) == [Endpoint(address, port: 1)])
    #expect(take(&schedule, at: at(10)) == [hash])
    // A peer that is known is passed on again (its address may have been given up), but not answered.
    #expect(heard(&schedule, port: 1, at: at(10.05)) == [Endpoint(address, port: 1)])
    #expect(take(&schedule, at: at(10.06)).isEmpty)
    // Many new ones get one answer.
    for port in 2..<100 { _ = heard(&schedule, port: UInt16(port), at: at(10.1)) }
    #expect(take(&schedule, at: at(10.4)).isEmpty)
    #expect(schedule.nextDue == at(10.5))
    #expect(take(&schedule, at: at(10.5)) == [hash])
    #expect(take(&schedule, at: at(100)).isEmpty)
  }

  @Test mutating func answersAPeerThatWasStartedAgain() {
    var schedule = LocalDiscoverySchedule(using: &random)
    schedule.add(hash, at: at(0))
    _ = take(&schedule, at: at(0))
    for (second, cookie) in [(10.0, "a1"), (20.0, "b2"), (30.0, "c3")] {
      #expect(heard(&schedule, port: 1, cookie: cookie, at: at(second)) == [Endpoint(address, port: 1)])
      #expect(take(&schedule, at: at(second)) == [hash])
      _ = heard(&schedule, port: 1, cookie: cookie, at: at(second + 1))
      #expect(take(&schedule, at: at(second + 2)).isEmpty)
    }
  }

  @Test mutating func ignoresItselfAndStrangers() {
    var schedule = LocalDiscoverySchedule(using: &random)
    schedule.add(hash, at: at(0))
    _ = take(&schedule, at: at(0))
    #expect(heard(&schedule, port: 1, cookie: schedule.cookie, at: at(5)).isEmpty)
    #expect(heard(&schedule, port: 1, [other], at: at(5)).isEmpty)
    #expect(take(&schedule, at: at(6)).isEmpty)
    #expect(heard(&schedule, port: 1, [other, hash], cookie: nil, at: at(5)).count == 1)
  }

  @Test("two that start within the same second know each other within two") mutating func pairs() {
    for offset in [0.0, 0.3, 0.999, 5, 299.5] {
      var schedules = [LocalDiscoverySchedule(using: &random), LocalDiscoverySchedule(using: &random)]
      var met = [false, false]
      var isRunning = [true, false]
      schedules[0].add(hash, at: at(0))
      var time = 0.0
      while time <= offset + 2 {
        if time >= offset, !isRunning[1] {
          isRunning[1] = true
          schedules[1].add(hash, at: at(time))
        }
        for side in 0...1
        where isRunning[side] && !schedules[side].takeDue(at: at(time)).isEmpty && isRunning[1 - side] {
          if !heard(
            &schedules[1 - side], port: UInt16(side + 1), cookie: schedules[side].cookie, at: at(time)
          ).isEmpty {
            met[1 - side] = true
          }
        }
        time += 0.001
      }
      #expect(met == [true, true])
    }
  }
}
