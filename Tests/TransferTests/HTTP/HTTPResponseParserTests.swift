import Testing

@testable import Transfer

/// What became of one answer: its status and body, or the error.
private func outcome(
  _ text: String, closes: Bool = true, step: Int = .max, limits: HTTPResponseParser.Limits = .init()
) -> Result<String, HTTPError> {
  let bytes = Array(text.utf8)
  var parser = HTTPResponseParser(limits: limits)
  do throws(HTTPError) {
    var start = 0
    while start < bytes.count {
      let end = min(
        bytes.count,
        start.addingReportingOverflow(step).overflow ? bytes.count : start + min(step, bytes.count))
      try parser.consume(bytes[start..<end])
      start = end
    }
    if closes { try parser.finish() }
  } catch { return .failure(error) }
  guard parser.isComplete, let head = parser.head else { return .success("needs more") }
  return .success("\(head.status) \(String(decoding: parser.body, as: UTF8.self))")
}

private let good: [(String, String)] = [
  ("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc", "200 abc"),
  ("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabcdef", "200 abc"),
  ("HTTP/1.1 200 OK\r\nContent-Length: 3, 3\r\ncontent-length:3\r\n\r\nabc", "200 abc"),
  ("HTTP/1.0 200\r\n\r\nabc", "200 abc"),
  ("HTTP/1.0 200 OK\n\nabc", "200 abc"),
  ("HTTP/1.1 200 OK\r\n\r\n", "200 "),
  ("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", "404 "),
  ("HTTP/1.1 204 No Content\r\n\r\nx", "204 "),
  ("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na", "200 a"),
  ("HTTP/1.1 200 OK\r\nContent-Encoding: identity\r\nContent-Length: 1\r\n\r\na", "200 a"),
  ("HTTP/1.1 200 OK\r\nA: b\r\n c\r\n\td\r\nContent-Length: 1\r\n\r\na", "200 a"),
  ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n", "200 abc"),
  (
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\nContent-Length: 1\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
    "200 abc"
  ),
  (
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\nA\r\n0123456789\r\n0\r\n\r\n",
    "200 a0123456789"
  ),
  (
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0003;x=\"y\"\r\nabc\r\n000 ;e\r\nT: u\r\n\r\n",
    "200 abc"
  ),
  ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3 \nabc\n0\n\n", "200 abc"),
  ("HTTP/1.1 200 OK\r\nTransfer-Encoding: identity, chunked\r\n\r\n0\r\n\r\n", "200 "),
]

private let bad: [(String, HTTPError)] = [
  ("", .noAnswer),
  ("HTTP/1.1 200 OK\r\nContent-Le", .truncated),
  ("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nabc", .truncated),
  ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", .truncated),
  ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nab", .truncated),
  ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n", .truncated),
  ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n", .truncated),
  ("d8:intervali1800ee", .notHTTP),
  ("<html>", .notHTTP),
  ("HTTP/2 200\r\n\r\n", .notHTTP),
  ("HTTP/1.1 20\r\n\r\n", .notHTTP),
  ("HTTP/1.1 2000\r\n\r\n", .notHTTP),
  ("HTTP/1.1 -20 OK\r\n\r\n", .notHTTP),
  ("HTTP/1.1 600 OK\r\n\r\n", .notHTTP),
  ("HTTP/1.1 101 Switching\r\n\r\n", .notHTTP),
  ("HTTP/1.1 200 OK\r\nno colon\r\n\r\n", .malformedHeader),
  ("HTTP/1.1 200 OK\r\n: x\r\n\r\n", .malformedHeader),
  ("HTTP/1.1 200 OK\r\n folded\r\n\r\n", .malformedHeader),
  ("HTTP/1.1 200 OK\r\nA : x\r\n\r\n", .malformedHeader),
  ("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", .badContentLength),
  ("HTTP/1.1 200 OK\r\nContent-Length: +1\r\n\r\n", .badContentLength),
  ("HTTP/1.1 200 OK\r\nContent-Length:\r\n\r\n", .badContentLength),
  ("HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n", .badContentLength),
  ("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", .badContentLength),
  ("HTTP/1.1 200 OK\r\nContent-Length: 9223372036854775807\r\n\r\n", .bodyTooLarge(limit: 1 << 20)),
  ("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 1\r\n\r\na", .compressed),
  ("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", .unknownTransferCoding),
  ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\r\n", .badChunk),
  ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n", .badChunk),
  ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0x1\r\na\r\n", .badChunk),
  ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n g\r\n", .badChunk),
  ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n0\r\n\r\n", .badChunk),
  ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n", .badChunk),
  (
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n7fffffffffffffff\r\n", .bodyTooLarge(limit: 1 << 20)
  ),
]

@Suite struct HTTPResponseParserTests {
  @Test("T01 answers that can be read, at every split", arguments: good)
  func readable(_ text: String, _ expected: String) {
    for step in [Int.max, 1, 2, 3, 5, 7] { #expect(outcome(text, step: step) == .success(expected)) }
  }

  @Test("T01 answers that can't be read, at every split", arguments: bad)
  func unreadable(_ text: String, _ expected: HTTPError) {
    for step in [Int.max, 1, 2, 3, 5, 7] { #expect(outcome(text, step: step) == .failure(expected)) }
  }

  @Test("every prefix of a stated length needs more") func prefixes() {
    for (text, _) in good.filter({ $0.0.contains("3\r\n\r\nabc") && !$0.0.contains("def") }) {
      for length in 0..<text.utf8.count {
        let prefix = String(decoding: Array(text.utf8.prefix(length)), as: UTF8.self)
        #expect(outcome(prefix, closes: false) == .success("needs more"))
      }
    }
  }

  @Test("T01 endless headers, lines, chunk extensions, trailers and interim answers") func endless() {
    let start = "HTTP/1.1 200 OK\r\n"
    let field = "X: " + String(repeating: "y", count: 1000) + "\r\n"
    #expect(outcome(start + String(repeating: field, count: 40), closes: false) == .failure(.headerTooLarge))
    #expect(
      outcome(start + String(repeating: "a: b\r\n", count: 101), closes: false) == .failure(.headerTooLarge))
    #expect(
      outcome(start + "A: b\r\n" + String(repeating: " c\r\n", count: 10_000), closes: false)
        == .failure(.headerTooLarge))
    #expect(outcome("HTTP/1.1 200 " + String(repeating: "o", count: 40_000)) == .failure(.headerTooLarge))
    #expect(
      outcome(String(repeating: "HTTP/1.1 100 Continue\r\n\r\n", count: 2000)) == .failure(.headerTooLarge))
    let chunked = start + "Transfer-Encoding: chunked\r\n\r\n"
    #expect(
      outcome(
        chunked + String(repeating: "1;" + String(repeating: "e", count: 100) + "\r\na\r\n", count: 400))
        == .failure(.headerTooLarge))
    #expect(
      outcome(chunked + "0\r\n" + String(repeating: "a: b\r\n", count: 10_000)) == .failure(.headerTooLarge))
    // Many small chunks without extensions are merely wasteful.
    #expect(
      outcome(chunked + String(repeating: "1\r\na\r\n", count: 40_000) + "0\r\n\r\n")
        == .success("200 " + String(repeating: "a", count: 40_000)))
  }

  @Test("T01 a body is capped in every framing") func bodyCap() {
    var limits = HTTPResponseParser.Limits()
    limits.body = 10
    for rest in [
      "Content-Length: 11\r\n\r\n", "\r\n01234567890",
      "Transfer-Encoding: chunked\r\n\r\n6\r\n012345\r\n5\r\n",
    ] {
      #expect(outcome("HTTP/1.1 200 OK\r\n" + rest, limits: limits) == .failure(.bodyTooLarge(limit: 10)))
    }
    #expect(outcome("HTTP/1.1 200 OK\r\n\r\n0123456789", limits: limits) == .success("200 0123456789"))
  }
}

@Suite struct HTTPRedirectsTests {
  private func head(_ status: Int, _ location: String?) throws -> HTTPResponseHead {
    var parser = HTTPResponseParser()
    let field = location.map { "Location: \($0)\r\n" } ?? ""
    try parser.consume(Array("HTTP/1.1 \(status) X\r\n\(field)Content-Length: 0\r\n\r\n".utf8))
    return try #require(parser.head)
  }

  @Test func followsAndStops() throws {
    var redirects = HTTPRedirects(from: try HTTPURL("http://u:p@h/0"))
    #expect(try redirects.follow(head(200, "/x")) == nil)
    for i in 1...HTTPRedirects.limit {
      let next = try redirects.follow(head([301, 302, 303, 307, 308][i % 5], "/\(i)"))
      #expect(next?.description == "http://h/\(i)")
      #expect(next?.credentials != nil)
    }
    #expect(throws: HTTPRedirectError.tooMany) { try redirects.follow(head(302, "/last")) }
  }

  @Test func refusals() throws {
    var redirects = HTTPRedirects(from: try HTTPURL("http://u:p@h/0"))
    #expect(throws: HTTPRedirectError.noLocation) { try redirects.follow(head(302, nil)) }
    #expect(throws: HTTPRedirectError.badLocation(.unsupportedScheme("https"))) {
      try redirects.follow(head(302, "https://h/0"))
    }
    let elsewhere = try redirects.follow(head(302, "http://other/0"))
    #expect(elsewhere?.credentials == nil)
    #expect(throws: HTTPRedirectError.loop) { try redirects.follow(head(302, "http://u:p@h/0")) }
    #expect(throws: HTTPRedirectError.loop) { try redirects.follow(head(302, "http://other/0")) }
  }
}
