// Eight messages in registers of AVX512VL: what sha1_lanes.h and sha256_lanes.h need.
#define TARGET __attribute__((target("avx2,avx512f,avx512vl")))

#include "eight_lanes.h"

// The constant is the truth table of the function: bit number 4 * x + 2 * y + z.
INLINE vec xor3(vec x, vec y, vec z) { return _mm256_ternarylogic_epi32(x, y, z, 0x96); }
INLINE vec choose(vec x, vec y, vec z) { return _mm256_ternarylogic_epi32(x, y, z, 0xca); }
INLINE vec majority(vec x, vec y, vec z) { return _mm256_ternarylogic_epi32(x, y, z, 0xe8); }
#define ROTATE_LEFT(x, bits) _mm256_rol_epi32(x, bits)
