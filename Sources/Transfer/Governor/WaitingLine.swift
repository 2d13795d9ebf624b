/// Who waits for a turn, in the order in which they came, each once. Joining, leaving and calling the first are O(1).
///
/// Whoever leaves stays in the queue as an empty place, and is passed over when its turn comes. Empty places are
/// swept out when they outnumber those who wait, so the line costs no more than twice the longest there was.
struct WaitingLine<Waiter: Hashable & Sendable>: Sendable {
  private struct Place {
    let waiter: Waiter
    let ticket: UInt64
  }

  private static var emptyPlacesAllowed: Int { 64 }

  private var queue: [Place] = []
  private var head = 0
  private var ticketOf: [Waiter: UInt64] = [:]
  private var lastTicket: UInt64 = 0

  var isEmpty: Bool { ticketOf.isEmpty }
  var count: Int { ticketOf.count }

  func contains(_ waiter: Waiter) -> Bool { ticketOf[waiter] != nil }

  /// Goes to the end of the line; who is in it keeps the place.
  mutating func join(_ waiter: Waiter) {
    guard ticketOf[waiter] == nil else { return }
    lastTicket &+= 1
    ticketOf[waiter] = lastTicket
    queue.append(Place(waiter: waiter, ticket: lastTicket))
  }

  mutating func leave(_ waiter: Waiter) {
    guard ticketOf.removeValue(forKey: waiter) != nil else { return }
    if queue.count - head > 2 * ticketOf.count + Self.emptyPlacesAllowed { sweep() }
  }

  /// Who has waited longest.
  mutating func first() -> Waiter? {
    while head < queue.count, ticketOf[queue[head].waiter] != queue[head].ticket { head += 1 }
    return head < queue.count ? queue[head].waiter : nil
  }

  /// Takes out who has waited longest.
  mutating func callFirst() -> Waiter? {
    guard let waiter = first() else { return nil }
    ticketOf[waiter] = nil
    head += 1
    if head >= Self.emptyPlacesAllowed, head * 2 >= queue.count { sweep() }
    return waiter
  }

  private mutating func sweep() {
    queue.removeFirst(head)
    head = 0
    queue.removeAll { ticketOf[$0.waiter] != $0.ticket }
  }
}
