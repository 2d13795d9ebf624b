/// The number of a piece within one torrent, counted from 0.
///
/// An index that came out of `PieceGeometry.piece(_:)` is known to be inside that torrent: holding one is the
/// proof that the bound was checked, so that code further in may use it as an array index.
public struct PieceIndex: Hashable, Comparable, Sendable {
  public let value: Int

  /// For code that already knows the bound: loops over `0..<pieceCount`, and tests. A number from outside goes
  /// through `PieceGeometry.piece(_:)`.
  public init(unchecked value: Int) { self.value = value }

  public static func < (a: PieceIndex, b: PieceIndex) -> Bool { a.value < b.value }
}

extension PieceIndex: CustomStringConvertible {
  public var description: String { "\(value)" }
}
