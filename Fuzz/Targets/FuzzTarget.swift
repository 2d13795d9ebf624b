/// Something that takes any bytes, with what must be true of it whatever they are: a precondition that fails is a find.
public struct FuzzTarget: Sendable {
  /// The folder of its examples in `Fuzz/corpus`.
  public let name: String
  public let run: @Sendable ([UInt8]) -> Void

  public static let all = [
    FuzzTarget(name: "announce", run: fuzzAnnounce),
    FuzzTarget(name: "bencode", run: fuzzBencode),
    FuzzTarget(name: "discovery", run: fuzzDiscovery),
    FuzzTarget(name: "edit", run: fuzzEdit),
    FuzzTarget(name: "extension", run: fuzzExtensionHandshake),
    FuzzTarget(name: "http", run: fuzzHTTP),
    FuzzTarget(name: "magnet", run: fuzzMagnet),
    FuzzTarget(name: "metainfo", run: fuzzMetainfo),
    FuzzTarget(name: "stream", run: fuzzStream),
    FuzzTarget(name: "swarm", run: fuzzSwarm),
  ]
}
