/// The compression function of SHA-256 in Swift (FIPS 180-4, 6.2.2): the reference for every other way, and the
/// way on processors without instructions for it.
enum SHA256Rounds {
  /// Mixes `count` blocks of 64 bytes at `bytes` into the state.
  static func mix(_ bytes: UnsafeRawPointer, blocks count: Int, into state: inout SHA256.State) {
    var bytes = bytes
    for _ in 0..<count {
      var a = state.a
      var b = state.b
      var c = state.c
      var d = state.d
      var e = state.e
      var f = state.f
      var g = state.g
      var h = state.h

      // The last 16 words of the schedule stay in registers; an array would go through memory.
      var w0 = word(0, bytes)
      var w1 = word(1, bytes)
      var w2 = word(2, bytes)
      var w3 = word(3, bytes)
      var w4 = word(4, bytes)
      var w5 = word(5, bytes)
      var w6 = word(6, bytes)
      var w7 = word(7, bytes)
      var w8 = word(8, bytes)
      var w9 = word(9, bytes)
      var w10 = word(10, bytes)
      var w11 = word(11, bytes)
      var w12 = word(12, bytes)
      var w13 = word(13, bytes)
      var w14 = word(14, bytes)
      var w15 = word(15, bytes)

      round(a, b, c, &d, e, f, g, &h, 0x428a_2f98, w0)
      round(h, a, b, &c, d, e, f, &g, 0x7137_4491, w1)
      round(g, h, a, &b, c, d, e, &f, 0xb5c0_fbcf, w2)
      round(f, g, h, &a, b, c, d, &e, 0xe9b5_dba5, w3)
      round(e, f, g, &h, a, b, c, &d, 0x3956_c25b, w4)
      round(d, e, f, &g, h, a, b, &c, 0x59f1_11f1, w5)
      round(c, d, e, &f, g, h, a, &b, 0x923f_82a4, w6)
      round(b, c, d, &e, f, g, h, &a, 0xab1c_5ed5, w7)
      round(a, b, c, &d, e, f, g, &h, 0xd807_aa98, w8)
      round(h, a, b, &c, d, e, f, &g, 0x1283_5b01, w9)
      round(g, h, a, &b, c, d, e, &f, 0x2431_85be, w10)
      round(f, g, h, &a, b, c, d, &e, 0x550c_7dc3, w11)
      round(e, f, g, &h, a, b, c, &d, 0x72be_5d74, w12)
      round(d, e, f, &g, h, a, b, &c, 0x80de_b1fe, w13)
      round(c, d, e, &f, g, h, a, &b, 0x9bdc_06a7, w14)
      round(b, c, d, &e, f, g, h, &a, 0xc19b_f174, w15)

      round(a, b, c, &d, e, f, g, &h, 0xe49b_69c1, next(&w0, w1, w9, w14))
      round(h, a, b, &c, d, e, f, &g, 0xefbe_4786, next(&w1, w2, w10, w15))
      round(g, h, a, &b, c, d, e, &f, 0x0fc1_9dc6, next(&w2, w3, w11, w0))
      round(f, g, h, &a, b, c, d, &e, 0x240c_a1cc, next(&w3, w4, w12, w1))
      round(e, f, g, &h, a, b, c, &d, 0x2de9_2c6f, next(&w4, w5, w13, w2))
      round(d, e, f, &g, h, a, b, &c, 0x4a74_84aa, next(&w5, w6, w14, w3))
      round(c, d, e, &f, g, h, a, &b, 0x5cb0_a9dc, next(&w6, w7, w15, w4))
      round(b, c, d, &e, f, g, h, &a, 0x76f9_88da, next(&w7, w8, w0, w5))
      round(a, b, c, &d, e, f, g, &h, 0x983e_5152, next(&w8, w9, w1, w6))
      round(h, a, b, &c, d, e, f, &g, 0xa831_c66d, next(&w9, w10, w2, w7))
      round(g, h, a, &b, c, d, e, &f, 0xb003_27c8, next(&w10, w11, w3, w8))
      round(f, g, h, &a, b, c, d, &e, 0xbf59_7fc7, next(&w11, w12, w4, w9))
      round(e, f, g, &h, a, b, c, &d, 0xc6e0_0bf3, next(&w12, w13, w5, w10))
      round(d, e, f, &g, h, a, b, &c, 0xd5a7_9147, next(&w13, w14, w6, w11))
      round(c, d, e, &f, g, h, a, &b, 0x06ca_6351, next(&w14, w15, w7, w12))
      round(b, c, d, &e, f, g, h, &a, 0x1429_2967, next(&w15, w0, w8, w13))
      round(a, b, c, &d, e, f, g, &h, 0x27b7_0a85, next(&w0, w1, w9, w14))
      round(h, a, b, &c, d, e, f, &g, 0x2e1b_2138, next(&w1, w2, w10, w15))
      round(g, h, a, &b, c, d, e, &f, 0x4d2c_6dfc, next(&w2, w3, w11, w0))
      round(f, g, h, &a, b, c, d, &e, 0x5338_0d13, next(&w3, w4, w12, w1))
      round(e, f, g, &h, a, b, c, &d, 0x650a_7354, next(&w4, w5, w13, w2))
      round(d, e, f, &g, h, a, b, &c, 0x766a_0abb, next(&w5, w6, w14, w3))
      round(c, d, e, &f, g, h, a, &b, 0x81c2_c92e, next(&w6, w7, w15, w4))
      round(b, c, d, &e, f, g, h, &a, 0x9272_2c85, next(&w7, w8, w0, w5))
      round(a, b, c, &d, e, f, g, &h, 0xa2bf_e8a1, next(&w8, w9, w1, w6))
      round(h, a, b, &c, d, e, f, &g, 0xa81a_664b, next(&w9, w10, w2, w7))
      round(g, h, a, &b, c, d, e, &f, 0xc24b_8b70, next(&w10, w11, w3, w8))
      round(f, g, h, &a, b, c, d, &e, 0xc76c_51a3, next(&w11, w12, w4, w9))
      round(e, f, g, &h, a, b, c, &d, 0xd192_e819, next(&w12, w13, w5, w10))
      round(d, e, f, &g, h, a, b, &c, 0xd699_0624, next(&w13, w14, w6, w11))
      round(c, d, e, &f, g, h, a, &b, 0xf40e_3585, next(&w14, w15, w7, w12))
      round(b, c, d, &e, f, g, h, &a, 0x106a_a070, next(&w15, w0, w8, w13))
      round(a, b, c, &d, e, f, g, &h, 0x19a4_c116, next(&w0, w1, w9, w14))
      round(h, a, b, &c, d, e, f, &g, 0x1e37_6c08, next(&w1, w2, w10, w15))
      round(g, h, a, &b, c, d, e, &f, 0x2748_774c, next(&w2, w3, w11, w0))
      round(f, g, h, &a, b, c, d, &e, 0x34b0_bcb5, next(&w3, w4, w12, w1))
      round(e, f, g, &h, a, b, c, &d, 0x391c_0cb3, next(&w4, w5, w13, w2))
      round(d, e, f, &g, h, a, b, &c, 0x4ed8_aa4a, next(&w5, w6, w14, w3))
      round(c, d, e, &f, g, h, a, &b, 0x5b9c_ca4f, next(&w6, w7, w15, w4))
      round(b, c, d, &e, f, g, h, &a, 0x682e_6ff3, next(&w7, w8, w0, w5))
      round(a, b, c, &d, e, f, g, &h, 0x748f_82ee, next(&w8, w9, w1, w6))
      round(h, a, b, &c, d, e, f, &g, 0x78a5_636f, next(&w9, w10, w2, w7))
      round(g, h, a, &b, c, d, e, &f, 0x84c8_7814, next(&w10, w11, w3, w8))
      round(f, g, h, &a, b, c, d, &e, 0x8cc7_0208, next(&w11, w12, w4, w9))
      round(e, f, g, &h, a, b, c, &d, 0x90be_fffa, next(&w12, w13, w5, w10))
      round(d, e, f, &g, h, a, b, &c, 0xa450_6ceb, next(&w13, w14, w6, w11))
      round(c, d, e, &f, g, h, a, &b, 0xbef9_a3f7, next(&w14, w15, w7, w12))
      round(b, c, d, &e, f, g, h, &a, 0xc671_78f2, next(&w15, w0, w8, w13))

      state.a &+= a
      state.b &+= b
      state.c &+= c
      state.d &+= d
      state.e &+= e
      state.f &+= f
      state.g &+= g
      state.h &+= h
      bytes += MessageBlocks.length
    }
  }

  @inline(__always)
  private static func word(_ index: Int, _ bytes: UnsafeRawPointer) -> UInt32 {
    UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: index &* 4, as: UInt32.self))
  }

  @inline(__always)
  private static func rotate(_ x: UInt32, _ bits: UInt32) -> UInt32 {
    (x &>> bits) | (x &<< (32 &- bits))
  }

  /// The next word of the schedule, in the place of the word 16 before it; the others are those 15, 7 and 2
  /// before it.
  @inline(__always)
  private static func next(_ w: inout UInt32, _ w15: UInt32, _ w7: UInt32, _ w2: UInt32) -> UInt32 {
    let early = rotate(w15, 7) ^ rotate(w15, 18) ^ (w15 &>> 3)
    let late = rotate(w2, 17) ^ rotate(w2, 19) ^ (w2 &>> 10)
    w = w &+ early &+ w7 &+ late
    return w
  }

  /// One round. Instead of shifting eight words it changes two of them, and the next round is called with the
  /// names shifted.
  @inline(__always)
  private static func round(
    _ a: UInt32, _ b: UInt32, _ c: UInt32, _ d: inout UInt32, _ e: UInt32, _ f: UInt32, _ g: UInt32,
    _ h: inout UInt32, _ k: UInt32, _ w: UInt32
  ) {
    let mixed = h &+ k &+ w &+ (g ^ (e & (f ^ g))) &+ (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25))
    d = d &+ mixed
    h = mixed &+ ((a & b) | (c & (a | b))) &+ (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22))
  }
}
