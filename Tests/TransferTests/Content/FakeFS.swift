import Platform

@testable import Transfer

/// A file system in memory, which fails when it is told to.
final class FakeFS: Sendable {
  enum Call: String, Hashable, Sendable, CaseIterable {
    case openRoot, makeRoot, openDirectory, makeDirectory, openFile, status, read, write, truncate, sync,
      rename
    case nextData, room, identity, statusOfName, setMark, removeFile, removeDirectory
  }

  /// What goes wrong.
  struct Faults: Sendable {
    /// The so-many-th call, of one kind or of any, counted from 1, fails with this error number.
    var failure: (call: Call?, number: Int, errno: Int32)?
    /// At most so many bytes are read or written at once.
    var transferLimit = Int.max
    /// Every other read, write and sync fails with this error number first.
    var interruption: Int32?
    /// So many bytes can still be written.
    var space = Int.max
    /// So many descriptors can be open.
    var descriptorLimit = Int.max
    /// So many files and folders can still be made; `nil` for no limit.
    var files: Int?
    /// Whether files can be marked.
    var takesMarks = true
    /// Right before the so-many-th call of a kind somebody else cuts a file off.
    var cut: (call: Call, number: Int, path: String, length: Int)?
    /// What has not been read since `start` is not in the cache.
    var isCold = false
    /// Names are the same whatever their case.
    var foldsCase = false
  }

  enum Node {
    case directory([String: Int])
    case file([UInt8])
  }

  struct State {
    var faults = Faults()
    var nodes: [Int: Node] = [0: .directory([:])]
    var nextNode = 1
    /// Where the root's path leads to.
    var root = 0
    /// When each node was changed last.
    var changes: [Int: Int] = [:]
    var clock = 0
    var marks: [Int: [UInt8]] = [:]
    var allocated: [Int: Int] = [:]
    /// Pages of 1 KiB that have been read.
    var cached: [Int: Set<Int>] = [:]
    var descriptors: [Int32: Int] = [:]
    var nextDescriptor: Int32 = 3
    var counts: [Call: Int] = [:]
    var total = 0
    var interruptions = 0
    var peak = 0
  }

  let state = Lock(State())

  // MARK: For tests

  /// Sets what goes wrong from now on, and starts counting calls from 0.
  func start(_ faults: Faults = Faults()) {
    state.withLock {
      $0.faults = faults
      $0.counts = [:]
      $0.total = 0
      $0.cached = [:]
    }
  }

  /// How often a call was made, or all of them.
  func count(of call: Call? = nil) -> Int {
    state.withLock { state in call.map { state.counts[$0] ?? 0 } ?? state.total }
  }

  var openCount: Int { state.withLock { $0.descriptors.count } }
  /// The most descriptors that were open at once.
  var peak: Int { state.withLock { $0.peak } }

  /// Every file with its bytes, by path.
  var files: [String: [UInt8]] { state.withLock { Self.files($0, $0.root, "") } }

  static func files(_ state: State, _ node: Int, _ path: String) -> [String: [UInt8]] {
    switch state.nodes[node] {
    case .file(let bytes): return [path: bytes]
    case .directory(let entries):
      var all: [String: [UInt8]] = [:]
      for (name, child) in entries {
        all.merge(files(state, child, path.isEmpty ? name : path + "/" + name)) { $1 }
      }
      return all
    case nil: return [:]
    }
  }

  /// Every folder, by path.
  var folders: Set<String> {
    state.withLock { Set(Self.folders($0, $0.root, "")) }
  }

  static func folders(_ state: State, _ node: Int, _ path: String) -> [String] {
    guard case .directory(let entries) = state.nodes[node] else { return [] }
    let below = entries.flatMap { folders(state, $0.value, path.isEmpty ? $0.key : path + "/" + $0.key) }
    return path.isEmpty ? below : [path] + below
  }

  /// Puts a file there, with the folders above it.
  func put(_ bytes: [UInt8], at path: String) {
    state.withLock { state in
      var directory = state.root
      var components = path.split(separator: "/").map(String.init)
      let name = components.removeLast()
      for component in components {
        directory =
          Self.child(&state, directory, component) ?? Self.add(&state, .directory([:]), component, directory)
      }
      if let node = Self.child(&state, directory, name) {
        state.nodes[node] = .file(bytes)
        Self.touch(&state, node)
      } else {
        _ = Self.add(&state, .file(bytes), name, directory)
      }
    }
  }

  /// Gives a file so many bytes of the disk, whatever is in it.
  func allocate(_ bytes: Int, at path: String) {
    state.withLock { state in
      if let node = Self.find(&state, path) { state.allocated[node] = bytes }
    }
  }

  /// Changes when the file was changed, and nothing else.
  func touch(_ path: String) {
    state.withLock { state in
      if let node = Self.find(&state, path) { Self.touch(&state, node) }
    }
  }

  /// Takes a file away.
  func remove(_ path: String) {
    state.withLock { state in
      let components = path.split(separator: "/").map(String.init)
      guard let parent = Self.find(&state, components.dropLast().joined(separator: "/")),
        case .directory(var entries) = state.nodes[parent], let name = components.last
      else { return }
      entries[name] = nil
      state.nodes[parent] = .directory(entries)
    }
  }

  /// The root's path leads to another folder from now on, an empty one; to none at all if it is gone.
  func replaceRoot(isGone: Bool = false) {
    state.withLock { state in
      state.root = isGone ? -1 : state.nextNode
      state.nodes[state.nextNode] = .directory([:])
      state.nextNode += 1
    }
  }

  static func find(_ state: inout State, _ path: String) -> Int? {
    var node = state.root
    for component in path.split(separator: "/") {
      guard let next = child(&state, node, String(component)) else { return nil }
      node = next
    }
    return node
  }

  static func touch(_ state: inout State, _ node: Int) {
    state.clock += 1
    state.changes[node] = state.clock
  }

  static func status(_ state: State, _ node: Int) -> FileStatus {
    let change = state.changes[node] ?? 0
    guard case .file(let bytes) = state.nodes[node] else {
      return FileStatus(kind: .directory, length: 0, device: 1, inode: UInt64(node + 1))
    }
    return FileStatus(
      kind: .regular, length: bytes.count, allocated: state.allocated[node], device: 1,
      inode: UInt64(node + 1), modified: change, changed: change)
  }

  static func child(_ state: inout State, _ directory: Int, _ name: String) -> Int? {
    guard case .directory(let entries) = state.nodes[directory] else { return nil }
    if state.faults.foldsCase, entries[name] == nil {
      return entries.first { $0.key.lowercased() == name.lowercased() }?.value
    }
    return entries[name]
  }

  static func add(_ state: inout State, _ node: Node, _ name: String, _ directory: Int) -> Int {
    let number = state.nextNode
    state.nextNode += 1
    state.nodes[number] = node
    if case .directory(var entries) = state.nodes[directory] {
      entries[name] = number
      state.nodes[directory] = .directory(entries)
    }
    return number
  }
}
