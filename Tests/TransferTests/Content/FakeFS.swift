import Glibc
import Platform

@testable import Transfer

/// A file system in memory, which fails when it is told to.
final class FakeFS: FileSystem {
  enum Call: String, Hashable, Sendable, CaseIterable {
    case openRoot, makeRoot, openDirectory, makeDirectory, openFile, status, read, write, truncate, sync,
      rename
    case nextData, room, identity, statusOfName, setMark
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
    /// Names are the same whatever their case.
    var foldsCase = false
  }

  private enum Node {
    case directory([String: Int])
    case file([UInt8])
  }

  private struct State {
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
    var descriptors: [Int32: Int] = [:]
    var nextDescriptor: Int32 = 3
    var counts: [Call: Int] = [:]
    var total = 0
    var interruptions = 0
    var peak = 0
  }

  private let state = Lock(State())

  // MARK: For tests

  /// Sets what goes wrong from now on, and starts counting calls from 0.
  func start(_ faults: Faults = Faults()) {
    state.withLock {
      $0.faults = faults
      $0.counts = [:]
      $0.total = 0
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

  private static func files(_ state: State, _ node: Int, _ path: String) -> [String: [UInt8]] {
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

  private static func find(_ state: inout State, _ path: String) -> Int? {
    var node = state.root
    for component in path.split(separator: "/") {
      guard let next = child(&state, node, String(component)) else { return nil }
      node = next
    }
    return node
  }

  private static func touch(_ state: inout State, _ node: Int) {
    state.clock += 1
    state.changes[node] = state.clock
  }

  private static func status(_ state: State, _ node: Int) -> FileStatus {
    let change = state.changes[node] ?? 0
    guard case .file(let bytes) = state.nodes[node] else {
      return FileStatus(kind: .directory, length: 0, device: 1, inode: UInt64(node + 1))
    }
    return FileStatus(
      kind: .regular, length: bytes.count, allocated: state.allocated[node], device: 1,
      inode: UInt64(node + 1), modified: change, changed: change)
  }

  private static func child(_ state: inout State, _ directory: Int, _ name: String) -> Int? {
    guard case .directory(let entries) = state.nodes[directory] else { return nil }
    if state.faults.foldsCase, entries[name] == nil {
      return entries.first { $0.key.lowercased() == name.lowercased() }?.value
    }
    return entries[name]
  }

  private static func add(_ state: inout State, _ node: Node, _ name: String, _ directory: Int) -> Int {
    let number = state.nextNode
    state.nextNode += 1
    state.nodes[number] = node
    if case .directory(var entries) = state.nodes[directory] {
      entries[name] = number
      state.nodes[directory] = .directory(entries)
    }
    return number
  }

  // MARK: FileSystem

  /// Counts the call, lets it fail if its turn has come, and does it.
  private func perform<R: Sendable>(_ call: Call, _ body: (inout State) -> Result<R, Errno>) throws(Errno)
    -> R
  {
    let result: Result<R, Errno> = state.withLock { state in
      state.counts[call, default: 0] += 1
      state.total += 1
      if let failure = state.faults.failure {
        let count = failure.call.map { state.counts[$0] ?? 0 } ?? state.total
        if failure.call == nil || failure.call == call, count == failure.number {
          return .failure(Errno(failure.errno))
        }
      }
      if let interruption = state.faults.interruption, [.read, .write, .sync].contains(call) {
        state.interruptions += 1
        if state.interruptions % 2 == 1 { return .failure(Errno(interruption)) }
      }
      return body(&state)
    }
    return try result.get()
  }

  private static func open(_ state: inout State, _ node: Int) -> Result<Int32, Errno> {
    guard state.descriptors.count < state.faults.descriptorLimit else { return .failure(Errno(EMFILE)) }
    let descriptor = state.nextDescriptor
    state.nextDescriptor += 1
    state.descriptors[descriptor] = node
    state.peak = max(state.peak, state.descriptors.count)
    return .success(descriptor)
  }

  private static func file(_ state: State, _ descriptor: Int32) -> (node: Int, bytes: [UInt8])? {
    guard let node = state.descriptors[descriptor], case .file(let bytes) = state.nodes[node] else {
      return nil
    }
    return (node, bytes)
  }

  func openRoot(_ path: String) throws(Errno) -> Int32 {
    try perform(.openRoot) { state in
      state.root < 0 ? .failure(Errno(ENOENT)) : Self.open(&state, state.root)
    }
  }
  func makeRoot(_ path: String) throws(Errno) { try perform(.makeRoot) { _ in .success(()) } }

  func openDirectory(_ name: String, in directory: Int32) throws(Errno) -> Int32 {
    try perform(.openDirectory) { state in
      guard let parent = state.descriptors[directory] else { return .failure(Errno(EBADF)) }
      guard let node = Self.child(&state, parent, name) else { return .failure(Errno(ENOENT)) }
      guard case .directory = state.nodes[node] else { return .failure(Errno(ENOTDIR)) }
      return Self.open(&state, node)
    }
  }

  func makeDirectory(_ name: String, in directory: Int32) throws(Errno) {
    try perform(.makeDirectory) { state -> Result<Void, Errno> in
      guard let parent = state.descriptors[directory] else { return .failure(Errno(EBADF)) }
      guard Self.child(&state, parent, name) == nil else { return .failure(Errno(EEXIST)) }
      guard Self.takesFile(&state) else { return .failure(Errno(ENOSPC)) }
      _ = Self.add(&state, .directory([:]), name, parent)
      return .success(())
    }
  }

  func openFile(_ name: String, in directory: Int32, _ mode: OpenMode) throws(Errno) -> Int32 {
    try perform(.openFile) { state in
      guard let parent = state.descriptors[directory] else { return .failure(Errno(EBADF)) }
      if let node = Self.child(&state, parent, name) {
        return mode == .createNew ? .failure(Errno(EEXIST)) : Self.open(&state, node)
      }
      guard mode == .create || mode == .createNew else { return .failure(Errno(ENOENT)) }
      guard state.descriptors.count < state.faults.descriptorLimit else { return .failure(Errno(EMFILE)) }
      guard Self.takesFile(&state) else { return .failure(Errno(ENOSPC)) }
      return Self.open(&state, Self.add(&state, .file([]), name, parent))
    }
  }

  private static func takesFile(_ state: inout State) -> Bool {
    guard let left = state.faults.files else { return true }
    state.faults.files = max(0, left - 1)
    return left > 0
  }

  func identity(ofRoot path: String) throws(Errno) -> FileIdentity {
    try perform(.identity) { state in
      state.root < 0
        ? .failure(Errno(ENOENT)) : .success(FileIdentity(device: 1, inode: UInt64(state.root + 1)))
    }
  }

  func status(of name: String, in directory: Int32) throws(Errno) -> FileStatus {
    try perform(.statusOfName) { state in
      guard let parent = state.descriptors[directory] else { return .failure(Errno(EBADF)) }
      guard let node = Self.child(&state, parent, name) else { return .failure(Errno(ENOENT)) }
      return .success(Self.status(state, node))
    }
  }

  func status(of descriptor: Int32) throws(Errno) -> FileStatus {
    try perform(.status) { state in
      guard let node = state.descriptors[descriptor] else { return .failure(Errno(EBADF)) }
      return .success(Self.status(state, node))
    }
  }

  func read(_ descriptor: Int32, into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(Errno)
    -> Int
  {
    let bytes: ArraySlice<UInt8> = try perform(.read) { state in
      guard let (_, bytes) = Self.file(state, descriptor) else { return .failure(Errno(EBADF)) }
      let start = min(offset, bytes.count)
      return .success(bytes[start..<min(bytes.count, start + min(buffer.count, state.faults.transferLimit))])
    }
    buffer.copyBytes(from: bytes)
    return bytes.count
  }

  func prefetch(_ descriptor: Int32, _ range: Range<Int>) {}

  func write(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer, at offset: Int) throws(Errno) -> Int {
    let bytes = Array(bytes)
    return try perform(.write) { state in
      guard case (let node, var content)? = Self.file(state, descriptor) else {
        return .failure(Errno(EBADF))
      }
      let count = min(bytes.count, state.faults.transferLimit, state.faults.space)
      guard count > 0 else { return .failure(Errno(ENOSPC)) }
      if state.faults.space != .max { state.faults.space -= count }
      if content.count < offset + count {
        content += [UInt8](repeating: 0, count: offset + count - content.count)
      }
      content.replaceSubrange(offset..<offset + count, with: bytes[..<count])
      state.nodes[node] = .file(content)
      Self.touch(&state, node)
      return .success(count)
    }
  }

  func truncate(_ descriptor: Int32, to length: Int) throws(Errno) {
    try perform(.truncate) { state -> Result<Void, Errno> in
      guard let (node, content) = Self.file(state, descriptor) else { return .failure(Errno(EBADF)) }
      let zeros = [UInt8](repeating: 0, count: max(0, length - content.count))
      state.nodes[node] = .file(content.prefix(length) + zeros)
      Self.touch(&state, node)
      return .success(())
    }
  }

  func sync(_ descriptor: Int32) throws(Errno) { try perform(.sync) { _ in .success(()) } }

  func rename(_ old: String, to new: String, in directory: Int32, replaces: Bool) throws(Errno) {
    try perform(.rename) { state -> Result<Void, Errno> in
      guard let parent = state.descriptors[directory], case .directory(var entries) = state.nodes[parent]
      else {
        return .failure(Errno(EBADF))
      }
      guard let node = entries[old] else { return .failure(Errno(ENOENT)) }
      guard replaces || Self.child(&state, parent, new) == nil else { return .failure(Errno(EEXIST)) }
      entries[old] = nil
      entries[new] = node
      Self.touch(&state, node)
      state.nodes[parent] = .directory(entries)
      return .success(())
    }
  }

  /// Runs of 4 KiB of zeros count as holes.
  func nextData(_ descriptor: Int32, from offset: Int) throws(Errno) -> Int? {
    try perform(.nextData) { state in
      guard let (_, bytes) = Self.file(state, descriptor) else { return .failure(Errno(EBADF)) }
      guard let data = bytes.indices.dropFirst(offset).first(where: { bytes[$0] != 0 }) else {
        return .success(nil)
      }
      return .success(data - offset >= 4096 ? data : offset)
    }
  }

  func room(_ directory: Int32) throws(Errno) -> DiskRoom {
    try perform(.room) { .success(DiskRoom(bytes: $0.faults.space, files: $0.faults.files)) }
  }

  func setMark(_ mark: [UInt8], of descriptor: Int32) throws(Errno) {
    try perform(.setMark) { state -> Result<Void, Errno> in
      guard state.faults.takesMarks else { return .failure(Errno(ENOTSUP)) }
      guard let node = state.descriptors[descriptor] else { return .failure(Errno(EBADF)) }
      state.marks[node] = mark
      Self.touch(&state, node)
      return .success(())
    }
  }

  func mark(of descriptor: Int32) -> [UInt8]? {
    state.withLock { state in state.descriptors[descriptor].flatMap { state.marks[$0] } }
  }

  func close(_ descriptor: Int32) { state.withLock { _ = $0.descriptors.removeValue(forKey: descriptor) } }
}
