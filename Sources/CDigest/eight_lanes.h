// A register that holds one word of each of eight messages, as AVX2 and AVX512VL have it in common. To be
// included where TARGET says which of the two the functions are compiled for.
#include <immintrin.h>
#include <stddef.h>
#include <stdint.h>

#define INLINE TARGET __attribute__((always_inline)) static inline

typedef __m256i vec;

INLINE vec every(uint32_t word) { return _mm256_set1_epi32((int)word); }
INLINE vec add(vec x, vec y) { return _mm256_add_epi32(x, y); }
INLINE vec xor2(vec x, vec y) { return _mm256_xor_si256(x, y); }
// A macro, because the instruction takes the number as part of itself.
#define SHIFT_RIGHT(x, bits) _mm256_srli_epi32(x, bits)

// The word number i of every state, `stride` words apart.
INLINE vec gather(const uint32_t *words, int stride) {
  return _mm256_setr_epi32(
      (int)words[0], (int)words[stride], (int)words[2 * stride], (int)words[3 * stride],
      (int)words[4 * stride], (int)words[5 * stride], (int)words[6 * stride], (int)words[7 * stride]);
}

INLINE void scatter(vec x, uint32_t *words, int stride) {
  uint32_t each[8];
  _mm256_storeu_si256((__m256i *)each, x);
  for (int lane = 0; lane < 8; lane++) words[lane * stride] = each[lane];
}

// The 16 big-endian words of the block at `offset` of each message: w[i] has word i of all.
INLINE void load_block(vec *w, const uint8_t *const *messages, size_t offset) {
  const __m256i swapped = _mm256_broadcastsi128_si256(
      _mm_set_epi64x(0x0c0d0e0f08090a0bLL, 0x0405060700010203LL));
  for (int quarter = 0; quarter < 4; quarter++) {
    // Lane i and lane i + 4 in the halves of one register, so that a transposition of 4 by 4 in each half is all.
    __m256i row[4];
    for (int lane = 0; lane < 4; lane++) {
      const __m128i *low = (const __m128i *)(messages[lane] + offset) + quarter;
      const __m128i *high = (const __m128i *)(messages[lane + 4] + offset) + quarter;
      row[lane] = _mm256_shuffle_epi8(
          _mm256_inserti128_si256(_mm256_castsi128_si256(_mm_loadu_si128(low)), _mm_loadu_si128(high), 1),
          swapped);
    }
    const __m256i ab01 = _mm256_unpacklo_epi32(row[0], row[1]), ab23 = _mm256_unpackhi_epi32(row[0], row[1]);
    const __m256i cd01 = _mm256_unpacklo_epi32(row[2], row[3]), cd23 = _mm256_unpackhi_epi32(row[2], row[3]);
    w[4 * quarter] = _mm256_unpacklo_epi64(ab01, cd01);
    w[4 * quarter + 1] = _mm256_unpackhi_epi64(ab01, cd01);
    w[4 * quarter + 2] = _mm256_unpacklo_epi64(ab23, cd23);
    w[4 * quarter + 3] = _mm256_unpackhi_epi64(ab23, cd23);
  }
}
