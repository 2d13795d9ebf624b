/// Turns bytes into tokens in one pass, without recursion and without a stack: an open list or dictionary
/// keeps the number of the one around it in its own token until its span is known.
struct Scanner: ~Copyable {
  private(set) var warnings: [BencodeWarning] = []
  private let limits: BencodeLimits
  private let reading: BencodeDocument.Reading

  init(limits: BencodeLimits, reading: BencodeDocument.Reading) {
    self.limits = limits
    self.reading = reading
  }

  /// The tokens of the one value that the bytes are. O(bytes), apart from the comparison of neighbouring keys, which
  /// is too.
  mutating func scan(_ bytes: borrowing Span<UInt8>) throws(BencodeError) -> [BencodeToken] {
    guard bytes.count <= min(limits.size, BencodeLimits.maximumSize) else {
      throw BencodeError(.sizeLimit, at: limits.size)
    }
    let tokenLimit = max(0, min(limits.tokens, BencodeLimits.maximumTokens))
    // No token takes less than a byte, besides the last; memory that is reserved and not touched is free.
    let capacity = min(tokenLimit, bytes.count) + 1
    return try [BencodeToken](capacity: capacity) {
      (tokens: inout OutputSpan<BencodeToken>) throws(BencodeError) in
      try scan(bytes, into: &tokens, limit: tokenLimit)
    }
  }

  private mutating func scan(
    _ bytes: borrowing Span<UInt8>, into tokens: inout OutputSpan<BencodeToken>, limit tokenLimit: Int
  ) throws(BencodeError) {
    let depthLimit = min(limits.depth, BencodeLimits.maximumDepth)
    var position = 0
    var depth = 0
    // The innermost open list or dictionary, plus 1; 0 outside of all.
    var enclosing = 0
    var inDictionary = false
    // In a dictionary: the value of `lastKey` comes next. Otherwise a key does.
    var valueIsDue = false
    // The token of the last key of the innermost dictionary, plus 1; 0 before the first.
    var lastKey = 0

    repeat {
      guard position < bytes.count else { throw BencodeError(.unexpectedEnd, at: position) }
      guard tokens.count < tokenLimit else { throw BencodeError(.tokenLimit, at: position) }
      let start = position
      let byte = bytes[position]
      let keyIsDue = inDictionary && !valueIsDue

      if byte &- UInt8(ascii: "0") < 10 {
        let content = try length(bytes, &position, isKey: keyIsDue)
        tokens.append(BencodeToken(.string, offset: start, payload: content - start))
        if keyIsDue {
          if lastKey != 0 { try compareKeys(bytes, tokens, lastKey - 1, with: content..<position, at: start) }
          lastKey = tokens.count
          valueIsDue = true
          continue
        }
      } else if byte == UInt8(ascii: "e") {
        guard enclosing != 0 else { throw BencodeError(.unexpectedEnd, at: position) }
        guard !valueIsDue else { throw BencodeError(.expectedValue, at: position) }
        tokens.append(BencodeToken(.end, offset: position))
        position += 1
        depth -= 1
        let closed = enclosing - 1
        enclosing = tokens[closed].payload
        tokens[closed].payload = tokens.count - closed
        inDictionary = enclosing != 0 && tokens[enclosing - 1].kind == .dictionary
        // In a dictionary the key is the token in front of its value.
        lastKey = closed
      } else if keyIsDue {
        throw BencodeError(.expectedDigit, at: position)
      } else if byte == UInt8(ascii: "i") {
        try integer(bytes, &position)
        tokens.append(BencodeToken(.integer, offset: start))
      } else if byte == UInt8(ascii: "l") || byte == UInt8(ascii: "d") {
        depth += 1
        guard depth <= depthLimit else { throw BencodeError(.depthLimit, at: position) }
        inDictionary = byte == UInt8(ascii: "d")
        tokens.append(BencodeToken(inDictionary ? .dictionary : .list, offset: start, payload: enclosing))
        enclosing = tokens.count
        lastKey = 0
        position += 1
      } else {
        throw BencodeError(.expectedValue, at: position)
      }
      valueIsDue = false
    } while enclosing != 0

    tokens.append(BencodeToken(.end, offset: position))
    if position < bytes.count { try warn(.trailingBytes, at: position) }
  }

  /// Reads "LENGTH:" and steps over the content; returns where the content starts.
  @inline(__always)
  private mutating func length(
    _ bytes: borrowing Span<UInt8>, _ position: inout Int, isKey: Bool
  ) throws(BencodeError) -> Int {
    let start = position
    var length = 0
    while position < bytes.count {
      let digit = bytes[position] &- UInt8(ascii: "0")
      guard digit < 10 else { break }
      // Below this bound the next line can't overflow; lengths past it are far beyond any document.
      guard length <= (Int.max - 9) / 10 else { throw BencodeError(.overflow, at: position) }
      length = length * 10 + Int(digit)
      position += 1
    }
    guard position < bytes.count else {
      throw BencodeError(isKey ? .expectedColon : .unexpectedEnd, at: position)
    }
    guard bytes[position] == UInt8(ascii: ":") else { throw BencodeError(.expectedColon, at: position) }
    let digits = position - start
    if digits > 1, bytes[start] == UInt8(ascii: "0") {
      guard length != 0 else { throw BencodeError(.zeroLength, at: start) }
      guard digits <= 20 else { throw BencodeError(.overflow, at: start) }
      try warn(.leadingZero, at: start)
    }
    position += 1
    guard length <= bytes.count - position else { throw BencodeError(.unexpectedEnd, at: start) }
    let content = position
    position += length
    return content
  }

  /// Steps over "iDIGITSe". The value is read when it is asked for.
  @inline(__always)
  private mutating func integer(
    _ bytes: borrowing Span<UInt8>, _ position: inout Int
  ) throws(BencodeError) {
    let start = position
    position += 1
    guard position < bytes.count else { throw BencodeError(.unexpectedEnd, at: position) }
    let isNegative = bytes[position] == UInt8(ascii: "-")
    if isNegative { position += 1 }
    let first = position
    while position < bytes.count, bytes[position] &- UInt8(ascii: "0") < 10 {
      guard position - first < 20 else { throw BencodeError(.overflow, at: position) }
      position += 1
    }
    guard position < bytes.count else { throw BencodeError(.unexpectedEnd, at: position) }
    let digits = position - first
    guard digits > 0, bytes[position] == UInt8(ascii: "e") else {
      throw BencodeError(.expectedDigit, at: position)
    }
    position += 1
    if bytes[first] == UInt8(ascii: "0") {
      if digits > 1 {
        try warn(.leadingZero, at: start)
      } else if isNegative {
        try warn(.negativeZero, at: start)
      }
    }
  }

  /// Reports a key that isn't greater than the one before it.
  private mutating func compareKeys(
    _ bytes: borrowing Span<UInt8>, _ tokens: borrowing OutputSpan<BencodeToken>, _ lastKey: Int,
    with key: Range<Int>, at offset: Int
  ) throws(BencodeError) {
    let last = tokens[lastKey]
    var a = Int(last.offset) + last.payload
    // The last key ends where its value starts.
    let aEnd = Int(tokens[lastKey + 1].offset)
    var b = key.lowerBound
    while a < aEnd, b < key.upperBound {
      if bytes[a] < bytes[b] { return }
      if bytes[a] > bytes[b] { return try warn(.unsortedKeys, at: offset) }
      a += 1
      b += 1
    }
    if b < key.upperBound { return }
    try warn(a < aEnd ? .unsortedKeys : .duplicateKey, at: offset)
  }

  @inline(never)
  private mutating func warn(_ code: BencodeWarning.Code, at offset: Int) throws(BencodeError) {
    guard reading == .lenient else { throw BencodeError(.notCanonical(code), at: offset) }
    guard warnings.count < max(limits.warnings, BencodeWarning.maximumCount) else { return }
    warnings.append(BencodeWarning(code, at: offset))
  }
}
