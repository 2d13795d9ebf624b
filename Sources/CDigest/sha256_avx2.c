#if defined(__x86_64__)

#include "avx2.h"
#include "sha256_lanes.h"

TARGET void cdigest_sha256_avx2_x8(uint32_t *states, const uint8_t *const *messages, size_t count) {
  mix(states, messages, count);
}

#endif
