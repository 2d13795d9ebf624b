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

    .target(name: "Bencode", swiftSettings: strict),
    .target(name: "Metainfo", dependencies: ["Bencode", "CDigest"], swiftSettings: strict),
    .target(name: "Transfer", dependencies: ["Metainfo", "Bencode", "CLinux"], swiftSettings: strict),
    .executableTarget(
      name: "torrentctl", dependencies: ["Transfer", "Metainfo", "Bencode"], swiftSettings: strict),

    .target(name: "TestKit", dependencies: ["Bencode"], path: "Tests/TestKit", swiftSettings: strict),
    .testTarget(name: "BencodeTests", dependencies: ["Bencode", "TestKit"], swiftSettings: strict),
    .testTarget(
      name: "MetainfoTests", dependencies: ["Metainfo", "Bencode", "TestKit"],
      swiftSettings: strict),
    .testTarget(
      name: "TransferTests", dependencies: ["Transfer", "Metainfo", "Bencode", "TestKit"],
      swiftSettings: strict),
    .testTarget(
      name: "CommandLineTests", dependencies: ["torrentctl", "Bencode", "TestKit"], swiftSettings: strict),
    .testTarget(
      name: "IntegrationTests", dependencies: ["Transfer", "Metainfo", "Bencode", "TestKit"],
      exclude: ["Drivers"],
      swiftSettings: strict),
  ],
  swiftLanguageModes: [.v6]
)
