import Text

/// Takes a magnet link apart, parameter by parameter.
struct MagnetParser {
  private(set) var v1: InfoHash?
  private(set) var v2: InfoHashV2?
  private(set) var name: String?
  private(set) var exactLength: Int?
  private(set) var trackers = Unique<String>()
  private(set) var webSeeds = Unique<String>()
  private(set) var peers = Unique<MagnetLink.Peer>()
  private(set) var nodes = Unique<BootstrapNode>()
  private(set) var selection: [ClosedRange<Int>] = []
  private(set) var warnings: [MetainfoWarning] = []

  /// Values in the order in which they came, none twice.
  struct Unique<Value: Hashable & Sendable>: Sendable {
    private(set) var all: [Value] = []
    private var seen: Set<Value> = []

    mutating func add(_ value: Value) { if seen.insert(value).inserted { all.append(value) } }
  }

  private static let prefix = Array("magnet:?".utf8)

  mutating func parse(_ link: [UInt8]) throws(MagnetError) {
    guard link.count >= Self.prefix.count,
      Self.prefix.elementsEqual(link.prefix(Self.prefix.count).map(lowercase))
    else { throw MagnetError(.notMagnet, "not a magnet link: it doesn't begin with \"magnet:?\"") }
    guard link.count <= MagnetLink.maximumLength else {
      throw MagnetError(.tooLong, "\(link.count) bytes, the limit is \(MagnetLink.maximumLength)")
    }
    for parameter in link[Self.prefix.count...].split(separator: UInt8(ascii: "&")) {
      guard let equals = parameter.firstIndex(of: UInt8(ascii: "=")) else {
        ignore(key(parameter), "without a value")
        continue
      }
      try take(key(parameter[..<equals]), parameter[(equals + 1)...], at: parameter.startIndex)
    }
  }

  /// The key in lower case, without the number that may follow it.
  private func key(_ raw: ArraySlice<UInt8>) -> String {
    var key = raw.map(lowercase)[...]
    // What HTML makes of "&", copied from a page's source.
    let entity = Array("amp;".utf8)
    if key.starts(with: entity) { key = key.dropFirst(entity.count) }
    let digits = key.reversed().prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }.count
    if digits > 0, key.dropLast(digits).last == UInt8(ascii: ".") { key = key.dropLast(digits + 1) }
    return String(decoding: key, as: UTF8.self)
  }

  private mutating func take(_ key: String, _ value: ArraySlice<UInt8>, at offset: Int) throws(MagnetError) {
    // Other programs write a key without a value where they have nothing to say.
    guard !value.isEmpty else { return }
    switch key {
    case "xt": try takeTopic(value, at: offset)
    case "dn":
      let text = String(decoding: PercentEncoding.decodedForm(value), as: UTF8.self)
      if name == nil { name = text } else if name != text { ignore(key, "given twice") }
    case "xl":
      let length = self.text(value).flatMap { $0.utf8.allSatisfy(isDigit) ? Int($0) : nil }
      if let length, length <= PieceGeometry.maximumTotalLength {
        if exactLength == nil {
          exactLength = length
        } else if exactLength != length {
          ignore(key, "given twice")
        }
      } else {
        ignore(key, "not a size")
      }
    case "tr": if let url = url(key, value) { trackers.add(url) }
    case "ws": if let url = url(key, value) { webSeeds.add(url) }
    case "x.pe": if let peer = peer(key, value) { peers.add(peer) }
    case "dht":
      if let peer = peer(key, value), let node = BootstrapNode(host: peer.host, port: peer.port) {
        nodes.add(node)
      }
    case "so":
      guard let text = text(value) else { return ignore(key, "malformed percent-encoding") }
      for item in text.utf8.split(separator: UInt8(ascii: ",")) {
        if let range = FileIndices.range(item) {
          selection.append(range)
        } else {
          ignore(key, "'\(Escaping.escaped(item))' is not the index of a file or a range of them")
        }
      }
    default: ignore(key, "unknown")
    }
  }

  /// The exact topic: what names the torrent.
  private mutating func takeTopic(_ value: ArraySlice<UInt8>, at offset: Int) throws(MagnetError) {
    let topic: [UInt8]
    do throws(PercentEncoding.Malformed) { topic = try PercentEncoding.decoded(value) } catch {
      throw MagnetError(
        .invalidEscape, parameter: "xt", at: value.startIndex + error.offset, "malformed percent-encoding")
    }
    let scheme = String(decoding: topic.prefix(9).map(lowercase), as: UTF8.self)
    let digits = topic.dropFirst(9)
    switch scheme {
    case "urn:btih:":
      let hash = try Self.hash(digits, at: offset)
      if let v1, v1 != hash { throw Self.conflict(offset) }
      v1 = hash
    case "urn:btmh:":
      let hash = try Self.multihash(digits, at: offset)
      if let v2, v2 != hash { throw Self.conflict(offset) }
      v2 = hash
    default: ignore("xt", "'\(Escaping.escaped(topic.prefix(40)))' is no info-hash")
    }
  }

  private static func hash(_ digits: ArraySlice<UInt8>, at offset: Int) throws(MagnetError) -> InfoHash {
    let bytes: [UInt8]?
    switch digits.count {
    case 40: bytes = Hexadecimal.bytes(digits)
    case 32: bytes = Base32.bytes(digits)
    default:
      throw invalid(offset, "\(digits.count) characters, not 40 hexadecimal or 32 base 32 digits")
    }
    guard let hash = bytes.flatMap({ InfoHash($0) }) else {
      throw invalid(
        offset,
        "'\(Escaping.escaped(digits))' has other characters than \(digits.count == 40 ? "hexadecimal" : "base 32") digits"
      )
    }
    return hash
  }

  /// A multihash: which digest, how many bytes, and those.
  private static func multihash(_ digits: ArraySlice<UInt8>, at offset: Int) throws(MagnetError) -> InfoHashV2
  {
    guard let bytes = Hexadecimal.bytes(digits) else {
      throw invalid(offset, "'\(Escaping.escaped(digits.prefix(100)))' is not pairs of hexadecimal digits")
    }
    guard bytes.starts(with: [0x12, 0x20]) else { throw invalid(offset, "not a digest by SHA-256 (1220…)") }
    guard let hash = InfoHashV2(bytes.dropFirst(2)) else {
      throw invalid(offset, "\(digits.count) characters, not 1220 and 64 hexadecimal digits")
    }
    return hash
  }

  private static func invalid(_ offset: Int, _ reason: String) -> MagnetError {
    MagnetError(.invalidInfoHash, parameter: "xt", at: offset, reason)
  }

  private static func conflict(_ offset: Int) -> MagnetError {
    MagnetError(
      .conflictingInfoHashes, parameter: "xt", at: offset, "another info-hash than the one before")
  }

  private mutating func url(_ key: String, _ value: ArraySlice<UInt8>) -> String? {
    guard let text = text(value) else {
      ignore(key, "malformed percent-encoding")
      return nil
    }
    return text.trimmingWhitespace()
  }

  private mutating func peer(_ key: String, _ value: ArraySlice<UInt8>) -> MagnetLink.Peer? {
    let peer = text(value).flatMap { MagnetLink.Peer($0) }
    if peer == nil { ignore(key, "'\(Escaping.escaped(value.prefix(100)))' is not HOST:PORT") }
    return peer
  }

  /// The value decoded; `nil` when it is encoded wrongly, or not as UTF-8.
  private func text(_ value: ArraySlice<UInt8>) -> String? {
    (try? PercentEncoding.decoded(value)).flatMap { String(validating: $0, as: UTF8.self) }
  }

  private mutating func ignore(_ key: String, _ reason: String) {
    guard warnings.count < MetainfoWarning.maximumCount else { return }
    warnings.append(.ignored(field: Escaping.escaped(String(key.prefix(40))), reason: reason))
  }

  private func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

  private func lowercase(_ byte: UInt8) -> UInt8 {
    (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
  }
}
