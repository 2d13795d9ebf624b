import Glibc
import Metainfo
import Platform
import TestKit
import Testing

@testable import Transfer

/// Content that is deleted, and what must stay.
@Suite(.timeLimit(.minutes(5))) struct DeletionTests {
  private let sample: SampleContent
  private let disk = FakeFS()
  private let pool: DescriptorPool

  init() throws {
    sample = try .mixed()
    pool = DescriptorPool(disk, limit: 64)
  }

  private var downloading: Payload.Purpose { .downloading(overwritesForeignFiles: false) }

  private func open(_ purpose: Payload.Purpose? = nil, wanted: [Bool]? = nil) throws -> Payload {
    try Payload(sample.info, in: "/root", for: purpose ?? downloading, wanted: wanted, pool: pool)
  }

  private func put(except missing: Set<String> = []) {
    for (path, bytes) in sample.files where !missing.contains(path) { disk.put(bytes, at: path) }
  }

  private func reasons(_ content: DeletedContent) -> [String: String] {
    Dictionary(uniqueKeysWithValues: content.kept.map { ($0.path, $0.reason) })
  }

  @Test("A complete download goes with its folders, and nothing else does")
  func complete() throws {
    let payload = try open()
    _ = try payload.examined()
    _ = try payload.complete(with: sample)
    disk.put([1, 2, 3], at: "t/sub/own")
    disk.put([4], at: "other")
    let result = payload.delete()
    #expect(Set(result.deleted) == Set(sample.files.keys.map { "/root/\($0)" }) && result.kept == [])
    #expect(disk.files == ["t/sub/own": [1, 2, 3], "other": [4]])
    #expect(disk.folders == ["t", "t/sub"])
    #expect(disk.openCount == 0)
  }

  @Test("Of a download that has just begun the partial files go", arguments: [true, false])
  func partial(takesMarks: Bool) throws {
    disk.start(FakeFS.Faults(takesMarks: takesMarks))
    let payload = try open()
    _ = try payload.examined()
    // Piece 0 is file a and the first bytes of b: of those, only a piece can prove that they are b's.
    _ = try payload.store(try #require(sample.info.geometry.pieces.first), sample)
    #expect(disk.files.keys.sorted() == ["t/a", "t/sub/deep/b.part"])
    #expect(payload.delete().deleted == ["/root/t/a", "/root/t/sub/deep/b.part"])
    #expect(disk.files.isEmpty && disk.folders.isEmpty)
  }

  @Test("A seed's file that has no right piece is somebody else's, and stays")
  func foreign() throws {
    put(except: ["t/d"])
    disk.put(Array(repeating: 7, count: 2_048), at: "t/d")
    let payload = try open(.seeding)
    _ = try payload.examined()
    // The ten bytes of c lie in a piece that d has a part of: nothing proves them.
    let result = payload.delete()
    let reason = "a file of this name exists and is not this torrent's"
    #expect(
      reasons(result) == ["/root/t/d": "/root/t/d: \(reason)", "/root/t/sub/c": "/root/t/sub/c: \(reason)"])
    #expect(disk.files.keys.sorted() == ["t/d", "t/sub/c"])
  }

  @Test("A file that was changed since stays; one that was only touched goes")
  func changed() throws {
    put()
    let payload = try open(.seeding)
    _ = try payload.examined()
    disk.touch("t/a")
    var bytes = try #require(sample.files["t/sub/e"])
    bytes[1_000] ^= 1
    disk.put(bytes, at: "t/sub/e")
    let result = payload.delete()
    #expect(reasons(result) == ["/root/t/sub/e": "/root/t/sub/e: something else has changed the file"])
    #expect(disk.files == ["t/sub/e": bytes])
    #expect(disk.folders == ["t", "t/sub"])
  }

  @Test("A file that was not selected and is not this torrent's stays")
  func unselected() throws {
    disk.put(Array(repeating: 9, count: 5_000), at: "t/sub/deep/b")
    let payload = try open(wanted: [true, false, true, true, true, true])
    _ = try payload.examined()
    _ = try payload.complete(with: sample)
    let result = payload.delete()
    #expect(reasons(result).keys.sorted() == [])
    #expect(disk.files == ["t/sub/deep/b": Array(repeating: 9, count: 5_000)])
  }

  @Test("What has not been examined is looked at first; a folder that isn't there is not made")
  func unexamined() throws {
    put(except: ["t/d"])
    disk.put([1], at: "t/d.part")
    let result = try Payload.delete(sample.info, in: "/root", for: downloading, pool: pool)
    #expect(result.deleted.count == 4 && result.kept.map(\.path) == ["/root/t/sub/c", "/root/t/d.part"])
    #expect(disk.files.keys.sorted() == ["t/d.part", "t/sub/c"])
    disk.replaceRoot(isGone: true)
    let before = disk.count(of: .makeRoot)
    #expect(
      try Payload.delete(sample.info, in: "/root", for: downloading, pool: pool) == DeletedContent())
    #expect(disk.count(of: .makeRoot) == before)
  }

  @Test("D03 whichever call fails: a file is deleted, or stays and is named; never a wrong one")
  func everyCallFails() throws {
    for purpose in [downloading, .seeding] {
      var number = 1
      while true {
        let disk = FakeFS()
        for (path, bytes) in sample.files { disk.put(bytes, at: path) }
        disk.put([1], at: "t/sub/own")
        let payload = try Payload(
          sample.info, in: "/root", for: purpose, pool: DescriptorPool(disk, limit: 64))
        _ = try payload.examined()
        disk.start(FakeFS.Faults(failure: (call: nil, number: number, errno: EIO)))
        let result = payload.delete()
        let calls = disk.count()
        disk.start()
        let left = disk.files
        #expect(left["t/sub/own"] == [1])
        let named = Set(result.deleted + result.kept.map(\.path))
        #expect(named == Set(sample.files.keys.map { "/root/\($0)" }), "call \(number)")
        for path in sample.files.keys {
          #expect((left[path] == nil) == result.deleted.contains("/root/\(path)"), "call \(number): \(path)")
        }
        #expect(disk.openCount == 0, "call \(number)")
        number += 1
        if calls < number - 1 { break }
      }
      #expect(number > 20)
    }
  }

  @Test("Given up, content lets nobody begin, and is handed over when the last one at work has left")
  func handedOver() throws {
    let payload = try open()
    _ = try payload.examined()
    let order = Lock<[String]>([])
    try payload.using { () throws(StorageError) in
      payload.giveUp { order.withLock { $0.append("handed over") } }
      #expect(throws: StorageError.closed) { try payload.using { () throws(StorageError) in } }
      order.withLock { $0.append("leaves") }
    }
    #expect(order.withLock { $0 } == ["leaves", "handed over"])
    // To the first alone.
    payload.giveUp { order.withLock { $0.append("second") } }
    #expect(order.withLock { $0.count } == 3)
  }

  @Test("D14 two names that are one to the file system are found at the start, and nothing is changed")
  func foldedNames() throws {
    let sample = try SampleContent(
      [.init("sub/Name", 3_000), .init("sub/name", 2_000), .init("other", 10)], pieceLength: 1_024)
    func download(_ wanted: [Bool]? = nil) throws(StorageError) -> Payload {
      try Payload(sample.info, in: "/root", for: downloading, wanted: wanted, pool: pool)
    }
    let error = StorageError.namesCollide(path: "/root/t/sub/Name", other: "/root/t/sub/name")
    disk.start(FakeFS.Faults(foldsCase: true))
    #expect(throws: error) { try download().examined() }
    #expect(disk.files.isEmpty && disk.folders.isEmpty)
    // What lies there is found under both names.
    disk.put(try #require(sample.files["t/sub/Name"]), at: "t/sub/Name")
    let before = disk.files
    #expect(throws: error) { try download().examined() }
    #expect(disk.files == before)
    // One of them alone is no trouble.
    _ = try download([false, true, true])
    // Nor are both where names are bytes.
    let plain = FakeFS()
    let payload = try Payload(
      sample.info, in: "/root", for: downloading, pool: DescriptorPool(plain, limit: 64))
    #expect(try payload.examined() == [])
    #expect(plain.files.isEmpty && plain.folders.isEmpty)
    _ = try payload.complete(with: sample)
    #expect(plain.files == sample.files)
  }
}
