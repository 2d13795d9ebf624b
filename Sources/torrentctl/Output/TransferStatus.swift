/// A moment of a transfer, and how it looks on one line of a terminal.
struct TransferStatus {
  /// Bytes of the content that are here, and of all of it.
  var done: Int
  var total: Int
  /// Bytes per second.
  var downRate: Int
  var upRate: Int
  var peers: Int
  var pieceCount: Int
  var has: (Int) -> Bool
  /// Bytes given away since the start; shown while seeding.
  var uploaded = 0
  /// Somebody was there before.
  var hadPeers = false

  var isComplete: Bool { done >= total }

  /// Seconds until all of it is here at the present rate; `nil` when nothing arrives.
  var remaining: Double? {
    downRate > 0 && peers > 0 ? Double(total - done) / Double(downRate) : nil
  }

  /// Fits `columns`: what matters most stands first, what has no room is left out, and the map of pieces takes
  /// what is left.
  func line(columns: Int, isUnicode: Bool) -> String {
    // The rates are those of some seconds: of peers who have just left nothing comes any more.
    let (downRate, upRate) = peers == 0 ? (0, 0) : (downRate, upRate)
    let (down, up) = isUnicode ? ("↓ ", "↑ ") : ("down ", "up ")
    var fields: [String] = []
    if isComplete {
      fields.append("seeding \(Quantity.size(total))")
      fields.append(up + Quantity.rate(upRate))
      fields.append("\(Quantity.size(uploaded)) uploaded")
      fields.append(Quantity.count(peers, "peer"))
    } else {
      fields.append("\(Quantity.percent(done, of: total)) of \(Quantity.size(total))")
      fields.append(down + Quantity.rate(downRate))
      fields.append(peers > 0 ? Quantity.count(peers, "peer") : hadPeers ? "no peers" : "no peers yet")
      if let remaining { fields.append("ETA \(Quantity.duration(remaining))") }
      if upRate > 0 { fields.append(up + Quantity.rate(upRate)) }
    }
    var line = fields[0]
    for field in fields.dropFirst() where line.count + 2 + field.count <= columns { line += "  " + field }
    // A map of fewer characters says nothing, and a longer one nothing more.
    let room = min(columns - line.count - 4, 40)
    if room >= 8, !isComplete {
      line += "  [" + PieceMap.drawn(pieces: pieceCount, width: room, isUnicode: isUnicode, has: has) + "]"
    }
    return String(line.prefix(columns))
  }
}
