/// Looks for something until it is there, and gives it back; throws when the deadline passes first.
///
/// - Parameter saying: text that is added to the failure, asked for only then.
public func eventually<Found>(
  _ what: String, within deadline: Duration, saying: () -> String = { "" }, _ look: () throws -> Found?
) async throws -> Found {
  let end = ContinuousClock.now + deadline
  var pause = Duration.milliseconds(2)
  while true {
    if let found = try look() { return found }
    if ContinuousClock.now >= end { throw ProcessFailure("\(what): not within \(deadline)\n\(saying())") }
    try await Task.sleep(for: pause)
    pause = min(pause * 2, .milliseconds(50))
  }
}
