// Eight messages in registers of AVX2: what sha1_lanes.h and sha256_lanes.h need.
#define TARGET __attribute__((target("avx2")))

#include "eight_lanes.h"

INLINE vec xor3(vec x, vec y, vec z) { return _mm256_xor_si256(x, _mm256_xor_si256(y, z)); }
INLINE vec choose(vec x, vec y, vec z) {
  return _mm256_xor_si256(z, _mm256_and_si256(x, _mm256_xor_si256(y, z)));
}
INLINE vec majority(vec x, vec y, vec z) {
  return _mm256_or_si256(_mm256_and_si256(x, y), _mm256_and_si256(z, _mm256_or_si256(x, y)));
}
// A macro, because the instructions take the number as part of themselves.
#define ROTATE_LEFT(x, bits) _mm256_or_si256(_mm256_slli_epi32(x, bits), _mm256_srli_epi32(x, 32 - (bits)))
