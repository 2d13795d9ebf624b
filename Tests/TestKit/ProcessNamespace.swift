import Glibc
import Synchronization

/// A network namespace of a test's own, removed with this object.
///
/// A program in it sees a loopback interface of its own and nothing of the outside, so it may use its default ports
/// and multicast without reaching anybody.
public final class NetworkNamespace: Sendable {
  public let name: String
  private let ip: String

  /// What goes before a command so that it runs inside.
  public var prefix: [String] { [ip, "netns", "exec", name] }

  private static let count = Atomic<Int>(0)

  /// Makes one with loopback up and multicast routed over it.
  public init() throws {
    guard let ip = ReferenceClient.findProgram("ip") else { throw ProcessFailure("ip is not installed") }
    self.ip = ip
    let number = Self.count.wrappingAdd(1, ordering: .relaxed).newValue
    name = "tctl-\(getpid())-\(number)"
    try run(["netns", "add", name])
    try run(["-n", name, "link", "set", "lo", "up", "multicast", "on"])
    try run(["-n", name, "route", "add", "224.0.0.0/4", "dev", "lo"])
  }

  deinit { _ = ReferenceClient.runs([ip, "netns", "delete", name]) }

  /// Joins two namespaces by a cable and gives each end an address of 10.99.0.0/24.
  public static func joined() throws -> (first: NetworkNamespace, second: NetworkNamespace) {
    let (first, second) = (try NetworkNamespace(), try NetworkNamespace())
    let (left, right) = ("veth0", "veth0")
    try first.run([
      "-n", first.name, "link", "add", left, "type", "veth", "peer", "name", right, "netns", second.name,
    ])
    for (space, address) in [(first, firstAddress), (second, secondAddress)] {
      try space.run(["-n", space.name, "address", "add", "\(address)/24", "dev", "veth0"])
      try space.run(["-n", space.name, "link", "set", "veth0", "up"])
    }
    return (first, second)
  }

  public static let firstAddress = "10.99.0.1"
  public static let secondAddress = "10.99.0.2"

  /// Whether this machine lets us make them: it takes root and the `ip` program.
  public static let canBeMade: Bool = (try? joined()) != nil

  private func run(_ arguments: [String]) throws {
    guard ReferenceClient.runs([ip] + arguments) else {
      throw ProcessFailure("ip \(arguments.joined(separator: " ")) failed")
    }
  }
}
