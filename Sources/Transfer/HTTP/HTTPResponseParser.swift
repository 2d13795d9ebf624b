import Text

/// Reads one HTTP/1 answer from bytes as they come (RFC 9112).
///
/// Feed it with `consume`; when the connection ends, call `finish`. After an error the parser must not be
/// used further. Memory is bounded by the limits whatever is sent; bytes after the end of the answer are
/// ignored.
public struct HTTPResponseParser: Sendable {
  /// How much of an answer is taken before it is refused.
  public struct Limits: Hashable, Sendable {
    /// Bytes of status line, header fields, chunk extensions and trailer fields together.
    public var headerBytes = 32 * 1024
    /// Header fields.
    public var fields = 100
    /// Bytes of body.
    public var body = 1024 * 1024

    public init() {}
  }

  enum State: Hashable, Sendable {
    case statusLine, header
    case fixed(remaining: Int)
    case chunkSize
    case chunkData(remaining: Int)
    case chunkEnd, trailer, untilClose, complete
  }

  /// Present once all header fields have been read (that of an interim 1xx answer never is).
  public private(set) var head: HTTPResponseHead?
  public private(set) var body: [UInt8] = []

  let limits: Limits
  private var state = State.statusLine
  private var pendingHead: HTTPResponseHead?
  /// The line being read, without its end.
  private var line: [UInt8] = []
  /// Bytes counted against `limits.headerBytes`.
  private var overhead = 0
  private var hasBegun = false

  public init(limits: Limits = Limits()) { self.limits = limits }

  /// The answer is whole; nothing more need be read.
  public var isComplete: Bool { state == .complete }

  /// Takes the next bytes of the connection. O(bytes)
  public mutating func consume(_ bytes: some RandomAccessCollection<UInt8>) throws(HTTPError) {
    var rest = bytes[...]
    if !rest.isEmpty { hasBegun = true }
    while !rest.isEmpty {
      switch state {
      case .complete:
        return
      case .untilClose:
        try append(rest)
        return
      case .fixed(let remaining):
        let part = rest.prefix(remaining)
        try append(part)
        rest = rest.dropFirst(part.count)
        state = part.count == remaining ? .complete : .fixed(remaining: remaining - part.count)
      case .chunkData(let remaining):
        let part = rest.prefix(remaining)
        try append(part)
        rest = rest.dropFirst(part.count)
        state = part.count == remaining ? .chunkEnd : .chunkData(remaining: remaining - part.count)
      case .statusLine, .header, .chunkSize, .chunkEnd, .trailer:
        if let end = rest.firstIndex(of: 0x0a) {
          try extendLine(rest[..<end])
          rest = rest[rest.index(after: end)...]
          if line.last == 0x0d { line.removeLast() }
          try lineEnded()
          line.removeAll(keepingCapacity: true)
        } else {
          try extendLine(rest)
          return
        }
      }
    }
  }

  /// The connection has ended; an answer without a stated length ends with it.
  public mutating func finish() throws(HTTPError) {
    if state == .untilClose { state = .complete }
    guard state == .complete else { throw hasBegun ? .truncated : .noAnswer }
  }

  private mutating func append(_ bytes: some Collection<UInt8>) throws(HTTPError) {
    guard bytes.count <= limits.body - body.count else { throw .bodyTooLarge(limit: limits.body) }
    body.append(contentsOf: bytes)
  }

  private mutating func extendLine(_ bytes: some Collection<UInt8>) throws(HTTPError) {
    if state == .statusLine, line.count < 7 {
      // What can't become an answer is refused before its line ends, for it may never end.
      let start = line + bytes.prefix(7 - line.count)
      guard start.elementsEqual("HTTP/1.".utf8.prefix(start.count)) else { throw .notHTTP }
    }
    guard bytes.count <= limits.headerBytes - overhead - line.count else { throw .headerTooLarge }
    line.append(contentsOf: bytes)
  }

  private mutating func lineEnded() throws(HTTPError) {
    switch state {
    case .statusLine:
      try spend(line.count + 2)
      guard let head = HTTPResponseHead(statusLine: line[...]) else { throw .notHTTP }
      pendingHead = head
      state = .header
    case .header:
      try spend(line.count + 2)
      if line.isEmpty { try headerEnded() } else { try addField() }
    case .chunkSize:
      try chunkSizeLineEnded()
    case .chunkEnd:
      guard line.isEmpty else { throw .badChunk }
      state = .chunkSize
    case .trailer:
      try spend(line.count + 2)
      if line.isEmpty { state = .complete }
    case .fixed, .chunkData, .untilClose, .complete:
      break
    }
  }

  private mutating func spend(_ bytes: Int) throws(HTTPError) {
    overhead += bytes
    guard overhead <= limits.headerBytes else { throw .headerTooLarge }
  }

  private mutating func addField() throws(HTTPError) {
    guard var head = pendingHead else { throw .malformedHeader }
    if line[0] == 0x20 || line[0] == 0x09 {
      // A folded line belongs to the field before it (RFC 9112, 5.2).
      guard let last = head.fields.indices.last else { throw .malformedHeader }
      head.fields[last].value += " " + Self.trimmed(line[...])
    } else {
      guard head.fields.count < limits.fields else { throw .headerTooLarge }
      guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > 0,
        line[..<colon].allSatisfy({ $0 > 0x20 && $0 < 0x7f })
      else { throw .malformedHeader }
      head.fields.append(
        .init(
          name: String(decoding: line[..<colon], as: UTF8.self).lowercased(),
          value: Self.trimmed(line[(colon + 1)...])))
    }
    pendingHead = head
  }

  private mutating func headerEnded() throws(HTTPError) {
    guard let head = pendingHead else { throw .malformedHeader }
    pendingHead = nil
    if head.status < 200 {
      // An interim answer; the real one follows. 101 can't, as no upgrade is ever asked for.
      guard head.status != 101 else { throw .notHTTP }
      state = .statusLine
      return
    }
    self.head = head
    state = try HTTPBodyLength(of: head).firstState(limits: limits)
  }

  /// "1a3" or "1a3;name=value": hexadecimal digits, then possibly an extension, which is ignored. Only what
  /// goes beyond the digits counts as overhead: the digits are paid for by the chunk.
  private mutating func chunkSizeLineEnded() throws(HTTPError) {
    var size = 0
    var digits = 0
    for byte in line {
      guard let digit = Hexadecimal.value(byte) else { break }
      digits += 1
      let (product, overflow) = size.multipliedReportingOverflow(by: 16)
      guard !overflow, digits <= 32 else { throw .badChunk }
      size = product + Int(digit)
    }
    let tail = line[digits...]
    let text = tail.drop { $0 == 0x20 || $0 == 0x09 }
    guard digits > 0, text.isEmpty || text.first == UInt8(ascii: ";") else { throw .badChunk }
    try spend(tail.count)
    guard size <= limits.body - body.count else { throw .bodyTooLarge(limit: limits.body) }
    state = size == 0 ? .trailer : .chunkData(remaining: size)
  }

  static func trimmed(_ bytes: ArraySlice<UInt8>) -> String {
    let isSpace = { (byte: UInt8) in byte == 0x20 || byte == 0x09 }
    let head = bytes.drop(while: isSpace)
    let end = head.lastIndex { !isSpace($0) }.map { $0 + 1 } ?? head.startIndex
    return String(decoding: head[..<end], as: UTF8.self)
  }
}
