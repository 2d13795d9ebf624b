/// The value of a link's `so` (BEP 53): indices and ranges of them, as in `0,2,6-8`.
enum FileIndices {
  /// The range that one item of the list means; `nil` for what is none, and for indices beyond the largest.
  static func range(_ item: Substring.UTF8View) -> ClosedRange<Int>? {
    let ends = item.split(separator: UInt8(ascii: "-"), maxSplits: 1, omittingEmptySubsequences: false)
    guard let start = ends.first, let end = ends.last, let first = index(start), let last = index(end),
      first <= last
    else { return nil }
    return first...last
  }

  /// The same indices, ascending, in as few ranges as there can be. O(n log n).
  static func merged(_ ranges: [ClosedRange<Int>]) -> [ClosedRange<Int>] {
    var merged: [ClosedRange<Int>] = []
    for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if let last = merged.last, range.lowerBound - 1 <= last.upperBound {
        merged[merged.count - 1] = last.lowerBound...max(last.upperBound, range.upperBound)
      } else {
        merged.append(range)
      }
    }
    return merged
  }

  static func text(_ ranges: [ClosedRange<Int>]) -> String {
    ranges.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)" }.joined(
      separator: ",")
  }

  private static func index(_ digits: Substring.UTF8View) -> Int? {
    guard (1...9).contains(digits.count) else { return nil }
    var value = 0
    for digit in digits {
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
      value = value * 10 + Int(digit - UInt8(ascii: "0"))
    }
    return value <= MagnetLink.maximumFileIndex ? value : nil
  }
}
