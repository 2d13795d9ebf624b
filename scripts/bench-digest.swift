// What scripts/bench-digest runs, once for each way: GB/s of one core, the best of several rounds over 1 MiB in the
// second-level cache, and a digest of the digests.
import Metainfo

func hex(_ bytes: some Collection<UInt8>) -> String {
  bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
}

/// `body` digests 1 MiB.
func report(_ name: String, _ body: () -> [UInt8]) -> String {
  var best = Duration.seconds(1000)
  var result: [UInt8] = []
  for _ in 0..<40 {
    let start = ContinuousClock.now
    for _ in 0..<8 { result = body() }
    best = min(best, start.duration(to: .now) / 8)
  }
  let rate = 1_048_576 / (Double(best.components.attoseconds) / 1e9)
  let digest = SHA256.digest(of: result)
  return "\(name) \(Int(rate * 100)) \(hex((0..<4).map { digest[$0] }))"
}

let bytes = (0..<1 << 20).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 11) }
bytes.withUnsafeBytes { bytes in
  func slices(_ count: Int) -> [UnsafeRawBufferPointer] {
    let length = bytes.count / count
    return (0..<count).map { UnsafeRawBufferPointer(rebasing: bytes[$0 * length..<($0 + 1) * length]) }
  }
  let eighths = slices(8)
  print(
    report("sha1-one") {
      let digest = SHA1.digest(of: bytes)
      return digest.indices.map { digest[$0] }
    })
  print(
    report("sha1-eight") {
      SHA1.digests(of: eighths).flatMap { digest in digest.indices.map { digest[$0] } }
    })
  print(
    report("sha256-one") {
      let digest = SHA256.digest(of: bytes)
      return digest.indices.map { digest[$0] }
    })
  for (name, length) in [("sha256-16KiB", 16384), ("sha256-64B", 64)] {
    var digests = [UInt8](repeating: 0, count: bytes.count / length * SHA256.length)
    print(
      report(name) {
        digests.withUnsafeMutableBytes { SHA256.digests(of: bytes, messageLength: length, into: $0) }
        return digests
      })
  }
}
