import Glibc
import Metainfo
import Synchronization
import Testing

@testable import Transfer

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

  @Test func resolverAnswersNumericHostsItself() throws {
    let resolver = try Resolver()
    let answers = Monitor<[[IPAddress]]>([])
    resolver.resolve("::1") { result in answers.withLock { $0.append((try? result.get()) ?? []) } }
    #expect(answers.withLock { $0 } == [[.loopbackIPv6]])
    resolver.shutdown()
  }

  @Test func resolverKnowsLocalhost() throws {
    let resolver = try Resolver()
    let answers = Monitor<[Result<[IPAddress], Resolver.Failure>]>([])
    for host in ["localhost", ""] {
      resolver.resolve(host) { result in answers.withLock { $0.append(result) } }
    }
    resolver.shutdown()
    let results = answers.withLock { $0 }
    #expect(results.count == 2)
    #expect(
      results.contains { (try? $0.get())?.contains { $0 == .loopbackIPv4 || $0 == .loopbackIPv6 } == true })
    #expect(results.contains(.failure(Resolver.Failure(host: "", reason: "not a host name"))))
  }

  @Test func errorTextComesFromTheSystem() {
    #expect(SystemError("open", "/x", errno: ENOENT).description == "open /x: No such file or directory")
    #expect(SystemError("epoll_wait", errno: ENOSPC).description == "epoll_wait: No space left on device")
  }
}
