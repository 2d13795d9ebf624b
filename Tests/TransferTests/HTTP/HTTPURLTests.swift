import Testing

@testable import Transfer

@Suite struct HTTPURLTests {
  @Test(arguments: [
    ("http://tracker.example/announce", "tracker.example", 80, "/announce"),
    ("HTTP://Tracker.Example:6969/announce?x=1", "tracker.example", 6969, "/announce?x=1"),
    ("http://h", "h", 80, "/"),
    ("http://h?a=b", "h", 80, "/?a=b"),
    ("http://h:/a", "h", 80, "/a"),
    ("http://h/a#part", "h", 80, "/a"),
    ("http://h/a b/ü", "h", 80, "/a%20b/%C3%BC"),
    ("http://[::1]:8080/a", "::1", 8080, "/a"),
    ("http://[::ffff:10.0.0.1]/a", "10.0.0.1", 80, "/a"),
    ("http://127.0.0.1:1/", "127.0.0.1", 1, "/"),
    ("http://user:p%40ss@h/a", "h", 80, "/a"),
  ])
  func parts(_ text: String, host: String, port: Int, target: String) throws {
    let url = try HTTPURL(text)
    #expect(url.host == host)
    #expect(Int(url.port) == port)
    #expect(url.target == target)
    #expect(try HTTPURL(url.description) == url || url.credentials != nil)
  }

  @Test(
    "M11 refused announce forms",
    arguments: [
      ("file:///etc/passwd", HTTPURLError.unsupportedScheme("file")),
      ("https://h/announce", .unsupportedScheme("https")),
      ("udp://h:99999", .unsupportedScheme("udp")),
      ("wss://h", .unsupportedScheme("wss")),
      ("\thttp://h/", .controlCharacter),
      ("http://h/a\r\nX: y", .controlCharacter),
      ("http://", .badHost),
      ("http:///a", .badHost),
      ("http://h:0/", .badPort),
      ("http://h:65536/", .badPort),
      ("http://h:+80/", .badPort),
      ("http://h:99999999999999999999/", .badPort),
      ("http://[::1/", .badHost),
      ("http://[1.2.3.4]/", .badHost),
      ("http://[::1]x/", .badHost),
      ("http://a b/", .badHost),
      ("http://ü/", .badHost),
      ("announce", .noScheme),
      ("http:/h", .noScheme),
      ("", .noScheme),
    ])
  func refused(_ text: String, _ error: HTTPURLError) {
    #expect(throws: error) { try HTTPURL(text) }
  }

  @Test("M11 100 KB URL") func tooLong() {
    #expect(throws: HTTPURLError.tooLong) {
      try HTTPURL("http://h/" + String(repeating: "a", count: 100_000))
    }
    #expect(throws: HTTPURLError.tooLong) {
      try HTTPURL("http://h/").resolving(String(repeating: "a", count: 100_000))
    }
  }

  @Test("M11 a password is sent but never shown") func credentials() throws {
    let url = try HTTPURL("http://Aladdin:open%20sesame@h/a")
    #expect(url.description == "http://h/a")
    let request = String(decoding: HTTPRequest(url).encoded, as: UTF8.self)
    #expect(request.contains("Authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==\r\n"))
  }

  @Test func request() throws {
    let request = HTTPRequest(try HTTPURL("http://[::1]:8080/a?b"))
    #expect(
      String(decoding: request.encoded, as: UTF8.self) == """
        GET /a?b HTTP/1.1\r
        Host: [::1]:8080\r
        User-Agent: torrentctl/0.1\r
        Accept-Encoding: identity\r
        Connection: close\r
        \r\n
        """)
  }

  @Test(
    arguments: [
      ("http://x/y", "http://x/y"), ("//x:81/y", "http://x:81/y"), ("/y?q", "http://h:82/y?q"),
      ("y", "http://h:82/a/y"), ("?q", "http://h:82/a/b?q"), ("../y", "http://h:82/y"),
      ("../../../y", "http://h:82/y"), ("./y/.", "http://h:82/a/y/"), ("#f", "http://h:82/a/b?c=/d"),
      ("y:z/a b", nil), ("a/y:z", "http://h:82/a/a/y:z"), ("..", "http://h:82/"),
    ] as [(String, String?)])
  func references(_ reference: String, _ expected: String?) throws {
    let base = try HTTPURL("http://h:82/a/b?c=/d")
    #expect((try? base.resolving(reference))?.description == expected)
  }

  @Test func queryIsAppended() throws {
    #expect(try HTTPURL("http://h/a").appendingQuery("x=1").target == "/a?x=1")
    #expect(try HTTPURL("http://h/a?k=v").appendingQuery("x=1").target == "/a?k=v&x=1")
    #expect(try HTTPURL("http://h/a?").appendingQuery("x=1").target == "/a?x=1")
  }
}

@Suite struct IPAddressTextTests {
  @Test(
    arguments: [
      ("127.0.0.1", [127, 0, 0, 1]),
      ("::", [UInt8](repeating: 0, count: 16)),
      ("::1", [UInt8](repeating: 0, count: 15) + [1]),
      ("1::", [0, 1] + [UInt8](repeating: 0, count: 14)),
      ("2001:DB8::7", [0x20, 0x01, 0x0d, 0xb8] + [UInt8](repeating: 0, count: 11) + [7]),
      ("1:2:3:4:5:6:7:8", [0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7, 0, 8]),
      ("::ffff:10.0.0.1", [10, 0, 0, 1]),
      ("64:ff9b::10.0.0.1", [0, 0x64, 0xff, 0x9b] + [UInt8](repeating: 0, count: 8) + [10, 0, 0, 1]),
    ] as [(String, [UInt8])])
  func good(_ text: String, _ bytes: [UInt8]) { #expect(IPAddress(text: text)?.bytes == bytes) }

  @Test(arguments: [
    "", "1.2.3", "1.2.3.4.5", "1.2.3.256", "01.2.3.4", "1.2.3.", "a.b.c.d", "1.2.3.4::", ":::",
    "1:2:3:4:5:6:7",
    "1::2::3", "12345::", "::g", ":1", "1:", "1:2:3:4:5:6:7:8:9", "1:2:3:4::5:6:7:8", "::1%lo", "[::1]",
  ])
  func bad(_ text: String) { #expect(IPAddress(text: text) == nil) }
}
