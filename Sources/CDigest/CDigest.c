#include "CDigest.h"

#if defined(__x86_64__)

#include <cpuid.h>
#include <immintrin.h>

#define SHANI __attribute__((target("sha,ssse3,sse4.1")))

int cdigest_has_shani(void) {
  unsigned int a, b, c, d;
  if (!__get_cpuid(1, &a, &b, &c, &d)) return 0;
  int ssse3 = (c >> 9) & 1, sse41 = (c >> 19) & 1;
  if (!__get_cpuid_count(7, 0, &a, &b, &c, &d)) return 0;
  return ssse3 && sse41 && ((b >> 29) & 1);
}

// One stream: the words a..d in one register with `a` in the highest lane, `e` in the highest lane of another,
// and the last 16 words of the schedule in four registers.
typedef struct {
  __m128i abcd, e, w[4];
} lane;

// The instruction set takes the first word of a group of four in the highest lane, and words are big-endian in
// the message: one shuffle that reverses all 16 bytes does both.
#define LOAD(x, bytes, group) \
  (x).w[group] = _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)(bytes) + (group)), reversed)

// Four rounds, numbers 4 * n to 4 * n + 3. `sha1nexte` rotates what was `a` four rounds ago into this group's `e`
// and adds the words; for the first group `e` is still as the state has it, so that a plain addition does.
#define FIRST(x, n)                                       \
  do {                                                    \
    __m128i ew = _mm_add_epi32((x).e, (x).w[n]);          \
    (x).e = (x).abcd;                                     \
    (x).abcd = _mm_sha1rnds4_epu32((x).abcd, ew, 0);      \
  } while (0)

#define ROUNDS(x, n)                                              \
  do {                                                            \
    __m128i ew = _mm_sha1nexte_epu32((x).e, (x).w[(n) & 3]);      \
    (x).e = (x).abcd;                                             \
    (x).abcd = _mm_sha1rnds4_epu32((x).abcd, ew, (n) / 5);        \
  } while (0)

// The four words of group n from the four groups before it, in the place of the oldest of them.
#define SCHEDULE(x, n)                                                                            \
  (x).w[(n) & 3] = _mm_sha1msg2_epu32(                                                            \
      _mm_xor_si128(_mm_sha1msg1_epu32((x).w[(n) & 3], (x).w[((n) + 1) & 3]), (x).w[((n) + 2) & 3]), \
      (x).w[((n) + 3) & 3])

#define BOTH(x, n)  \
  do {              \
    SCHEDULE(x, n); \
    ROUNDS(x, n);   \
  } while (0)

// What comes after the loads of a block, for one stream (`each` names it) or for two in turns.
#define GROUPS(each) \
  each(FIRST, 0) each(ROUNDS, 1) each(ROUNDS, 2) each(ROUNDS, 3) \
  each(BOTH, 4) each(BOTH, 5) each(BOTH, 6) each(BOTH, 7) \
  each(BOTH, 8) each(BOTH, 9) each(BOTH, 10) each(BOTH, 11) \
  each(BOTH, 12) each(BOTH, 13) each(BOTH, 14) each(BOTH, 15) \
  each(BOTH, 16) each(BOTH, 17) each(BOTH, 18) each(BOTH, 19)

SHANI static inline lane lane_from(const uint32_t *state) {
  lane x;
  x.abcd = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)state), 0x1b);
  x.e = _mm_set_epi32((int)state[4], 0, 0, 0);
  return x;
}

SHANI static inline void lane_store(lane x, uint32_t *state) {
  _mm_storeu_si128((__m128i *)state, _mm_shuffle_epi32(x.abcd, 0x1b));
  state[4] = (uint32_t)_mm_extract_epi32(x.e, 3);
}

SHANI static inline void lane_add(lane *x, const lane *before) {
  // `e` is `a` of four rounds before the end, still to be rotated: sha1nexte does that and the addition.
  x->e = _mm_sha1nexte_epu32(x->e, before->e);
  x->abcd = _mm_add_epi32(x->abcd, before->abcd);
}

SHANI void cdigest_sha1_shani(uint32_t *state, const uint8_t *bytes, size_t count) {
  const __m128i reversed = _mm_set_epi64x(0x0001020304050607LL, 0x08090a0b0c0d0e0fLL);
  lane x = lane_from(state);
  for (; count > 0; count--, bytes += 64) {
    const lane before = x;
    LOAD(x, bytes, 0); LOAD(x, bytes, 1); LOAD(x, bytes, 2); LOAD(x, bytes, 3);
#define ONE(step, n) step(x, n);
    GROUPS(ONE)
#undef ONE
    lane_add(&x, &before);
  }
  lane_store(x, state);
}

SHANI void cdigest_sha1_shani_x2(
    uint32_t *state_a, const uint8_t *bytes_a, uint32_t *state_b, const uint8_t *bytes_b, size_t count) {
  const __m128i reversed = _mm_set_epi64x(0x0001020304050607LL, 0x08090a0b0c0d0e0fLL);
  lane x = lane_from(state_a), y = lane_from(state_b);
  for (; count > 0; count--, bytes_a += 64, bytes_b += 64) {
    const lane before_x = x, before_y = y;
    LOAD(x, bytes_a, 0); LOAD(x, bytes_a, 1); LOAD(x, bytes_a, 2); LOAD(x, bytes_a, 3);
    LOAD(y, bytes_b, 0); LOAD(y, bytes_b, 1); LOAD(y, bytes_b, 2); LOAD(y, bytes_b, 3);
#define TWO(step, n) step(x, n); step(y, n);
    GROUPS(TWO)
#undef TWO
    lane_add(&x, &before_x);
    lane_add(&y, &before_y);
  }
  lane_store(x, state_a);
  lane_store(y, state_b);
}

#else

int cdigest_has_shani(void) { return 0; }

void cdigest_sha1_shani(uint32_t *state, const uint8_t *bytes, size_t count) {
  (void)state; (void)bytes; (void)count;
}

void cdigest_sha1_shani_x2(
    uint32_t *state_a, const uint8_t *bytes_a, uint32_t *state_b, const uint8_t *bytes_b, size_t count) {
  (void)state_a; (void)bytes_a; (void)state_b; (void)bytes_b; (void)count;
}

#endif
