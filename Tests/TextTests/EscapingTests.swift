import Testing

@testable import Text

@Suite struct EscapingTests {
  @Test(
    "M08 nothing that steers a terminal gets through",
    arguments: [
      ("plain name.txt", "plain name.txt"), ("日本語 é 🌊", "日本語 é 🌊"), ("", ""),
      ("\u{1B}[31mred", "\\u{1B}[31mred"), ("a\rb\nc\td", "a\\rb\\nc\\td"),
      ("\0\u{7}\u{7F}", "\\u{00}\\u{07}\\u{7F}"),
      ("\u{9B}2J", "\\u{9B}2J"), ("exe.\u{202E}txt", "exe.\\u{202E}txt"),
      ("\u{2066}\u{2069}", "\\u{2066}\\u{2069}"),
      ("\u{200E}\u{200F}\u{61C}", "\\u{200E}\\u{200F}\\u{61C}"), ("\u{2028}\u{2029}", "\\u{2028}\\u{2029}"),
      ("\u{FEFF}\u{E000}\u{FFFF}", "\\u{FEFF}\\u{E000}\\u{FFFF}"), ("\r\n", "\\r\\n"),
      ("👩\u{200D}💻", "👩\u{200D}💻"),
    ])
  func text(text: String, escaped: String) { #expect(Escaping.escaped(text) == escaped) }

  @Test(
    "M08 bytes that are no UTF-8 are shown as such",
    arguments: [
      ([0xFF], "\\xFF"), ([0x61, 0xC3, 0x62], "a\\xC3b"), ([0xE2, 0x82, 0xAC], "€"),
      ([0xE2, 0x82], "\\xE2\\x82"),
      ([0xED, 0xA0, 0x80], "\\xED\\xA0\\x80"), ([0x1B, 0x80], "\\u{1B}\\x80"), ([], ""),
    ] as [([UInt8], String)])
  func bytes(bytes: [UInt8], escaped: String) { #expect(Escaping.escaped(bytes) == escaped) }
}
