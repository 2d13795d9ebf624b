import Foundation
import TestKit
import Testing

/// Many inputs that one command is run on, a process for each, as a file and as standard input. A process may take five
/// seconds of processor time and 200 MB of address space.
struct InputBatch {
  private let folder: String
  private let count: Int

  init(_ inputs: [[UInt8]], in scratch: ScratchFolder) throws {
    folder = try scratch.folder("batch")
    count = inputs.count
    for (index, bytes) in inputs.enumerated() { try TestFile.write(bytes, to: "\(folder)/\(index)") }
  }

  /// How one process ended.
  struct Answer: CustomStringConvertible {
    let index: Int
    /// `file` or `stdin`.
    let source: String
    let code: Int32
    /// Of the processor, for the process.
    let seconds: Double
    let output: String
    let errors: String

    var description: String { "input \(index) by \(source): exit \(code), \(errors)" }

    /// Exit code 3 and one line on standard error that names the input and says `reason`.
    func expectError(_ reason: String, sourceLocation: SourceLocation = #_sourceLocation) {
      let name = source == "file" ? "\(index)" : "standard input"
      #expect(code == 3, "\(self)", sourceLocation: sourceLocation)
      #expect(errors.hasPrefix("torrentctl: error: \(name): "), "\(self)", sourceLocation: sourceLocation)
      #expect(errors.contains(reason), "\(self), not \(reason)", sourceLocation: sourceLocation)
      #expect(errors.filter { $0 == "\n" }.count == 1, "\(self)", sourceLocation: sourceLocation)
      #expect(output == "", "\(self)", sourceLocation: sourceLocation)
    }
  }

  /// Runs `torrentctl COMMAND` on every input, both ways.
  func run(_ command: String) async throws -> [Answer] {
    let script = """
      ulimit -v 200000; ulimit -t 5; ulimit -c 0
      TIMEFORMAT='%U %S'
      for ((i = 0; i < \(count); i++)); do
        { time "$0" \(command) $i >$i.file.out 2>$i.file.err; } 2>times
        echo $i file $? "$(<times)"
        { time "$0" \(command) - <$i >$i.stdin.out 2>$i.stdin.err; } 2>times
        echo $i stdin $? "$(<times)"
      done
      """
    let child = try ProcessChild("batch", ["bash", "-c", script, Torrentctl.path], folder: folder)
    try #require(try await child.exit(within: .seconds(300)) == 0, "\(child.report())")
    let answers = child.output.split(separator: "\n").compactMap { line -> Answer? in
      let words = line.split(separator: " ")
      guard words.count == 5, let index = Int(words[0]), let code = Int32(words[2]),
        let user = Double(words[3]),
        let system = Double(words[4])
      else { return nil }
      let name = "\(folder)/\(index).\(words[1])"
      return Answer(
        index: index, source: String(words[1]), code: code, seconds: user + system,
        output: TestFile.text(name + ".out"), errors: TestFile.text(name + ".err"))
    }
    try #require(answers.count == 2 * count, "\(child.report())")
    return answers
  }
}
