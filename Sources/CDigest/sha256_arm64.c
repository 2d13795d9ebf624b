#include "CDigest.h"

#if defined(__aarch64__)

#include <arm_neon.h>

#include "sha256_constants.h"

#define CRYPTO __attribute__((target("+crypto")))

// One stream: the eight words in two registers with `a` and `e` in the lowest lanes, and the last 16 words of the
// schedule in four.
typedef struct {
  uint32x4_t abcd, efgh, w[4];
} stream;

// Four rounds, numbers 4 * n to 4 * n + 3. `sha256h` gives the new a..d and `sha256h2` the new e..h, both from the
// old.
#define ROUNDS(x, n)                                                                \
  do {                                                                              \
    const uint32x4_t wk = vaddq_u32((x).w[(n) & 3], vld1q_u32(sha256_k + 4 * (n))); \
    const uint32x4_t old = (x).abcd;                                                \
    (x).abcd = vsha256hq_u32((x).abcd, (x).efgh, wk);                               \
    (x).efgh = vsha256h2q_u32((x).efgh, old, wk);                                   \
  } while (0)

// The four words of group n from the four groups before it, in the place of the oldest of them.
#define SCHEDULE(x, n)              \
  (x).w[(n) & 3] = vsha256su1q_u32( \
      vsha256su0q_u32((x).w[(n) & 3], (x).w[((n) + 1) & 3]), (x).w[((n) + 2) & 3], (x).w[((n) + 3) & 3])

#define FIRST(n) \
  for (int s = 0; s < streams; s++) ROUNDS(x[s], n)

#define LATER(n)                      \
  for (int s = 0; s < streams; s++) { \
    SCHEDULE(x[s], n);                \
    ROUNDS(x[s], n);                  \
  }

// `streams` is a constant wherever this is inlined, so that the small loops over streams become straight code
// that takes turns.
CRYPTO __attribute__((always_inline)) static inline void mix(
    uint32_t *states, const uint8_t *const *messages, size_t count, const int streams) {
  stream x[2];
  for (int s = 0; s < streams; s++) {
    x[s].abcd = vld1q_u32(states + 8 * s);
    x[s].efgh = vld1q_u32(states + 8 * s + 4);
  }
  for (size_t block = 0; block < count; block++) {
    uint32x4_t before_abcd[2], before_efgh[2];
    for (int s = 0; s < streams; s++) {
      before_abcd[s] = x[s].abcd;
      before_efgh[s] = x[s].efgh;
      const uint8_t *bytes = messages[s] + 64 * block;
      for (int i = 0; i < 4; i++)
        x[s].w[i] = vreinterpretq_u32_u8(vrev32q_u8(vld1q_u8(bytes + 16 * i)));  // big-endian in the message
    }
    FIRST(0); FIRST(1); FIRST(2); FIRST(3);
    LATER(4); LATER(5); LATER(6); LATER(7); LATER(8); LATER(9); LATER(10); LATER(11);
    LATER(12); LATER(13); LATER(14); LATER(15);
    for (int s = 0; s < streams; s++) {
      x[s].abcd = vaddq_u32(x[s].abcd, before_abcd[s]);
      x[s].efgh = vaddq_u32(x[s].efgh, before_efgh[s]);
    }
  }
  for (int s = 0; s < streams; s++) {
    vst1q_u32(states + 8 * s, x[s].abcd);
    vst1q_u32(states + 8 * s + 4, x[s].efgh);
  }
}

CRYPTO void cdigest_sha256_arm64(uint32_t *states, const uint8_t *const *messages, size_t count) {
  mix(states, messages, count, 1);
}

CRYPTO void cdigest_sha256_arm64_x2(uint32_t *states, const uint8_t *const *messages, size_t count) {
  mix(states, messages, count, 2);
}

#endif
