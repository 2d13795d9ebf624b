/// The block function of SHA-1 in Swift: 80 rounds written out (FIPS 180-4, 6.1.2).
///
/// Written out because the roles of the five words shift with each round: in a loop that is four moves a round,
/// here it is a matter of naming. The schedule keeps its last 16 words only, each replaced in place.
enum SHA1Rounds {
  /// Mixes `count` blocks of 64 bytes, the first at `bytes`, into the state. O(count).
  static func mix(_ bytes: UnsafeRawPointer, blocks count: Int, into state: inout SHA1.State) {
    var bytes = bytes
    for _ in 0..<count {
      var (a, b, c, d, e) = (state.a, state.b, state.c, state.d, state.e)
      var (w0, w1, w2, w3) = (word(0, bytes), word(1, bytes), word(2, bytes), word(3, bytes))
      var (w4, w5, w6, w7) = (word(4, bytes), word(5, bytes), word(6, bytes), word(7, bytes))
      var (w8, w9, w10, w11) = (word(8, bytes), word(9, bytes), word(10, bytes), word(11, bytes))
      var (w12, w13, w14, w15) = (word(12, bytes), word(13, bytes), word(14, bytes), word(15, bytes))

      choose(a, &b, c, d, &e, w0)
      choose(e, &a, b, c, &d, w1)
      choose(d, &e, a, b, &c, w2)
      choose(c, &d, e, a, &b, w3)
      choose(b, &c, d, e, &a, w4)
      choose(a, &b, c, d, &e, w5)
      choose(e, &a, b, c, &d, w6)
      choose(d, &e, a, b, &c, w7)
      choose(c, &d, e, a, &b, w8)
      choose(b, &c, d, e, &a, w9)
      choose(a, &b, c, d, &e, w10)
      choose(e, &a, b, c, &d, w11)
      choose(d, &e, a, b, &c, w12)
      choose(c, &d, e, a, &b, w13)
      choose(b, &c, d, e, &a, w14)
      choose(a, &b, c, d, &e, w15)
      choose(e, &a, b, c, &d, next(&w0, w2, w8, w13))
      choose(d, &e, a, b, &c, next(&w1, w3, w9, w14))
      choose(c, &d, e, a, &b, next(&w2, w4, w10, w15))
      choose(b, &c, d, e, &a, next(&w3, w5, w11, w0))

      parity(a, &b, c, d, &e, next(&w4, w6, w12, w1))
      parity(e, &a, b, c, &d, next(&w5, w7, w13, w2))
      parity(d, &e, a, b, &c, next(&w6, w8, w14, w3))
      parity(c, &d, e, a, &b, next(&w7, w9, w15, w4))
      parity(b, &c, d, e, &a, next(&w8, w10, w0, w5))
      parity(a, &b, c, d, &e, next(&w9, w11, w1, w6))
      parity(e, &a, b, c, &d, next(&w10, w12, w2, w7))
      parity(d, &e, a, b, &c, next(&w11, w13, w3, w8))
      parity(c, &d, e, a, &b, next(&w12, w14, w4, w9))
      parity(b, &c, d, e, &a, next(&w13, w15, w5, w10))
      parity(a, &b, c, d, &e, next(&w14, w0, w6, w11))
      parity(e, &a, b, c, &d, next(&w15, w1, w7, w12))
      parity(d, &e, a, b, &c, next(&w0, w2, w8, w13))
      parity(c, &d, e, a, &b, next(&w1, w3, w9, w14))
      parity(b, &c, d, e, &a, next(&w2, w4, w10, w15))
      parity(a, &b, c, d, &e, next(&w3, w5, w11, w0))
      parity(e, &a, b, c, &d, next(&w4, w6, w12, w1))
      parity(d, &e, a, b, &c, next(&w5, w7, w13, w2))
      parity(c, &d, e, a, &b, next(&w6, w8, w14, w3))
      parity(b, &c, d, e, &a, next(&w7, w9, w15, w4))

      majority(a, &b, c, d, &e, next(&w8, w10, w0, w5))
      majority(e, &a, b, c, &d, next(&w9, w11, w1, w6))
      majority(d, &e, a, b, &c, next(&w10, w12, w2, w7))
      majority(c, &d, e, a, &b, next(&w11, w13, w3, w8))
      majority(b, &c, d, e, &a, next(&w12, w14, w4, w9))
      majority(a, &b, c, d, &e, next(&w13, w15, w5, w10))
      majority(e, &a, b, c, &d, next(&w14, w0, w6, w11))
      majority(d, &e, a, b, &c, next(&w15, w1, w7, w12))
      majority(c, &d, e, a, &b, next(&w0, w2, w8, w13))
      majority(b, &c, d, e, &a, next(&w1, w3, w9, w14))
      majority(a, &b, c, d, &e, next(&w2, w4, w10, w15))
      majority(e, &a, b, c, &d, next(&w3, w5, w11, w0))
      majority(d, &e, a, b, &c, next(&w4, w6, w12, w1))
      majority(c, &d, e, a, &b, next(&w5, w7, w13, w2))
      majority(b, &c, d, e, &a, next(&w6, w8, w14, w3))
      majority(a, &b, c, d, &e, next(&w7, w9, w15, w4))
      majority(e, &a, b, c, &d, next(&w8, w10, w0, w5))
      majority(d, &e, a, b, &c, next(&w9, w11, w1, w6))
      majority(c, &d, e, a, &b, next(&w10, w12, w2, w7))
      majority(b, &c, d, e, &a, next(&w11, w13, w3, w8))

      lateParity(a, &b, c, d, &e, next(&w12, w14, w4, w9))
      lateParity(e, &a, b, c, &d, next(&w13, w15, w5, w10))
      lateParity(d, &e, a, b, &c, next(&w14, w0, w6, w11))
      lateParity(c, &d, e, a, &b, next(&w15, w1, w7, w12))
      lateParity(b, &c, d, e, &a, next(&w0, w2, w8, w13))
      lateParity(a, &b, c, d, &e, next(&w1, w3, w9, w14))
      lateParity(e, &a, b, c, &d, next(&w2, w4, w10, w15))
      lateParity(d, &e, a, b, &c, next(&w3, w5, w11, w0))
      lateParity(c, &d, e, a, &b, next(&w4, w6, w12, w1))
      lateParity(b, &c, d, e, &a, next(&w5, w7, w13, w2))
      lateParity(a, &b, c, d, &e, next(&w6, w8, w14, w3))
      lateParity(e, &a, b, c, &d, next(&w7, w9, w15, w4))
      lateParity(d, &e, a, b, &c, next(&w8, w10, w0, w5))
      lateParity(c, &d, e, a, &b, next(&w9, w11, w1, w6))
      lateParity(b, &c, d, e, &a, next(&w10, w12, w2, w7))
      lateParity(a, &b, c, d, &e, next(&w11, w13, w3, w8))
      lateParity(e, &a, b, c, &d, next(&w12, w14, w4, w9))
      lateParity(d, &e, a, b, &c, next(&w13, w15, w5, w10))
      lateParity(c, &d, e, a, &b, next(&w14, w0, w6, w11))
      lateParity(b, &c, d, e, &a, next(&w15, w1, w7, w12))

      state.a &+= a
      state.b &+= b
      state.c &+= c
      state.d &+= d
      state.e &+= e
      bytes += MessageBlocks.length
    }
  }

  @inline(__always)
  private static func word(_ index: Int, _ bytes: UnsafeRawPointer) -> UInt32 {
    UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: index &* 4, as: UInt32.self))
  }

  @inline(__always)
  private static func rotate(_ x: UInt32, _ bits: UInt32) -> UInt32 {
    (x &<< bits) | (x &>> (32 &- bits))
  }

  /// The next word of the schedule, in the place of the word 16 before it; the others are those 14, 8 and 3
  /// before it.
  @inline(__always)
  private static func next(_ w: inout UInt32, _ w14: UInt32, _ w8: UInt32, _ w3: UInt32) -> UInt32 {
    w = rotate(w ^ w14 ^ w8 ^ w3, 1)
    return w
  }

  // The four kinds of round, for rounds 0, 20, 40 and 60 onward. Instead of shifting five words, a round changes
  // two of them, and the next round is called with the names shifted.

  @inline(__always)
  private static func choose(
    _ a: UInt32, _ b: inout UInt32, _ c: UInt32, _ d: UInt32, _ e: inout UInt32, _ w: UInt32
  ) {
    e = e &+ w &+ 0x5a82_7999 &+ (d ^ (b & (c ^ d))) &+ rotate(a, 5)
    b = rotate(b, 30)
  }

  @inline(__always)
  private static func parity(
    _ a: UInt32, _ b: inout UInt32, _ c: UInt32, _ d: UInt32, _ e: inout UInt32, _ w: UInt32
  ) {
    e = e &+ w &+ 0x6ed9_eba1 &+ (b ^ c ^ d) &+ rotate(a, 5)
    b = rotate(b, 30)
  }

  @inline(__always)
  private static func majority(
    _ a: UInt32, _ b: inout UInt32, _ c: UInt32, _ d: UInt32, _ e: inout UInt32, _ w: UInt32
  ) {
    // The two terms share no bit, so that they may be added: two short chains instead of one long one.
    e = e &+ w &+ 0x8f1b_bcdc &+ (b & c) &+ (d & (b ^ c)) &+ rotate(a, 5)
    b = rotate(b, 30)
  }

  @inline(__always)
  private static func lateParity(
    _ a: UInt32, _ b: inout UInt32, _ c: UInt32, _ d: UInt32, _ e: inout UInt32, _ w: UInt32
  ) {
    e = e &+ w &+ 0xca62_c1d6 &+ (b ^ c ^ d) &+ rotate(a, 5)
    b = rotate(b, 30)
  }
}
