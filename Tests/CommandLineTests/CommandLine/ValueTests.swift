import Testing

@testable import torrentctl

@Suite struct ValueTests {
  @Test(
    arguments: [
      ("0", 0), ("262144", 262_144), ("256KiB", 262_144), ("1MiB", 1 << 20), ("1mib", 1 << 20),
      ("2M", 2 << 20),
      ("1.5KiB", 1536), ("700MB", 700_000_000), ("3GiB", 3 << 30), ("1TiB", 1 << 40), ("12B", 12),
      ("1kB", 1000),
    ] as [(String, Int)])
  func sizes(_ text: String, bytes: Int) {
    #expect(ByteSize(argument: text)?.bytes == bytes)
  }

  @Test(arguments: [
    "", " ", "-1", "+1", "1.5", "1.", ".5KiB", "1 KiB", "1KiBs", "1XiB", "KiB", "0x10", "1e6",
    "9223372036854775808",
    "9007199254740993TiB", "１KiB", "1.2.3MiB", "1.0000000001MiB",
  ])
  func sizesRefused(_ text: String) {
    #expect(ByteSize(argument: text) == nil)
  }

  @Test func rates() {
    #expect(ByteRate(argument: "2MiB/s")?.bytesPerSecond == 2_097_152)
    #expect(ByteRate(argument: "1000")?.bytesPerSecond == 1000)
    #expect(ByteRate(argument: "0") != nil)
    #expect(ByteRate(argument: "0")?.bytesPerSecond == nil)
    #expect(ByteRate(argument: "fast") == nil)
  }

  @Test(
    arguments: [
      ("90s", 90_000), ("5m", 300_000), ("90", 90_000), ("1h30m", 5_400_000), ("500ms", 500),
      ("2d", 172_800_000),
      ("1m30s", 90_000), ("1M", 60_000),
    ] as [(String, Int)])
  func durations(_ text: String, milliseconds: Int) {
    #expect(TimeSpan(argument: text)?.milliseconds == milliseconds)
  }

  @Test(arguments: [
    "", "0", "0s", "s", "5x", "-5s", "5s5s", "30s1m", "1m30", "1.5h", "5 m", "99999999999999999999s", "3651d",
    "1d!",
    "9223372036854775807d",
  ])
  func durationsRefused(_ text: String) {
    #expect(TimeSpan(argument: text) == nil)
  }

  @Test func hostsAndPorts() {
    let v6 = HostPort(argument: "[2001:db8::7]:80")
    #expect(v6?.host == "2001:db8::7")
    #expect(v6?.port == 80)
    #expect(HostPort(argument: "seed.example:6881")?.host == "seed.example")
    for bad in [
      "", ":", "a", "a:", ":1", "a:0", "a:65536", "::1:6881", "[a]:1", "[]:1", "a b:1", "a:1x", "\n:1",
    ] {
      #expect(HostPort(argument: bad) == nil, "\(bad)")
    }
  }

  @Test(
    arguments: [
      ("1970-01-01", 0), ("2000-02-29T12:00:00Z", 951_825_600), ("2026-11-21T07:30:00Z", 1_795_246_200),
      ("2026-11-21 08:30:00+01:00", 1_795_246_200), ("2026-11-21t07:30:00.25z", 1_795_246_200),
      ("1969-12-31T23:59:59Z", -1), ("9999-12-31T23:59:59Z", 253_402_300_799),
      ("0000-01-01", -62_167_219_200),
    ] as [(String, Int)])
  func dates(_ text: String, seconds: Int) {
    #expect(Timestamp(argument: text)?.seconds == seconds)
  }

  @Test(arguments: [
    "", "2026", "2026-13-01", "2026-02-29", "2026-00-10", "2026-01-00", "2026-1-1", "2026-01-01T",
    "2026-01-01T25:00:00Z",
    "2026-01-01T10:00:00", "2026-01-01T10:00Z", "2026-01-01T10:00:00Zx", "2026-01-01T10:00:00.Z", "today",
  ])
  func datesRefused(_ text: String) {
    #expect(Timestamp(argument: text) == nil)
  }

  @Test func datesAreWrittenAsTheyAreRead() {
    for day in stride(from: -719_528, through: 2_932_896, by: 97) {
      let moment = Timestamp(seconds: day * 86_400 + (day & 0xffff))
      #expect(Timestamp(argument: moment.text) == moment, "\(moment.text)")
    }
    #expect(Timestamp(seconds: .max).text == "\(Int.max)")
    #expect(Timestamp(seconds: .min).text == "\(Int.min)")
  }

  @Test func ratios() {
    #expect(Ratio(argument: "1.5")?.value == 1.5)
    #expect(Ratio(argument: "2")?.value == 2)
    for bad in ["", "-1", "x", "1,5", "nan", "inf"] { #expect(Ratio(argument: bad) == nil) }
  }

  @Test func theNearestWord() {
    let words = ["create", "show", "verify"]
    #expect(Suggestion.nearest(to: "crate", in: words) == "create")
    #expect(Suggestion.nearest(to: "shwo", in: words) == "show")
    #expect(Suggestion.nearest(to: "ver", in: words) == "verify")
    #expect(Suggestion.nearest(to: "zzz", in: words) == nil)
    #expect(Suggestion.nearest(to: "", in: words) == nil)
    #expect(Suggestion.nearest(to: String(repeating: "x", count: 100_000), in: words) == nil)
    #expect(Suggestion.distance("ab", "ba") == 1)
    #expect(Suggestion.distance("", "abc") == 3)
    #expect(Suggestion.distance("kitten", "sitting") == 3)
  }
}
