import Bencode
import Foundation
import Testing

@Suite struct LimitTests {
  @Test("B03 deep nesting is refused at once", arguments: [20_000, 200_000, 5_000_000])
  func deepLists(depth: Int) {
    let lists = [UInt8](repeating: UInt8(ascii: "l"), count: depth)
    var duration = ContinuousClock().measure {
      #expect(throws: BencodeError(.depthLimit, at: 100)) { _ = try BencodeDocument(lists) }
    }
    let inKey = Array("d7:unknown".utf8) + lists
    duration += ContinuousClock().measure {
      #expect(throws: BencodeError(.depthLimit, at: 109)) { _ = try BencodeDocument(inKey) }
    }
    #expect(duration < atOnce)
  }

  // Under a sanitizer every access costs several times as much.
  #if SANITIZED
    private var atOnce: Duration { .seconds(1) }
  #else
    private var atOnce: Duration { .milliseconds(100) }
  #endif

  // The address sanitizer puts room around every variable, which makes frames several times as large.
  #if SANITIZED
    private var stackSize: Int { 8 << 20 }
  #else
    private var stackSize: Int { 512 << 10 }
  #endif

  @Test("B03 the deepest nesting that can be allowed fits a small stack")
  func smallStack() async {
    let depth = BencodeLimits.maximumDepth
    let open = [UInt8](repeating: UInt8(ascii: "l"), count: depth)
    let bytes = open + [UInt8](repeating: UInt8(ascii: "e"), count: depth)
    let deeper = [UInt8(ascii: "l")] + bytes + [UInt8(ascii: "e")]
    let limits = BencodeLimits(depth: .max)
    let (same, error) = await withCheckedContinuation { continuation in
      let thread = Thread {
        var error: BencodeError?
        do throws(BencodeError) { _ = try BencodeDocument(deeper, limits: limits) } catch let refusal {
          error = refusal
        }
        let value = (try? BencodeDocument(bytes, limits: limits)).flatMap { BencodeValue($0.root) }
        continuation.resume(returning: (value?.encoded() == bytes, error))
      }
      thread.stackSize = stackSize
      thread.start()
    }
    #expect(same)
    #expect(error == BencodeError(.depthLimit, at: depth))
  }

  @Test("B04 deep dictionaries")
  func deepDictionaries() {
    let bytes = Array(String(repeating: "d1:a", count: 2000).utf8)
    #expect(throws: BencodeError(.depthLimit, at: 400)) { _ = try BencodeDocument(bytes) }
  }

  @Test("B05 too many tokens")
  func manyTokens() {
    let bytes = [UInt8(ascii: "l")] + Array(repeatElement([48, 58], count: 3_000_001).joined())
    #expect(throws: BencodeError(.tokenLimit, at: 5_999_999)) { _ = try BencodeDocument(bytes) }
  }

  @Test("Limits that are not limits do no harm")
  func extremeLimits() throws {
    let huge = BencodeLimits(depth: .max, tokens: .max, size: .max)
    #expect(try BencodeDocument(Array("l1:xe".utf8), limits: huge).root.count == 1)
    for none in [BencodeLimits(tokens: -9), BencodeLimits(size: -9), BencodeLimits(depth: -9)] {
      #expect(throws: BencodeError.self) { _ = try BencodeDocument(Array("l1:xe".utf8), limits: none) }
    }
  }
}
