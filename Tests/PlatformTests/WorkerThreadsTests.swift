import Synchronization
import Testing

@testable import Platform

@Suite(.timeLimit(.minutes(5))) struct WorkerThreadsTests {
  @Test func acceptedWorkIsDoneBeforeTheEnd() throws {
    let done = Atomic(0)
    let workers = try WorkerThreads(3)
    for _ in 0..<1_000 { #expect(workers.submit { done.add(1, ordering: .relaxed) }) }
    workers.shutdown()
    #expect(done.load(ordering: .relaxed) == 1_000)
    #expect(!workers.submit {})
    workers.shutdown()
  }

  @Test func fullQueueRefusesAtOnce() throws {
    let gate = Monitor(false)
    let isBusy = Monitor(false)
    let workers = try WorkerThreads(1, capacity: 2)
    #expect(
      workers.submit {
        isBusy.withLock { $0 = true }
        isBusy.broadcast()
        gate.wait { $0 ? () : nil }
      })
    isBusy.wait { $0 ? () : nil }
    #expect(workers.submit {})
    #expect(workers.submit {})
    #expect(!workers.submit {})
    gate.withLock { $0 = true }
    gate.broadcast()
    workers.shutdown()
  }
}
