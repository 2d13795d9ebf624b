#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Places in memory that one read fills in order, as if they were one.
struct ScatterList: ~Copyable {
  private let places: UnsafeMutableBufferPointer<iovec>
  private(set) var count = 0
  /// Bytes of all places.
  private(set) var byteCount = 0

  /// - Parameter capacity: places that there can be at once.
  init(capacity: Int) {
    places = .allocate(capacity: capacity)
    places.initialize(repeating: iovec())
  }

  deinit { places.deallocate() }

  /// The place must stay where it is until the list is emptied.
  mutating func append(_ place: UnsafeMutableRawBufferPointer) {
    places[count] = iovec(iov_base: place.baseAddress, iov_len: place.count)
    count += 1
    byteCount += place.count
  }

  mutating func removeAll() {
    count = 0
    byteCount = 0
  }

  subscript(number: Int) -> UnsafeMutableRawBufferPointer {
    precondition(number < count)
    return UnsafeMutableRawBufferPointer(start: places[number].iov_base, count: places[number].iov_len)
  }

  /// As `readv` wants it.
  var vectors: UnsafeBufferPointer<iovec> { UnsafeBufferPointer(rebasing: places[..<count]) }
}
