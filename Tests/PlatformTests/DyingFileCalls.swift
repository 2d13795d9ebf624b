import Glibc

@testable import Platform

/// Real calls, of which one is the last: it isn't made (of a write, half is), and neither is any after it, as if the
/// process had been killed. Or one that fails, and the others work.
final class DyingFileCalls: FileCalls {
  enum Fate { case dies, fails }

  private struct State {
    var made = 0
    var isDead = false
    var descriptors: Set<Int32> = []
  }

  private let state = Lock(State())
  private let system = SystemFileCalls()
  /// The call that is the last or that fails, counted from 0.
  private let number: Int
  private let fate: Fate

  init(at number: Int, _ fate: Fate) {
    self.number = number
    self.fate = fate
  }

  /// How many calls were asked for; more than `number` when it came to that.
  var made: Int { state.withLock { $0.made } }

  private enum Step { case works, isTheOne, isOver }

  private func step() -> Step {
    state.withLock { state in
      if state.isDead { return .isOver }
      defer { state.made += 1 }
      guard state.made == number else { return .works }
      state.isDead = fate == .dies
      return .isTheOne
    }
  }

  /// What the kernel does when a process is gone: closes its files, and so gives up its locks.
  func bury() {
    let orphans = state.withLock { state in
      defer { state.descriptors = [] }
      return state.descriptors
    }
    for descriptor in orphans { system.close(descriptor) }
  }

  private func attempt<Result>(_ call: () throws(Errno) -> Result) throws(Errno) -> Result {
    guard step() == .works else { throw Errno(EIO) }
    return try call()
  }

  func create(_ path: String, mode: UInt32) throws(Errno) -> Int32 {
    let descriptor = try attempt { () throws(Errno) in try system.create(path, mode: mode) }
    state.withLock { _ = $0.descriptors.insert(descriptor) }
    return descriptor
  }

  func claim(_ descriptor: Int32) -> Bool {
    switch step() {
    case .works: system.claim(descriptor)
    // A lock that can't be had only means another attempt, which a dead process would make for ever.
    case .isTheOne: fate == .dies
    case .isOver: true
    }
  }

  func write(_ bytes: ArraySlice<UInt8>, to descriptor: Int32) throws(Errno) -> Int {
    switch step() {
    case .works:
      // Little by little, so that there is more than one.
      return try system.write(bytes.prefix(max(1, bytes.count / 2)), to: descriptor)
    case .isTheOne: _ = try system.write(bytes.prefix(bytes.count / 2), to: descriptor)
    case .isOver: break
    }
    throw Errno(ENOSPC)
  }

  func copyAttributes(of path: String, to descriptor: Int32) throws(Errno) {
    try attempt { () throws(Errno) in try system.copyAttributes(of: path, to: descriptor) }
  }

  func sync(_ descriptor: Int32) throws(Errno) {
    try attempt { () throws(Errno) in try system.sync(descriptor) }
  }

  func close(_ descriptor: Int32) {
    guard step() == .works else { return }
    state.withLock { _ = $0.descriptors.remove(descriptor) }
    system.close(descriptor)
  }

  func link(_ path: String, to new: String) throws(Errno) {
    try attempt { () throws(Errno) in try system.link(path, to: new) }
  }

  func rename(_ path: String, to new: String) throws(Errno) {
    try attempt { () throws(Errno) in try system.rename(path, to: new) }
  }

  func remove(_ path: String) { if step() == .works { system.remove(path) } }

  func syncFolder(_ path: String) { if step() == .works { system.syncFolder(path) } }
}
