import Transfer

/// Any bytes as an answer: the first says where the rest is split, which must not matter; where a redirection leads
/// is a URL that reads the same again.
func fuzzHTTP(_ bytes: [UInt8]) {
  guard let first = bytes.first else { return }
  let answer = Array(bytes.dropFirst())
  let whole = read(answer, step: max(1, answer.count))
  let parts = read(answer, step: Int(first % 16) + 1)
  precondition(whole == parts)
  guard let location = whole.head?["location"], let base = try? HTTPURL("http://user@base:81/a/b?c") else {
    return
  }
  guard let url = try? base.resolving(location), url.host != base.host || url.port != base.port else {
    return
  }
  if let again = try? HTTPURL(url.description) {
    precondition(again.host == url.host && again.port == url.port && again.target == url.target)
  } else {
    // Encoding may have made it longer than may be read.
    precondition(url.description.utf8.count > HTTPURL.lengthLimit)
  }
  precondition(HTTPRequest(url).encoded.allSatisfy { $0 < 0x7f && ($0 >= 0x20 || $0 == 0x0d || $0 == 0x0a) })
}

private struct Outcome: Equatable {
  var head: HTTPResponseHead?
  var body: [UInt8] = []
  var error: HTTPError?
}

private func read(_ answer: [UInt8], step: Int) -> Outcome {
  var limits = HTTPResponseParser.Limits()
  limits.headerBytes = 512
  limits.body = 256
  var parser = HTTPResponseParser(limits: limits)
  do throws(HTTPError) {
    var start = 0
    while start < answer.count {
      let end = min(answer.count, start + step)
      try parser.consume(answer[start..<end])
      precondition(parser.body.count <= limits.body)
      start = end
    }
    try parser.finish()
  } catch { return Outcome(error: error) }
  precondition(parser.isComplete && parser.head != nil)
  return Outcome(head: parser.head, body: parser.body)
}
