// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [.treatAllWarnings(as: .error)]

let package = Package(
  name: "torrentctl",
  products: [
    .library(name: "Bencode", targets: ["Bencode"]),
    .library(name: "Metainfo", targets: ["Metainfo"]),
    .library(name: "Transfer", targets: ["Transfer"]),
    .executable(name: "torrentctl", targets: ["torrentctl"]),
  ],
  targets: [
    // The two C targets: what Swift can't reach, and nothing else.
    .target(name: "CDigest"),
    .target(name: "CLinux"),

    // The ground floor: what everybody needs, once. No product, and nothing public.
    .target(name: "Text", swiftSettings: strict),
    .target(name: "Platform", dependencies: ["Text", "CLinux"], swiftSettings: strict),

    .target(name: "Bencode", swiftSettings: strict),
    .target(
      name: "Metainfo", dependencies: ["Bencode", "Platform", "Text", "CDigest"], swiftSettings: strict),
    .target(
      name: "Transfer", dependencies: ["Metainfo", "Bencode", "Platform", "Text", "CLinux"],
      swiftSettings: strict),
    .executableTarget(
      name: "torrentctl", dependencies: ["Transfer", "Metainfo", "Bencode", "Platform", "Text"],
      swiftSettings: strict),

    .target(
      name: "TestKit", dependencies: ["Bencode", "Platform"], path: "Tests/TestKit", swiftSettings: strict),
    // What fuzzers run, and what replays their examples.
    .target(
      name: "FuzzTargets", dependencies: ["Transfer", "Metainfo", "Bencode", "Text"], path: "Fuzz/Targets",
      swiftSettings: strict),
    .testTarget(name: "FuzzTests", dependencies: ["FuzzTargets"], swiftSettings: strict),
    .testTarget(name: "TextTests", dependencies: ["Text", "TestKit"], swiftSettings: strict),
    .testTarget(name: "PlatformTests", dependencies: ["Platform", "TestKit"], swiftSettings: strict),
    .testTarget(name: "BencodeTests", dependencies: ["Bencode", "TestKit"], swiftSettings: strict),
    .testTarget(
      name: "MetainfoTests", dependencies: ["Metainfo", "Bencode", "Platform", "Text", "TestKit"],
      swiftSettings: strict),
    .testTarget(
      name: "TransferTests",
      dependencies: ["Transfer", "Metainfo", "Bencode", "Platform", "Text", "TestKit"],
      swiftSettings: strict),
    .testTarget(
      name: "CommandLineTests", dependencies: ["torrentctl", "Bencode", "Platform", "Text", "TestKit"],
      swiftSettings: strict),
    .testTarget(
      name: "IntegrationTests", dependencies: ["Transfer", "Metainfo", "Bencode", "Platform", "TestKit"],
      exclude: ["Drivers"],
      swiftSettings: strict),
  ],
  swiftLanguageModes: [.v6]
)
