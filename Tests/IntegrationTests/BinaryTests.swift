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

  /// A program doesn't start where the C library is older than the newest version that it names: in text, between two
  /// zeros, in its table of strings.
  @Test("the command runs where glibc is 2.34 or newer")
  func glibc() throws {
    let binary = try Data(contentsOf: URL(fileURLWithPath: Torrentctl.path), options: .alwaysMapped)
    let versions = binary.split(separator: 0).compactMap { text -> Int? in
      guard text.starts(with: Array("GLIBC_2.".utf8)) else { return nil }
      return Int(String(decoding: text.dropFirst(8).prefix { $0 != UInt8(ascii: ".") }, as: UTF8.self))
    }
    let newest = try #require(versions.max())
    #expect((17...34).contains(newest), "GLIBC_2.\(newest)")
  }
}
