/// Writes canonical bencode piece by piece, for outputs that are not worth a value tree.
///
///     var writer = BencodeWriter()
///     writer.dictionary { entries in
///       entries.write("t") { $0.string(transaction) }
///       entries.write("q") { $0.text("ping") }
///     }
///     send(writer.bytes)
public struct BencodeWriter: Sendable {
  /// What has been written so far.
  public private(set) var bytes: [UInt8] = []

  public init() {}

  /// Writes an integer.
  public mutating func integer(_ value: some FixedWidthInteger) {
    bytes.append(UInt8(ascii: "i"))
    bytes.append(contentsOf: String(value).utf8)
    bytes.append(UInt8(ascii: "e"))
  }

  /// Writes a string of any bytes.
  public mutating func string(_ content: some Collection<UInt8>) {
    bytes.append(contentsOf: String(content.count).utf8)
    bytes.append(UInt8(ascii: ":"))
    bytes.append(contentsOf: content)
  }

  /// Writes a string of the UTF-8 of a text.
  public mutating func text(_ content: String) { string(content.utf8) }

  /// Puts in a value that is encoded already, such as an info dictionary that must keep its hash. The bytes
  /// are one whole value: the caller vouches for it.
  public mutating func raw(_ value: some Collection<UInt8>) { bytes.append(contentsOf: value) }

  /// Writes a whole tree of values, the keys of dictionaries in order.
  public mutating func value(_ value: BencodeValue) {
    switch value {
    case .integer(let value): integer(value)
    case .string(let content): string(content)
    case .list(let elements): list { writer in for element in elements { writer.value(element) } }
    case .dictionary(let entries):
      dictionary { writer in
        for key in entries.keys.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
          guard let value = entries[key] else { continue }
          writer.write(key) { $0.value(value) }
        }
      }
    }
  }

  /// Writes a list of the values that `body` writes.
  public mutating func list(_ body: (inout BencodeWriter) -> Void) {
    bytes.append(UInt8(ascii: "l"))
    body(&self)
    bytes.append(UInt8(ascii: "e"))
  }

  /// Writes a dictionary of the entries that `body` writes, in whatever order: they come out in the order of
  /// their keys.
  public mutating func dictionary(_ body: (inout Entries) -> Void) {
    bytes.append(UInt8(ascii: "d"))
    var entries = Entries(writer: self)
    // The array must have one owner, or the next write copies it.
    bytes = []
    body(&entries)
    bytes = entries.finish()
    bytes.append(UInt8(ascii: "e"))
  }

  /// The entries of a dictionary that is being written.
  public struct Entries {
    private var writer: BencodeWriter
    private var written: [(key: [UInt8], range: Range<Int>)] = []
    private var isSorted = true

    init(writer: BencodeWriter) { self.writer = writer }

    /// Writes the key and the one value that `body` writes. A key is written once: the caller vouches for it.
    public mutating func write(_ key: some Collection<UInt8>, _ body: (inout BencodeWriter) -> Void) {
      let key = Array(key)
      if let last = written.last, !last.key.lexicographicallyPrecedes(key) { isSorted = false }
      let start = writer.bytes.count
      writer.string(key)
      body(&writer)
      written.append((key, start..<writer.bytes.count))
    }

    /// As above, for a key of text.
    public mutating func write(_ key: String, _ body: (inout BencodeWriter) -> Void) {
      write(key.utf8, body)
    }

    /// All bytes of the writer, with the entries in order.
    mutating func finish() -> [UInt8] {
      if !isSorted, let start = written.first?.range.lowerBound {
        written.sort { $0.key.lexicographicallyPrecedes($1.key) }
        let sorted = written.flatMap { writer.bytes[$0.range] }
        writer.bytes.replaceSubrange(start..., with: sorted)
      }
      // Handed over, not shared: a second owner here would make the next write copy all that is written.
      let bytes = writer.bytes
      writer.bytes = []
      return bytes
    }
  }
}
