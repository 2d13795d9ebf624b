import Foundation
import TestKit
import Testing

/// What the built command is made of.
@Suite("Binary")
struct BinaryTests {
  /// Foundation costs 5 to 15 ms at every start and half the size of the binary. A name of the module in the symbols, or
  /// one of its shared libraries, would show in the bytes of the file.
  @Test("the command neither contains nor loads Foundation or Dispatch's overlay")
  func noFoundation() throws {
    let binary = try Data(contentsOf: URL(fileURLWithPath: Torrentctl.path), options: .alwaysMapped)
    try #require(binary.starts(with: [0x7f] + Array("ELF".utf8)), "\(Torrentctl.path) is no ELF file")
    for mark in ["libFoundation", "libicu", "$s10Foundation", "$s20FoundationEssentials"] {
      #expect(binary.range(of: Data(mark.utf8)) == nil, "\(mark) is in \(Torrentctl.path)")
    }
  }

  @Test("--version answers at once")
  func version() async throws {
    let scratch = try ScratchFolder("version")
    let (code, output, errors) = try await Torrentctl.run(["--version"], folder: scratch.path)
    #expect(code == 0)
    #expect(output.hasPrefix("torrentctl "))
    #expect(errors == "")
  }
}
