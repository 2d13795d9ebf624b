import Glibc
import Platform

@testable import Transfer

// What content asks of the system.
extension FakeFS: FileSystem {
  /// Counts the call, lets it fail if its turn has come, and does it.
  private func perform<R: Sendable>(_ call: Call, _ body: (inout State) -> Result<R, Errno>) throws(Errno)
    -> R
  {
    let result: Result<R, Errno> = state.withLock { state in
      state.counts[call, default: 0] += 1
      state.total += 1
      if let cut = state.faults.cut, cut.call == call, cut.number == state.counts[call],
        let node = Self.find(&state, cut.path), case .file(let bytes) = state.nodes[node]
      {
        state.nodes[node] = .file(Array(bytes.prefix(cut.length)))
        Self.touch(&state, node)
      }
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
      guard let (node, bytes) = Self.file(state, descriptor) else { return .failure(Errno(EBADF)) }
      let start = min(offset, bytes.count)
      let end = min(bytes.count, start + min(buffer.count, state.faults.transferLimit))
      if end > start { state.cached[node, default: []].formUnion(start / 1_024...(end - 1) / 1_024) }
      return .success(bytes[start..<end])
    }
    buffer.copyBytes(from: bytes)
    return bytes.count
  }

  func isCached(_ descriptor: Int32, _ range: Range<Int>) -> Bool {
    state.withLock { state in
      guard state.faults.isCold else { return true }
      let pages = state.descriptors[descriptor].flatMap { state.cached[$0] } ?? []
      return pages.isSuperset(of: [range.lowerBound / 1_024, (range.upperBound - 1) / 1_024])
    }
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

  func removeFile(_ name: String, in directory: Int32) throws(Errno) {
    try perform(.removeFile) { Self.remove(name, directory, &$0, isDirectory: false) }
  }

  func removeDirectory(_ name: String, in directory: Int32) throws(Errno) {
    try perform(.removeDirectory) { Self.remove(name, directory, &$0, isDirectory: true) }
  }

  private static func remove(
    _ name: String, _ directory: Int32, _ state: inout State, isDirectory: Bool
  ) -> Result<Void, Errno> {
    guard let parent = state.descriptors[directory], case .directory(var entries) = state.nodes[parent]
    else { return .failure(Errno(EBADF)) }
    guard let node = child(&state, parent, name) else { return .failure(Errno(ENOENT)) }
    switch state.nodes[node] {
    case .directory(let content):
      guard isDirectory else { return .failure(Errno(EISDIR)) }
      guard content.isEmpty else { return .failure(Errno(ENOTEMPTY)) }
    default:
      guard !isDirectory else { return .failure(Errno(ENOTDIR)) }
    }
    entries = entries.filter { $0.value != node }
    state.nodes[parent] = .directory(entries)
    return .success(())
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
