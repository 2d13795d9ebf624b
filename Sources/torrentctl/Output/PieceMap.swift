/// A torrent's pieces as a bar of characters, each of which stands for a run of neighbouring pieces and is the
/// fuller the more of them are there.
enum PieceMap {
  /// Draws `width` characters; an empty string when there are no pieces or no room. O(pieces).
  static func drawn(pieces: Int, width: Int, isUnicode: Bool, has: (Int) -> Bool) -> String {
    guard pieces > 0, width > 0 else { return "" }
    let shades: [Character] = isUnicode ? ["·", "░", "▒", "▓", "█"] : [".", ":", "+", "*", "#"]
    return String(
      (0..<width).map { cell in
        // With fewer pieces than characters, several characters show the same piece.
        let start = cell * pieces / width
        let end = max(start + 1, (cell + 1) * pieces / width)
        let good = (start..<end).count(where: has)
        if good == 0 { return shades[0] }
        if good == end - start { return shades[4] }
        return shades[1 + good * 3 / (end - start)]
      })
  }
}
