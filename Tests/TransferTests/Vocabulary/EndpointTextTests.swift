import Testing

@testable import Transfer

@Suite struct EndpointTextTests {
  @Test(arguments: [
    ("0.0.0.0", "0.0.0.0"), ("192.168.1.255", "192.168.1.255"), ("::", "::"), ("::1", "::1"), ("1::", "1::"),
    ("2001:DB8:0:0:1:0:0:1", "2001:db8::1:0:0:1"), ("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"),
    ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"), ("::ffff:1.2.3.4", "1.2.3.4"), ("::FFFF:102:304", "1.2.3.4"),
    ("64:ff9b::1.2.3.4", "64:ff9b::102:304"), ("fe80::0001", "fe80::1"),
    ("1:0:0:2:0:0:0:3", "1:0:0:2::3"),
    ("ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
  ])
  func addressesComeOutInCanonicalForm(text: String, canonical: String) throws {
    let address = try #require(IPAddress(text))
    #expect(address.description == canonical)
    #expect(IPAddress(canonical) == address)
    #expect(IPAddress(address.bytes) == address)
  }

  @Test(arguments: [
    "", ".", ":", ":::", "1.2.3", "1.2.3.4.5", "1.2.3.256", "01.2.3.4", "1.2.3.-4", "1.2.3.4 ", "1..2.3",
    "1.2.3.",
    "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::2::3", "::12345", "::g", "1:2:3:4:5:6:7:8::", "::1%lo", "1:",
    ":1", "::1.2.3", "1.2.3.4::", "::1.2.3.4:5", "１.2.3.4", "localhost",
    String(repeating: "1", count: 10_000),
    "0x7f.0.0.1", "1:2:3:4:5:6:7:1.2.3.4", "+1.2.3.4",
  ])
  func notAnAddress(text: String) {
    #expect(IPAddress(text) == nil)
  }

  @Test(arguments: ["1.2.3.4:5", "[::1]:65535", "[2001:db8::1]:0"])
  func endpointsThereAndBack(text: String) throws {
    #expect(try #require(Endpoint(text)).description == text)
  }

  @Test(arguments: [
    "1.2.3.4", "1.2.3.4:", ":5", "1.2.3.4:65536", "1.2.3.4:05", "::1:5", "[1.2.3.4]:5", "[::1]", "[::1:5",
    "::1]:5",
    "[]:5", "[:5", "host:5", "1.2.3.4:+5", "1.2.3.4:99999999999999999999",
  ])
  func notAnEndpoint(text: String) {
    #expect(Endpoint(text) == nil)
  }

  @Test func mappedAddressesAreIPv4() throws {
    let mapped = [UInt8](repeating: 0, count: 10) + [0xff, 0xff, 127, 0, 0, 1]
    #expect(IPAddress(mapped) == .loopbackIPv4)
    #expect(IPAddress([127, 0, 0, 1]) == .loopbackIPv4)
    #expect(IPAddress([1, 2, 3]) == nil)
  }
}
