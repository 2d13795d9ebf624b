/// Who told of an address.
public enum AddressOrigin: Hashable, Sendable {
  /// The user, by name: it is never given up.
  case user
  case tracker
  /// Local service discovery.
  case neighbourhood
}
