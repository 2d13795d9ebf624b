// Digests of files by the block functions of Sources/CDigest for 64-bit ARM; scripts/check-arm64 compares them with
// those of coreutils.
//
//   check-arm64 FILE…    prints `sha1 HEX FILE` and `sha256 HEX FILE` for each, twice: by the function for one message,
//                        and by the one for two, where it works with the next file. Exit 1: no such instructions.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "CDigest.h"

typedef void block_function(uint32_t *states, const uint8_t *const *messages, size_t count);

typedef struct {
  const char *name;
  int words;
  uint32_t start[8];
  block_function *one, *two;
} algorithm;

static const algorithm algorithms[2] = {
    {"sha1", 5, {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0},
     cdigest_sha1_arm64, cdigest_sha1_arm64_x2},
    {"sha256", 8,
     {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19},
     cdigest_sha256_arm64, cdigest_sha256_arm64_x2},
};

typedef struct {
  const char *name;
  const uint8_t *bytes;
  size_t blocks;
} message;

// The file with its padding, at a place in memory that is aligned in another way each time.
static message read_padded(const char *name, int shift) {
  FILE *file = fopen(name, "rb");
  if (!file) { perror(name); exit(2); }
  fseek(file, 0, SEEK_END);
  const size_t length = (size_t)ftell(file);
  rewind(file);
  const size_t blocks = (length + 9 + 63) / 64;
  uint8_t *memory = calloc(blocks * 64 + 64, 1);
  if (!memory) { perror(name); exit(2); }
  uint8_t *bytes = memory + shift % 64;
  if (fread(bytes, 1, length, file) != length) { perror(name); exit(2); }
  fclose(file);
  bytes[length] = 0x80;
  for (int i = 0; i < 8; i++) bytes[blocks * 64 - 1 - i] = (uint8_t)((uint64_t)length * 8 >> (8 * i));
  return (message){name, bytes, blocks};
}

static void print(const algorithm *a, const uint32_t *state, const message *m) {
  printf("%s ", a->name);
  for (int i = 0; i < a->words; i++) printf("%08x", state[i]);
  printf(" %s\n", m->name);
}

static void digest(const algorithm *a, const message *m) {
  uint32_t state[8];
  memcpy(state, a->start, sizeof state);
  a->one(state, &m->bytes, m->blocks);
  print(a, state, m);
}

static void digest_with(const algorithm *a, const message *m, const message *other) {
  uint32_t states[16];
  memcpy(states, a->start, sizeof a->start);
  memcpy(states + a->words, a->start, (size_t)a->words * 4);
  const size_t both = m->blocks < other->blocks ? m->blocks : other->blocks;
  const uint8_t *bytes[2] = {m->bytes, other->bytes};
  a->two(states, bytes, both);
  bytes[0] += 64 * both;
  a->one(states, bytes, m->blocks - both);
  print(a, states, m);
}

int main(int count, char **names) {
  if (!cdigest_has_arm64()) {
    fprintf(stderr, "this processor has no SHA instructions\n");
    return 1;
  }
  message *messages = calloc((size_t)count, sizeof *messages);
  if (!messages) return 2;
  for (int i = 1; i < count; i++) messages[i - 1] = read_padded(names[i], 7 * i);
  for (int a = 0; a < 2; a++)
    for (int i = 0; i < count - 1; i++) {
      digest(&algorithms[a], &messages[i]);
      digest_with(&algorithms[a], &messages[i], &messages[(i + 1) % (count - 1)]);
    }
  return 0;
}
