/// Finds the word that was probably meant.
enum Suggestion {
  /// The candidate nearest to `word`, or `nil` when none is near enough to be more than a guess: at most a third
  /// of the word may differ (and one letter always may). A candidate that `word` is the beginning of is near.
  static func nearest(to word: String, in candidates: [String]) -> String? {
    // Nobody mistypes a word of that length, and the distance is quadratic.
    guard !word.isEmpty, word.utf8.count <= 64 else { return nil }
    let limit = max(1, word.count / 3)
    let close = candidates.map { (word: $0, distance: distance(word, $0)) }.min { $0.distance < $1.distance }
    if let close, close.distance <= limit { return close.word }
    let longer = candidates.filter { $0.hasPrefix(word) }
    return longer.count == 1 ? longer[0] : nil
  }

  /// Letters to insert, delete, replace or swap with their neighbour to make `b` of `a`. O(|a| · |b|).
  static func distance(_ a: String, _ b: String) -> Int {
    let a = Array(a)
    let b = Array(b)
    var beforeLast: [Int] = []
    var last = Array(0...b.count)
    for i in a.indices {
      var row = [i + 1]
      for j in b.indices {
        var best = min(row[j] + 1, last[j + 1] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { best = min(best, beforeLast[j - 1] + 1) }
        row.append(best)
      }
      beforeLast = last
      last = row
    }
    return last[b.count]
  }
}
