#include "CDigest.h"

#if defined(__x86_64__)

#include <immintrin.h>

#include "sha256_constants.h"

#define SHANI __attribute__((target("sha,ssse3,sse4.1")))

// One stream: the eight words in two registers, named from the highest lane to the lowest, and the last 16 words
// of the schedule in four, the first word of each in the lowest lane.
typedef struct {
  __m128i abef, cdgh, w[4];
} stream;

// Four rounds, numbers 4 * n to 4 * n + 3. `sha256rnds2` does two and gives the new a, b, e and f; the old ones
// are by then c, d, g and h.
#define ROUNDS(x, n)                                                                                   \
  do {                                                                                                 \
    __m128i wk = _mm_add_epi32((x).w[(n) & 3], _mm_load_si128((const __m128i *)(sha256_k + 4 * (n)))); \
    (x).cdgh = _mm_sha256rnds2_epu32((x).cdgh, (x).abef, wk);                                          \
    (x).abef = _mm_sha256rnds2_epu32((x).abef, (x).cdgh, _mm_shuffle_epi32(wk, 0x0e));                 \
  } while (0)

// The four words of group n from the four groups before it, in the place of the oldest of them.
#define SCHEDULE(x, n)                                                               \
  (x).w[(n) & 3] = _mm_sha256msg2_epu32(                                             \
      _mm_add_epi32(_mm_sha256msg1_epu32((x).w[(n) & 3], (x).w[((n) + 1) & 3]),      \
                    _mm_alignr_epi8((x).w[((n) + 3) & 3], (x).w[((n) + 2) & 3], 4)), \
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
  // Words are big-endian in the message.
  const __m128i swapped = _mm_set_epi64x(0x0c0d0e0f08090a0bLL, 0x0405060700010203LL);
  stream x[4];
  for (int s = 0; s < streams; s++) {
    const __m128i *state = (const __m128i *)(states + 8 * s);
    const __m128i badc = _mm_shuffle_epi32(_mm_loadu_si128(state), 0xb1);
    const __m128i hgfe = _mm_shuffle_epi32(_mm_loadu_si128(state + 1), 0x1b);
    x[s].abef = _mm_alignr_epi8(badc, hgfe, 8);
    x[s].cdgh = _mm_blend_epi16(hgfe, badc, 0xf0);
  }
  for (size_t block = 0; block < count; block++) {
    __m128i before_abef[4], before_cdgh[4];
    for (int s = 0; s < streams; s++) {
      before_abef[s] = x[s].abef;
      before_cdgh[s] = x[s].cdgh;
      const __m128i *bytes = (const __m128i *)(messages[s] + 64 * block);
      for (int i = 0; i < 4; i++) x[s].w[i] = _mm_shuffle_epi8(_mm_loadu_si128(bytes + i), swapped);
    }
    EACH(ROUNDS, 0); EACH(ROUNDS, 1); EACH(ROUNDS, 2); EACH(ROUNDS, 3);
    EACH(BOTH, 4); EACH(BOTH, 5); EACH(BOTH, 6); EACH(BOTH, 7);
    EACH(BOTH, 8); EACH(BOTH, 9); EACH(BOTH, 10); EACH(BOTH, 11);
    EACH(BOTH, 12); EACH(BOTH, 13); EACH(BOTH, 14); EACH(BOTH, 15);
    for (int s = 0; s < streams; s++) {
      x[s].abef = _mm_add_epi32(x[s].abef, before_abef[s]);
      x[s].cdgh = _mm_add_epi32(x[s].cdgh, before_cdgh[s]);
    }
  }
  for (int s = 0; s < streams; s++) {
    const __m128i feba = _mm_shuffle_epi32(x[s].abef, 0x1b);
    const __m128i dchg = _mm_shuffle_epi32(x[s].cdgh, 0xb1);
    _mm_storeu_si128((__m128i *)(states + 8 * s), _mm_blend_epi16(feba, dchg, 0xf0));
    _mm_storeu_si128((__m128i *)(states + 8 * s + 4), _mm_alignr_epi8(dchg, feba, 8));
  }
}

SHANI void cdigest_sha256_shani(uint32_t *states, const uint8_t *const *messages, size_t count) {
  mix(states, messages, count, 1);
}

SHANI void cdigest_sha256_shani_x2(uint32_t *states, const uint8_t *const *messages, size_t count) {
  mix(states, messages, count, 2);
}

SHANI void cdigest_sha256_shani_x4(uint32_t *states, const uint8_t *const *messages, size_t count) {
  mix(states, messages, count, 4);
}

#endif
