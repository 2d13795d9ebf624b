import Platform
import Transfer

/// Runs a session from its start to its end: the session's own threads and one task do the work, while the
/// calling thread waits for signals and keeps time.
struct TransferRun: Sendable {
  let configuration: SessionConfiguration
  /// Adds the torrents to the session.
  let begin: @Sendable (Session) async throws(TransferError) -> Void

  /// After an interruption the trackers are told, for 5 seconds at most; what takes longer than this is left.
  private static let patience = 10.0
  private static let tick = 500

  /// Blocks until it is over.
  func run(_ monitor: TransferMonitor) throws(CommandFailure) -> ExitCode {
    let signals = SignalWatch()
    let clock = Stopwatch()
    let outcome = Outcome()
    let (inputs, send) = AsyncStream.makeStream(of: TransferInput.self)
    Task.detached {
      outcome.set(await transfer(monitor, inputs, send, clock))
      signals.wake()
    }
    var interrupted: Double?
    while true {
      let event = signals.next(within: Self.tick)
      if let answer = outcome.answer { return try answer.get() }
      switch event {
      case .interrupted:
        // Who asks twice doesn't want to wait.
        if interrupted != nil { return .interrupted }
        interrupted = clock.seconds
        send.yield(.interrupted)
      case .timeout:
        if let interrupted, clock.seconds - interrupted > Self.patience { return .interrupted }
        send.yield(.tick)
      case .woken: break
      }
    }
  }

  private func transfer(
    _ monitor: TransferMonitor, _ inputs: AsyncStream<TransferInput>,
    _ send: AsyncStream<TransferInput>.Continuation, _ clock: Stopwatch
  ) async -> Result<ExitCode, CommandFailure> {
    var monitor = monitor
    let session: Session
    do throws(TransferError) {
      session = try Session(configuration)
    } catch {
      let failure = CommandFailure(error)
      monitor.note(failure)
      return .failure(failure)
    }
    let events = session.events(monitor.wanted)
    Task {
      for await event in events { send.yield(.session(event)) }
      send.finish()
    }
    var answer: Result<ExitCode, CommandFailure>?
    do throws(TransferError) { try await begin(session) } catch {
      answer = .failure(CommandFailure(error))
      Task { await session.stop() }
    }
    // Ends when the session has stopped and all of its events are read.
    for await input in inputs {
      do throws(CommandFailure) {
        if answer == nil {
          guard let code = try monitor.handle(input, at: clock.seconds) else { continue }
          answer = .success(code)
          Task { await session.stop() }
        } else if case .session(let event) = input {
          try monitor.note(event, at: clock.seconds)
        }
      } catch {
        guard answer == nil else { continue }
        answer = .failure(error)
        Task { await session.stop() }
      }
    }
    do throws(CommandFailure) {
      try monitor.finish(at: clock.seconds, try? (answer ?? .success(.interrupted)).get())
    } catch {
      answer = .failure(error)
    }
    if case .success(.interrupted) = answer { monitor.sayInterrupted(at: clock.seconds) }
    if case .failure(let failure) = answer { monitor.note(failure) }
    return answer ?? .success(.interrupted)
  }

  /// What the task tells the thread that waits for it.
  private final class Outcome: Sendable {
    private let state = Lock<Result<ExitCode, CommandFailure>?>(nil)
    var answer: Result<ExitCode, CommandFailure>? { state.withLock { $0 } }
    func set(_ answer: Result<ExitCode, CommandFailure>) { state.withLock { $0 = answer } }
  }
}

extension CommandFailure {
  init(_ error: TransferError) {
    switch error.kind {
    case .network, .state: self.init(error.description, code: .network)
    case .disk: self.init(error.description, code: .disk)
    case .foreignFile: self.init(error.description, hint: "--force overwrites it", code: .disk)
    case .unsupported: self.init(error.description, code: .usage)
    case .incomplete: self.init(error.description, code: .no)
    }
  }
}
