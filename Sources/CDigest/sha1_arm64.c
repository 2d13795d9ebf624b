#include "CDigest.h"

#if defined(__aarch64__)

#include <arm_neon.h>

#define CRYPTO __attribute__((target("+crypto")))

// One stream: the words a..d in one register with `a` in the lowest lane, `e` by itself, and the last 16 words of
// the schedule in four registers.
typedef struct {
  uint32x4_t abcd, w[4];
  uint32_t e;
} stream;

// Four rounds of one kind, numbers 4 * n to 4 * n + 3. What was `a` four rounds ago, rotated, is the next `e`.
#define ROUNDS(kind, x, n)                                           \
  do {                                                               \
    const uint32x4_t wk = vaddq_u32((x).w[(n) & 3], k);              \
    const uint32_t next_e = vsha1h_u32(vgetq_lane_u32((x).abcd, 0)); \
    (x).abcd = vsha1##kind##q_u32((x).abcd, (x).e, wk);              \
    (x).e = next_e;                                                  \
  } while (0)

// The four words of group n from the four groups before it, in the place of the oldest of them.
#define SCHEDULE(x, n)            \
  (x).w[(n) & 3] = vsha1su1q_u32( \
      vsha1su0q_u32((x).w[(n) & 3], (x).w[((n) + 1) & 3], (x).w[((n) + 2) & 3]), (x).w[((n) + 3) & 3])

#define FIRST(kind, n) \
  for (int s = 0; s < streams; s++) ROUNDS(kind, x[s], n)

#define LATER(kind, n)                \
  for (int s = 0; s < streams; s++) { \
    SCHEDULE(x[s], n);                \
    ROUNDS(kind, x[s], n);            \
  }

// `streams` is a constant wherever this is inlined, so that the small loops over streams become straight code
// that takes turns.
CRYPTO __attribute__((always_inline)) static inline void mix(
    uint32_t *states, const uint8_t *const *messages, size_t count, const int streams) {
  stream x[2];
  for (int s = 0; s < streams; s++) {
    x[s].abcd = vld1q_u32(states + 5 * s);
    x[s].e = states[5 * s + 4];
  }
  for (size_t block = 0; block < count; block++) {
    uint32x4_t before_abcd[2];
    uint32_t before_e[2];
    for (int s = 0; s < streams; s++) {
      before_abcd[s] = x[s].abcd;
      before_e[s] = x[s].e;
      const uint8_t *bytes = messages[s] + 64 * block;
      for (int i = 0; i < 4; i++)
        x[s].w[i] = vreinterpretq_u32_u8(vrev32q_u8(vld1q_u8(bytes + 16 * i)));  // big-endian in the message
    }
    uint32x4_t k = vdupq_n_u32(0x5a827999);
    FIRST(c, 0); FIRST(c, 1); FIRST(c, 2); FIRST(c, 3); LATER(c, 4);
    k = vdupq_n_u32(0x6ed9eba1);
    LATER(p, 5); LATER(p, 6); LATER(p, 7); LATER(p, 8); LATER(p, 9);
    k = vdupq_n_u32(0x8f1bbcdc);
    LATER(m, 10); LATER(m, 11); LATER(m, 12); LATER(m, 13); LATER(m, 14);
    k = vdupq_n_u32(0xca62c1d6);
    LATER(p, 15); LATER(p, 16); LATER(p, 17); LATER(p, 18); LATER(p, 19);
    for (int s = 0; s < streams; s++) {
      x[s].abcd = vaddq_u32(x[s].abcd, before_abcd[s]);
      x[s].e += before_e[s];
    }
  }
  for (int s = 0; s < streams; s++) {
    vst1q_u32(states + 5 * s, x[s].abcd);
    states[5 * s + 4] = x[s].e;
  }
}

CRYPTO void cdigest_sha1_arm64(uint32_t *states, const uint8_t *const *messages, size_t count) {
  mix(states, messages, count, 1);
}

CRYPTO void cdigest_sha1_arm64_x2(uint32_t *states, const uint8_t *const *messages, size_t count) {
  mix(states, messages, count, 2);
}

#endif
