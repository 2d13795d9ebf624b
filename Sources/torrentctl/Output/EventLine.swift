import Metainfo
import Text
import Transfer

/// A session's event as a row of JSON Lines, and in words for a log.
struct EventLine {
  let event: SessionEvent

  /// Every row has `event` and `time`, in seconds since the start; those about a torrent have its `infoHash`.
  func json(time: Double) -> JSON {
    let (name, members) = content
    var all: [JSON.Member] = [
      .init(name: "event", value: .string(name)), .init(name: "time", value: .rounded(time)),
    ]
    if let id { all.append(.init(name: "infoHash", value: .string("\(id.swarm)"))) }
    return .object(all + members.map { JSON.Member(name: $0.0, value: $0.1) })
  }

  /// The torrent that it is about.
  var id: TorrentID? {
    switch event {
    case .listening, .refused, .missed: nil
    case .verified(let id, _, _), .peer(let id, _, _, _), .piece(let id, _, _), .progress(let id, _),
      .completed(let id, _, _, _), .tracker(let id, _, _), .warning(let id, _), .failed(let id, _),
      .removed(let id):
      id
    }
  }

  private var content: (String, KeyValuePairs<String, JSON>) {
    switch event {
    case .listening(let endpoint):
      return ("listening", ["address": .string("\(endpoint.address)"), "port": .integer(Int(endpoint.port))])
    case .refused(let endpoint, let reason):
      return (
        "peer",
        ["address": .string("\(endpoint)"), "state": "refused", "client": .null, "reason": .string(reason)]
      )
    case .verified(_, let good, let total):
      return ("verified", ["good": .integer(good), "total": .integer(total)])
    case .peer(_, let endpoint, let state, let client):
      let address = JSON.string("\(endpoint)")
      let client = JSON.optional(client.isEmpty ? nil : client)
      switch state {
      case .connected: return ("peer", ["address": address, "state": "connected", "client": client])
      case .disconnected(let reason):
        return (
          "peer", ["address": address, "state": "disconnected", "client": client, "reason": .string(reason)]
        )
      case .banned: return ("peer", ["address": address, "state": "banned", "client": client])
      }
    case .piece(_, let piece, let from):
      return ("piece", ["index": .integer(piece.value), "from": .array(from.map { .string("\($0)") })])
    case .progress(_, let progress):
      return (
        "progress",
        [
          "done": .integer(progress.done), "total": .integer(progress.total),
          "downRate": .integer(progress.downRate), "upRate": .integer(progress.upRate),
          "peers": .integer(progress.peers), "downloaded": .integer(progress.downloaded),
          "uploaded": .integer(progress.uploaded),
        ]
      )
    case .completed(_, let seconds, let bytes, let wasted):
      return (
        "completed", ["seconds": .rounded(seconds), "bytes": .integer(bytes), "wasted": .integer(wasted)]
      )
    case .tracker(_, let url, let outcome):
      switch outcome {
      case .peers(let count):
        return ("tracker", ["url": .string(url), "result": "ok", "peers": .integer(count)])
      case .failure(let reason):
        return (
          "tracker", ["url": .string(url), "result": "failed", "peers": .null, "reason": .string(reason)]
        )
      case .warning(let text):
        return (
          "tracker", ["url": .string(url), "result": "warning", "peers": .null, "reason": .string(text)]
        )
      }
    case .warning(_, let text):
      return ("warning", ["message": .string(text)])
    case .failed(_, let error):
      return ("error", ["message": .string(error.description)])
    case .removed:
      return ("removed", [:])
    case .missed(let count):
      return ("missed", ["count": .integer(count)])
    }
  }

  /// Escaped, on one line; `name` is the torrent's. `nil` for what is not worth a line.
  func text(name: String) -> String? {
    let text: String
    switch event {
    case .listening(let endpoint): text = "listening at \(endpoint)"
    case .refused(let endpoint, let reason): text = "peer \(endpoint): refused: \(reason)"
    case .verified(_, let good, let total):
      text = "\(name): \(good) of \(Quantity.count(total, "piece")) on disk"
    case .peer(_, let endpoint, let state, let client):
      let peer = client.isEmpty ? "peer \(endpoint)" : "peer \(endpoint) (\(client))"
      switch state {
      case .connected: text = "\(name): \(peer): connected"
      case .disconnected(let reason): text = "\(name): \(peer): disconnected: \(reason)"
      case .banned: text = "\(name): \(peer): banned for sending wrong data"
      }
    case .piece(_, let piece, let from):
      text = "\(name): piece \(piece) from " + from.map { "\($0)" }.joined(separator: ", ")
    case .progress: return nil
    case .completed(_, let seconds, let bytes, let wasted):
      text =
        "\(name): complete: \(Quantity.size(bytes)) in \(Quantity.duration(seconds)), \(Quantity.size(wasted)) wasted"
    case .tracker(_, let url, let outcome):
      switch outcome {
      case .peers(let count): text = "\(name): tracker \(url): \(Quantity.count(count, "peer"))"
      case .failure(let reason): text = "\(name): tracker \(url): \(reason)"
      case .warning(let warning): text = "\(name): tracker \(url): warning: \(warning)"
      }
    case .warning(_, let warning): text = "\(name): \(warning)"
    case .failed(_, let error): text = "\(name): \(error)"
    case .removed: text = "\(name): removed"
    case .missed(let count): text = "\(Quantity.count(count, "event")) missed"
    }
    return Escaping.escaped(text)
  }
}
