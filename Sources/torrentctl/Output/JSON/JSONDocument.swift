/// A JSON object that is written while it is made, member by member: of a torrent of a million files there is never
/// more than a few lines in memory.
struct JSONDocument {
  private var output: BufferedOutput
  private var isEmpty = true

  init(_ output: BufferedOutput) {
    self.output = output
    self.output.bytes.append(UInt8(ascii: "{"))
  }

  mutating func add(_ members: [JSON.Member]) throws(CommandFailure) {
    for member in members {
      beginMember(member.name)
      var writer = JSONWriter(isPretty: true, depth: 1)
      writer.write(member.value)
      output.bytes += writer.bytes
      try output.flushIfFull()
    }
  }

  /// An array of which each element has a line, which `write` appends in compact form.
  mutating func add<Elements: Sequence>(
    _ name: String, each elements: Elements, _ write: (Elements.Element, inout [UInt8]) -> Void
  ) throws(CommandFailure) {
    beginMember(name)
    output.bytes.append(UInt8(ascii: "["))
    var isFirst = true
    for element in elements {
      output.bytes += (isFirst ? "\n    " : ",\n    ").utf8
      isFirst = false
      write(element, &output.bytes)
      try output.flushIfFull()
    }
    output.bytes += (isFirst ? "]" : "\n  ]").utf8
  }

  /// Ends the object and writes what is left of it.
  mutating func finish() throws(CommandFailure) {
    output.bytes += "\n}\n".utf8
    try output.flush()
  }

  private mutating func beginMember(_ name: String) {
    output.bytes += (isEmpty ? "\n  " : ",\n  ").utf8
    isEmpty = false
    JSONEscaping.append(name, to: &output.bytes)
    output.bytes += ": ".utf8
  }
}
