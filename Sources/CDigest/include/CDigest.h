#ifndef CDIGEST_H
#define CDIGEST_H

#include <stddef.h>
#include <stdint.h>

/// Whether this processor has the SHA extensions (and SSSE3 and SSE4.1, which the functions below use too).
/// Asks the processor each time; a caller keeps the answer.
int cdigest_has_shani(void);

/// Mixes `count` blocks of 64 bytes at `bytes` into the five words of a SHA-1 state.
/// Only where `cdigest_has_shani()`; elsewhere it does nothing.
void cdigest_sha1_shani(uint32_t *state, const uint8_t *bytes, size_t count);

/// The same for two streams at a time, `count` blocks of each. One stream leaves the execution unit waiting for
/// its own last result most of the time; two fill each other's gaps.
void cdigest_sha1_shani_x2(
    uint32_t *state_a, const uint8_t *bytes_a, uint32_t *state_b, const uint8_t *bytes_b, size_t count);

#endif
