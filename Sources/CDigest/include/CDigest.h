#ifndef CDIGEST_H
#define CDIGEST_H

#include <stddef.h>
#include <stdint.h>

// Block functions of SHA-1 and SHA-256 (FIPS 180-4) for instructions that Swift can't reach.
//
// One with `_xN` at the end of its name works on N messages at a time, one without on a single message. It mixes
// `count` blocks of 64 bytes of each into the message's state: five words for SHA-1, eight for SHA-256. The states
// lie one after another at `states`; `messages[i]` is where the blocks of message i begin. Each is for processors
// that the question before it says yes to; on others it is an illegal instruction. A question asks the processor
// each time; a caller keeps the answer.

#if defined(__x86_64__)

/// SHA extensions. One message leaves the unit waiting for its own last result most of the time; more of them fill
/// each other's gaps.
int cdigest_has_shani(void);
void cdigest_sha1_shani(uint32_t *states, const uint8_t *const *messages, size_t count);
void cdigest_sha1_shani_x2(uint32_t *states, const uint8_t *const *messages, size_t count);
void cdigest_sha1_shani_x4(uint32_t *states, const uint8_t *const *messages, size_t count);
void cdigest_sha256_shani(uint32_t *states, const uint8_t *const *messages, size_t count);
void cdigest_sha256_shani_x2(uint32_t *states, const uint8_t *const *messages, size_t count);
void cdigest_sha256_shani_x4(uint32_t *states, const uint8_t *const *messages, size_t count);

/// AVX2: a register of 256 bits holds one word of each message.
int cdigest_has_avx2(void);
void cdigest_sha1_avx2_x8(uint32_t *states, const uint8_t *const *messages, size_t count);
void cdigest_sha256_avx2_x8(uint32_t *states, const uint8_t *const *messages, size_t count);

/// The same with AVX-512's rotations and functions of three operands, still in registers of 256 bits (AVX512VL).
int cdigest_has_avx512(void);
void cdigest_sha1_avx512_x8(uint32_t *states, const uint8_t *const *messages, size_t count);
void cdigest_sha256_avx512_x8(uint32_t *states, const uint8_t *const *messages, size_t count);

#elif defined(__aarch64__)

/// Cryptographic extensions: both the SHA-1 and the SHA-256 instructions.
int cdigest_has_arm64(void);
void cdigest_sha1_arm64(uint32_t *states, const uint8_t *const *messages, size_t count);
void cdigest_sha1_arm64_x2(uint32_t *states, const uint8_t *const *messages, size_t count);
void cdigest_sha256_arm64(uint32_t *states, const uint8_t *const *messages, size_t count);
void cdigest_sha256_arm64_x2(uint32_t *states, const uint8_t *const *messages, size_t count);

#endif

#endif
