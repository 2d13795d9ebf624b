import Bencode

/// What a peer that knows the extension protocol tells of itself, as the first of its extended messages (BEP 10).
///
/// All of it is what the peer says, and any of it may be missing: what is out of its range counts as not said, so
/// that nobody is sent away for an odd value. What isn't a dictionary at all is an error.
public struct ExtensionHandshake: Hashable, Sendable {
  /// Bytes of the dictionary that are read; others tell a few hundred.
  public static let longest = 16 << 10

  private static let limits = BencodeLimits(depth: 8, tokens: 1_000, size: longest)
  private static let messageLimit = 64
  private static let nameLimit = 64

  /// The ids, none of them twice, under which the peer takes extended messages, by their names (`m`).
  public var messages: [String: UInt8] = [:]
  /// The client's name and version, in its own words: to be escaped before they are shown (`v`). At most 64
  /// bytes.
  public var client: String?
  /// How many requests the peer keeps; what is asked for beyond may be dropped (`reqq`). 1 to 65,535.
  public var requestQueue: Int?
  /// Where the peer accepts connections (`p`); never 0.
  public var port: UInt16?
  /// The address at which it sees this side (`yourip`).
  public var yourAddress: IPAddress?

  public init(client: String? = nil, requestQueue: Int? = nil) {
    self.client = client
    self.requestQueue = requestQueue
  }

  /// O(bytes)
  public init(decoding bytes: [UInt8]) throws(WireError) {
    let root: BencodeNode
    do throws(BencodeError) { root = try BencodeDocument(bytes, limits: Self.limits).root } catch {
      throw .invalid(message: .extensionHandshake)
    }
    guard root.kind == .dictionary else { throw .invalid(message: .extensionHandshake) }
    if let names = root["m"], names.kind == .dictionary { messages = Self.messages(names) }
    client = root["v"]?.text.flatMap { $0.isEmpty || $0.utf8.count > Self.nameLimit ? nil : $0 }
    requestQueue = root["reqq"]?.integer.flatMap { $0 > 0 ? Int(min($0, 65_535)) : nil }
    port = root["p"]?.integer.flatMap { UInt16(exactly: $0) }.flatMap { $0 > 0 ? $0 : nil }
    yourAddress = root["yourip"]?.string.flatMap { IPAddress($0) }
  }

  /// An id of 0 says that a message is not wanted; of two that want one id, or one name, the first counts.
  private static func messages(_ names: BencodeNode) -> [String: UInt8] {
    var messages: [String: UInt8] = [:]
    var taken = Set<UInt8>()
    for (key, value) in names.entries where messages.count < messageLimit {
      guard key.count <= nameLimit, let name = String(validating: key, as: UTF8.self), messages[name] == nil,
        let id = value.integer.flatMap({ UInt8(exactly: $0) }), id > 0, taken.insert(id).inserted
      else { continue }
      messages[name] = id
    }
    return messages
  }

  /// The dictionary.
  public var encoded: [UInt8] {
    var writer = BencodeWriter()
    writer.dictionary { entries in
      entries.write("m") { writer in
        writer.dictionary { entries in
          for (name, id) in messages { entries.write(name) { $0.integer(id) } }
        }
      }
      if let port { entries.write("p") { $0.integer(port) } }
      if let requestQueue { entries.write("reqq") { $0.integer(requestQueue) } }
      if let client { entries.write("v") { $0.text(client) } }
      if let yourAddress { entries.write("yourip") { $0.string(yourAddress.bytes) } }
    }
    return writer.bytes
  }
}
