import TestKit

/// The tiny HTTP tracker of the drivers, for the time of a test.
struct Tracker {
  let process: ProcessChild
  let url: String
  private let scratch: ScratchFolder

  init(on host: Host) async throws {
    scratch = try ScratchFolder("tracker")
    process = try ProcessChild(
      "tracker", try host.prefix + ReferenceClient.driver("tracker") + ["--bind", host.address],
      folder: scratch.path)
    url = "http://\(host.address):\(try await process.listeningPort())/announce"
  }

  /// Waits until a client that listens on `port` has announced that many torrents.
  func announced(by port: Int, torrents: Int) async throws {
    _ = try await eventually("announces of port \(port)", within: .seconds(20), saying: process.report) {
      let hashes = process.events.filter { $0.event == "announce" && $0.port == port }.compactMap(\.hash)
      return Set(hashes).count == torrents ? true : nil
    }
  }
}
