import Platform
import Testing

@testable import Transfer

@Suite(.timeLimit(.minutes(5))) struct ResolverTests {
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
}
