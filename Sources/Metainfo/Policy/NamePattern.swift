/// What a `Glob` says of one name of a path.
struct NamePattern: Hashable, Sendable {
  private enum BencodeToken: Hashable {
    case character(Unicode.Scalar)
    /// Any one character.
    case any
    /// Any run of characters, none included.
    case run
    case set([ClosedRange<Unicode.Scalar>], isNegated: Bool)
  }

  private var tokens: [BencodeToken] = []

  init(_ text: some Sequence<Unicode.Scalar>) throws(Glob.Malformed) {
    var rest = Array(text)[...]
    while let scalar = rest.popFirst() {
      switch scalar {
      case "*": if tokens.last != .run { tokens.append(.run) }
      case "?": tokens.append(.any)
      case "[": tokens.append(try Self.set(&rest))
      case "\\":
        guard let next = rest.popFirst() else { throw .danglingEscape }
        tokens.append(.character(next))
      default: tokens.append(.character(scalar))
      }
    }
  }

  /// What stands behind a `[`, up to its `]`. A `]` that comes first is a member.
  private static func set(_ rest: inout ArraySlice<Unicode.Scalar>) throws(Glob.Malformed) -> BencodeToken {
    var ranges: [ClosedRange<Unicode.Scalar>] = []
    let isNegated = rest.first == "!" || rest.first == "^"
    if isNegated { rest.removeFirst() }
    while let first = rest.first {
      if first == "]", !ranges.isEmpty {
        rest.removeFirst()
        return .set(ranges, isNegated: isNegated)
      }
      let low = try member(&rest)
      guard rest.first == "-", let behind = rest.dropFirst().first, behind != "]" else {
        ranges.append(low...low)
        continue
      }
      rest.removeFirst()
      let high = try member(&rest)
      guard low <= high else { throw .reversedRange(low, high) }
      ranges.append(low...high)
    }
    throw .unclosedSet
  }

  private static func member(_ rest: inout ArraySlice<Unicode.Scalar>) throws(Glob.Malformed)
    -> Unicode.Scalar
  {
    guard let scalar = rest.popFirst() else { throw .unclosedSet }
    guard scalar == "\\" else { return scalar }
    guard let next = rest.popFirst() else { throw .unclosedSet }
    return next
  }

  /// Whether it is the whole name. O(name × pattern): after a mismatch only the last run is made longer, since
  /// the ones before it have nothing to gain.
  func matches(_ name: [Unicode.Scalar]) -> Bool {
    var token = 0
    var place = 0
    /// Behind the last run: where the pattern goes on, and where in the name the run ends so far.
    var retry: (token: Int, place: Int)?
    while place < name.count {
      if token < tokens.count, tokens[token] == .run {
        token += 1
        retry = (token, place)
      } else if token < tokens.count, Self.matches(tokens[token], name[place]) {
        token += 1
        place += 1
      } else if let last = retry {
        token = last.token
        place = last.place + 1
        retry = (token, place)
      } else {
        return false
      }
    }
    return tokens[token...].allSatisfy { $0 == .run }
  }

  private static func matches(_ token: BencodeToken, _ scalar: Unicode.Scalar) -> Bool {
    switch token {
    case .character(let wanted): scalar == wanted
    case .any, .run: true
    case .set(let ranges, let isNegated): ranges.contains { $0.contains(scalar) } != isNegated
    }
  }
}
