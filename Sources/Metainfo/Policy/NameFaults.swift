import Text

/// What may make trouble about one name of a path, looked at byte by byte. O(length).
struct NameFaults {
  private(set) var found: [(lint: Lint, reason: String)] = []

  init(_ name: String) {
    if name.utf8.contains(where: Self.isUnusual) { checkCharacters(name) }
    checkEnds(name)
    if Self.isReserved(name) {
      found.append((.windowsName, "Windows reserves this name"))
    }
    if name.utf8.count > Self.longestComfortable {
      found.append((.longName, "\(name.utf8.count) bytes, the longest name is 255"))
    }
  }

  /// Bytes. Programs add extensions such as `.part` or `.!qB` while they download.
  static let longestComfortable = TorrentPath.maximumComponentLength - 10

  /// A first look, which tells most names from those that may have a fault or be junk. O(length).
  static func arePossible(_ name: Range<Int>, in bytes: [UInt8]) -> Bool {
    guard let first = name.first.map({ bytes[$0] | 0x20 }), let last = name.last.map({ bytes[$0] }) else {
      return false
    }
    // Hidden files, `~`, and the ends that Windows drops.
    if first == UInt8(ascii: ".") || first == UInt8(ascii: "~") || last == UInt8(ascii: ".") || last == 0x20 {
      return true
    }
    if name.count > longestComfortable || mayBeDevice(name, in: bytes) { return true }
    // Junk has a name of one of these lengths that begins with one of these letters.
    if [5, 8, 9, 11, 12].contains(name.count), "teid$\u{7F}".utf8.contains(first) { return true }
    for index in name where isUnusual(bytes[index]) { return true }
    return false
  }

  /// Whether it begins like one of `reserved`.
  private static func mayBeDevice(_ name: Range<Int>, in bytes: [UInt8]) -> Bool {
    guard name.count >= 3 else { return false }
    var start: UInt32 = 0
    for byte in bytes[name].prefix(3) { start = start << 8 | UInt32(byte | 0x20) }
    switch start {
    // con, com, prn, aux, nul, lpt
    case 0x63_6F_6E, 0x63_6F_6D, 0x70_72_6E, 0x61_75_78, 0x6E_75_6C, 0x6C_70_74: return true
    default: return false
    }
  }

  /// Neither a letter nor anything else of ASCII that every system takes: a bit for each byte.
  @inline(__always)
  private static func isUnusual(_ byte: UInt8) -> Bool {
    let low: UInt64 = 0xD400_0404_FFFF_FFFF  // controls, " * : < > ?
    let high: UInt64 = 0x9000_0000_1000_0000  // \ | DEL
    return byte >= 0x80 || (byte < 64 ? low >> UInt64(byte) : high >> UInt64(byte - 64)) & 1 != 0
  }

  /// What Windows doesn't let a name contain.
  private static let forbidden = Set("<>:\"|?*\\".unicodeScalars)

  private mutating func checkCharacters(_ name: String) {
    var isForbidden = false
    var lints: Set<Lint> = []
    for scalar in name.unicodeScalars {
      if Self.forbidden.contains(scalar) {
        if !isForbidden { found.append((.windowsName, "Windows forbids \(scalar) in names")) }
        isForbidden = true
      } else if let (lint, reason) = Self.fault(of: scalar), lints.insert(lint).inserted {
        found.append((lint, reason))
        if lint == .controlCharacter, scalar.value < 0x20, !isForbidden {
          found.append((.windowsName, "Windows forbids control characters in names"))
          isForbidden = true
        }
      }
    }
  }

  private static func fault(of scalar: Unicode.Scalar) -> (Lint, String)? {
    let code = Escaping.escaped([scalar].map(String.init).joined())
    switch scalar.value {
    case 0x061C, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069:
      return (.bidiCharacter, "\(code) turns the direction of reading")
    // Joiners belong to the spelling of several scripts and to emoji, and so do tags.
    case 0x200C, 0x200D, 0xE0020...0xE007F: return nil
    default: break
    }
    switch scalar.properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator:
      return (.controlCharacter, "\(code) is a control character")
    case .format: return (.invisibleCharacter, "\(code) is invisible")
    default: return nil
    }
  }

  private mutating func checkEnds(_ name: String) {
    let bytes = name.utf8
    guard let first = bytes.first, let last = bytes.last else { return }
    if last == UInt8(ascii: ".") || last == UInt8(ascii: " ") {
      found.append(
        (.windowsName, "Windows drops the \(last == UInt8(ascii: ".") ? "dot" : "space") at the end"))
    }
    let second = bytes.dropFirst().first
    let isDrive = second == UInt8(ascii: ":") && Unicode.Scalar(first).properties.isAlphabetic
    if first == UInt8(ascii: "\\") || first == UInt8(ascii: "~") || (first < 0x80 && isDrive) {
      found.append((.absoluteName, "looks like an absolute path"))
    }
  }

  private static let reserved: Set<String> = {
    var names: Set<String> = ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"]
    for digit in "123456789¹²³" {
      names.insert("COM\(digit)")
      names.insert("LPT\(digit)")
    }
    return names
  }()

  /// Devices of MS-DOS, with any extension behind them.
  private static func isReserved(_ name: String) -> Bool {
    let end = name.utf8.firstIndex(of: UInt8(ascii: ".")) ?? name.endIndex
    var stem = name[..<end]
    guard stem.utf8.count <= 16 else { return false }
    while stem.last == " " { stem.removeLast() }
    return reserved.contains(stem.uppercased())
  }
}
