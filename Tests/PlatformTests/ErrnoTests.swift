import Testing

@testable import Platform

@Suite("Errors of the system") struct ErrnoTests {
  @Test func errorTextComesFromTheSystem() {
    #expect(SystemError("open", "/x", cause: .noEntry).description == "open /x: No such file or directory")
    #expect(SystemError("epoll_wait", cause: .noSpace).description == "epoll_wait: No space left on device")
  }
}
