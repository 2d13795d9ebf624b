/// What may make trouble about one name of a path, looked at byte by byte. O(length).
struct NameFaults {
  private(set) var found: [(lint: Lint, reason: String)] = []

  init(_ name: String) {
    var isPlain = true
    for byte in name.utf8 where Self.needsLook(byte) {
      isPlain = false
      break
    }
    if !isPlain { checkCharacters(name) }
    checkEnds(name)
    if Self.mayBeReserved(name), Self.isReserved(name) {
      found.append((.windowsName, "Windows reserves this name"))
    }
    if name.utf8.count > Self.longestComfortable {
      found.append((.longName, "\(name.utf8.count) bytes, the longest name is 255"))
    }
  }

  /// Bytes. Programs add extensions such as `.part` or `.!qB` while they download.
  static let longestComfortable = TorrentPath.maximumComponentLength - 10

  /// What Windows doesn't let a name contain.
  private static let forbidden = Set("<>:\"|?*\\".unicodeScalars)

  private static func needsLook(_ byte: UInt8) -> Bool {
    switch byte {
    case ..<0x20, 0x7F...: true
    default: forbidden.contains(Unicode.Scalar(byte))
    }
  }

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

  /// A first look that costs nothing: reserved names start with one of a few letters.
  private static func mayBeReserved(_ name: String) -> Bool {
    guard let first = name.utf8.first else { return false }
    return "aclnpACLNP".utf8.contains(first)
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
