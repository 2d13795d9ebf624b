#include "CDigest.h"

#if defined(__x86_64__)

#include <immintrin.h>

#define SHANI __attribute__((target("sha,ssse3,sse4.1")))

// One stream: the words a..d in one register with `a` in the highest lane, `e` in the highest lane of another,
// and the last 16 words of the schedule in four registers.
typedef struct {
  __m128i abcd, e, w[4];
} stream;

// Four rounds, numbers 4 * n to 4 * n + 3. `sha1nexte` rotates what was `a` four rounds ago into this group's `e`
// and adds the words; for the first group `e` is still as the state has it, so that a plain addition does.
#define FIRST(x, n)                                  \
  do {                                               \
    __m128i ew = _mm_add_epi32((x).e, (x).w[n]);     \
    (x).e = (x).abcd;                                \
    (x).abcd = _mm_sha1rnds4_epu32((x).abcd, ew, 0); \
  } while (0)

#define ROUNDS(x, n)                                         \
  do {                                                       \
    __m128i ew = _mm_sha1nexte_epu32((x).e, (x).w[(n) & 3]); \
    (x).e = (x).abcd;                                        \
    (x).abcd = _mm_sha1rnds4_epu32((x).abcd, ew, (n) / 5);   \
  } while (0)

// The four words of group n from the four groups before it, in the place of the oldest of them.
#define SCHEDULE(x, n)                                                                               \
  (x).w[(n) & 3] = _mm_sha1msg2_epu32(                                                               \
      _mm_xor_si128(_mm_sha1msg1_epu32((x).w[(n) & 3], (x).w[((n) + 1) & 3]), (x).w[((n) + 2) & 3]), \
      (x).w[((n) + 3) & 3])

#define BOTH(x, n)  \
  do {              \
    SCHEDULE(x, n); \
    ROUNDS(x, n);   \
  } while (0)

#define EACH(step, n) \
  for (int s = 0; s < streams; s++) step(x[s], n)

// `streams` is a constant wherever this is inlined, so that the small loops over streams become straight code
// that takes turns.
SHANI __attribute__((always_inline)) static inline void mix(
    uint32_t *states, const uint8_t *const *messages, size_t count, const int streams) {
  // The instruction set takes the first word of a group of four in the highest lane, and words are big-endian in
  // the message: one shuffle that reverses all 16 bytes does both.
  const __m128i reversed = _mm_set_epi64x(0x0001020304050607LL, 0x08090a0b0c0d0e0fLL);
  stream x[4];
  for (int s = 0; s < streams; s++) {
    x[s].abcd = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)(states + 5 * s)), 0x1b);
    x[s].e = _mm_set_epi32((int)states[5 * s + 4], 0, 0, 0);
  }
  for (size_t block = 0; block < count; block++) {
    __m128i before_abcd[4], before_e[4];
    for (int s = 0; s < streams; s++) {
      before_abcd[s] = x[s].abcd;
      before_e[s] = x[s].e;
      const __m128i *bytes = (const __m128i *)(messages[s] + 64 * block);
      for (int i = 0; i < 4; i++) x[s].w[i] = _mm_shuffle_epi8(_mm_loadu_si128(bytes + i), reversed);
    }
    EACH(FIRST, 0); EACH(ROUNDS, 1); EACH(ROUNDS, 2); EACH(ROUNDS, 3);
    EACH(BOTH, 4); EACH(BOTH, 5); EACH(BOTH, 6); EACH(BOTH, 7);
    EACH(BOTH, 8); EACH(BOTH, 9); EACH(BOTH, 10); EACH(BOTH, 11);
    EACH(BOTH, 12); EACH(BOTH, 13); EACH(BOTH, 14); EACH(BOTH, 15);
    EACH(BOTH, 16); EACH(BOTH, 17); EACH(BOTH, 18); EACH(BOTH, 19);
    for (int s = 0; s < streams; s++) {
      // `e` is `a` of four rounds before the end, still to be rotated: sha1nexte does that and the addition.
      x[s].e = _mm_sha1nexte_epu32(x[s].e, before_e[s]);
      x[s].abcd = _mm_add_epi32(x[s].abcd, before_abcd[s]);
    }
  }
  for (int s = 0; s < streams; s++) {
    _mm_storeu_si128((__m128i *)(states + 5 * s), _mm_shuffle_epi32(x[s].abcd, 0x1b));
    states[5 * s + 4] = (uint32_t)_mm_extract_epi32(x[s].e, 3);
  }
}

SHANI void cdigest_sha1_shani(uint32_t *states, const uint8_t *const *messages, size_t count) {
  mix(states, messages, count, 1);
}

SHANI void cdigest_sha1_shani_x2(uint32_t *states, const uint8_t *const *messages, size_t count) {
  mix(states, messages, count, 2);
}

SHANI void cdigest_sha1_shani_x4(uint32_t *states, const uint8_t *const *messages, size_t count) {
  mix(states, messages, count, 4);
}

#endif
