// SHA-256 of eight messages at a time, one word of each in a register (FIPS 180-4, 6.2.2). To be included after
// the header that says what a register is.
#include "sha256_constants.h"

#define ROTATE_RIGHT(x, bits) ROTATE_LEFT(x, 32 - (bits))

// The word of round i; from round 16 on made from the last 16, in the place of the oldest of them.
INLINE vec word(vec *w, int i) {
  if (i >= 16) {
    const vec early = w[(i + 1) & 15], late = w[(i + 14) & 15];
    w[i & 15] = add(
        add(w[i & 15], xor3(ROTATE_RIGHT(early, 7), ROTATE_RIGHT(early, 18), SHIFT_RIGHT(early, 3))),
        add(w[(i + 9) & 15], xor3(ROTATE_RIGHT(late, 17), ROTATE_RIGHT(late, 19), SHIFT_RIGHT(late, 10))));
  }
  return w[i & 15];
}

// A round changes two of the eight words; the next is called with the names shifted instead of the words.
#define ROUND(a, b, c, d, e, f, g, h, i)                                                                    \
  do {                                                                                                      \
    h = add(add(h, add(word(w, i), every(sha256_k[i]))),                                                    \
            add(choose(e, f, g), xor3(ROTATE_RIGHT(e, 6), ROTATE_RIGHT(e, 11), ROTATE_RIGHT(e, 25))));      \
    d = add(d, h);                                                                                          \
    h = add(h, add(majority(a, b, c), xor3(ROTATE_RIGHT(a, 2), ROTATE_RIGHT(a, 13), ROTATE_RIGHT(a, 22)))); \
  } while (0)

#define EIGHT(i)                          \
  ROUND(a, b, c, d, e, f, g, h, (i));     \
  ROUND(h, a, b, c, d, e, f, g, (i) + 1); \
  ROUND(g, h, a, b, c, d, e, f, (i) + 2); \
  ROUND(f, g, h, a, b, c, d, e, (i) + 3); \
  ROUND(e, f, g, h, a, b, c, d, (i) + 4); \
  ROUND(d, e, f, g, h, a, b, c, (i) + 5); \
  ROUND(c, d, e, f, g, h, a, b, (i) + 6); \
  ROUND(b, c, d, e, f, g, h, a, (i) + 7)

INLINE void mix(uint32_t *states, const uint8_t *const *messages, size_t count) {
  vec state[8];
  for (int i = 0; i < 8; i++) state[i] = gather(states + i, 8);
  for (size_t block = 0; block < count; block++) {
    vec w[16];
    load_block(w, messages, 64 * block);
    vec a = state[0], b = state[1], c = state[2], d = state[3];
    vec e = state[4], f = state[5], g = state[6], h = state[7];
    EIGHT(0); EIGHT(8); EIGHT(16); EIGHT(24); EIGHT(32); EIGHT(40); EIGHT(48); EIGHT(56);
    state[0] = add(state[0], a);
    state[1] = add(state[1], b);
    state[2] = add(state[2], c);
    state[3] = add(state[3], d);
    state[4] = add(state[4], e);
    state[5] = add(state[5], f);
    state[6] = add(state[6], g);
    state[7] = add(state[7], h);
  }
  for (int i = 0; i < 8; i++) scatter(state[i], states + i, 8);
}
