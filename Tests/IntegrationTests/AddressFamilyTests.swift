import Foundation
import TestKit
import Testing

/// Machines with one family of addresses, or both.
@Suite("IPv4 and IPv6", .needsNamespaces, .timeLimit(.minutes(5)))
struct AddressFamilyTests {
  /// What is done to a namespace so that it has the other family alone, or both.
  private static func machine(_ families: String) throws -> NetworkNamespace {
    let space = try NetworkNamespace()
    let ip = try #require(ReferenceClient.findProgram("ip"))
    switch families {
    case "IPv6":
      try #require(
        ReferenceClient.runs([ip, "-n", space.name, "address", "delete", "127.0.0.1/8", "dev", "lo"]))
    case "IPv4":
      try #require(ReferenceClient.runs([ip, "-n", space.name, "address", "delete", "::1/128", "dev", "lo"]))
    default: break
    }
    return space
  }

  @Test("N11 with IPv6 alone, IPv4 alone, or both", arguments: ["IPv6", "IPv4", "both"])
  func families(families: String) async throws {
    let space = try Self.machine(families)
    let share = try await SharedFile("families", size: 1 << 20)
    let options = ["--port", "0", "--no-lsd", "--events"]
    let host = Host(prefix: space.prefix, address: "")
    let seeder = try Torrentctl.start(
      "seeder", ["seed", share.torrent, "--content", share.source] + options, host: host,
      folder: share.scratch.path)
    _ = try await seeder.event("verified")
    let port = try await seeder.listeningPort()
    let peers = ["[::1]:\(port)", "127.0.0.1:\(port)"].flatMap { ["--peer", $0] }
    let leecher = try Torrentctl.start(
      "leecher", ["download", share.torrent, "-o", try share.scratch.folder("copy")] + options + peers,
      host: host, folder: share.scratch.path)
    #expect(try await leecher.exit(within: .seconds(30)) == 0, "\(leecher.report())\n\(seeder.report())")
    #expect(share.copy("copy") == share.bytes)
    let used = leecher.events.filter { $0.event == "piece" }.compactMap(\.from).joined()
    if families != "IPv4" { #expect(families == "both" || used.allSatisfy { $0.hasPrefix("[") }) }
    if families != "IPv6" { #expect(families == "both" || used.allSatisfy { !$0.hasPrefix("[") }) }
    seeder.end()
  }
}
