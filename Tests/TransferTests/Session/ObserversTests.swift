import Testing

@testable import Transfer

@Suite struct ObserversTests {
  private let observation = TorrentObservation(time: .zero, decision: .endGameBegan, peer: nil)

  @Test("Each observer is told, and one that has gone is forgotten with the next observation")
  func tell() async {
    var observers = Observers()
    let (first, one) = AsyncStream<TorrentObservation>.makeStream()
    let (second, other) = AsyncStream<TorrentObservation>.makeStream()
    let number = observers.add(one)
    _ = observers.add(other)
    observers.tell(observation)
    for stream in [first, second] {
      var reader = stream.makeAsyncIterator()
      let told = await reader.next()
      #expect(told?.decision == .endGameBegan)
    }
    other.finish()
    observers.tell(observation)
    observers.remove(number)
    #expect(observers.isEmpty)
  }
}
