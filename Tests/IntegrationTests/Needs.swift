import TestKit
import Testing

/// What a test needs of the machine. Where it is missing the test is skipped, and says by name for want of what.
extension Trait where Self == ConditionTrait {
  static func needs(_ client: ReferenceClient) -> Self {
    .enabled("\(client) is not installed") { client.isInstalled }
  }

  static var needsPython: Self { .enabled("python3 is not installed") { ReferenceClient.python != nil } }

  static var needsNamespaces: Self {
    .enabled("network namespaces can't be made (no root, or no `ip`)") { NetworkNamespace.canBeMade }
  }
}
