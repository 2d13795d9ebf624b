// SHA-1 of eight messages at a time, one word of each in a register (FIPS 180-4, 6.1.2). To be included after the
// header that says what a register is.

// The word of round i; from round 16 on made from the last 16, in the place of the oldest of them.
INLINE vec word(vec *w, int i) {
  if (i >= 16) {
    vec mixed = xor2(xor3(w[i & 15], w[(i + 2) & 15], w[(i + 8) & 15]), w[(i + 13) & 15]);
    w[i & 15] = ROTATE_LEFT(mixed, 1);
  }
  return w[i & 15];
}

// A round changes two of the five words; the next is called with the names shifted instead of the words.
#define ROUND(a, b, c, d, e, f, i)                                           \
  do {                                                                       \
    e = add(add(e, add(word(w, i), k)), add(f(b, c, d), ROTATE_LEFT(a, 5))); \
    b = ROTATE_LEFT(b, 30);                                                  \
  } while (0)

#define FIVE(f, i)                  \
  ROUND(a, b, c, d, e, f, (i));     \
  ROUND(e, a, b, c, d, f, (i) + 1); \
  ROUND(d, e, a, b, c, f, (i) + 2); \
  ROUND(c, d, e, a, b, f, (i) + 3); \
  ROUND(b, c, d, e, a, f, (i) + 4)

#define TWENTY(f, i) \
  FIVE(f, i);        \
  FIVE(f, (i) + 5);  \
  FIVE(f, (i) + 10); \
  FIVE(f, (i) + 15)

INLINE void mix(uint32_t *states, const uint8_t *const *messages, size_t count) {
  vec state[5];
  for (int i = 0; i < 5; i++) state[i] = gather(states + i, 5);
  for (size_t block = 0; block < count; block++) {
    vec w[16];
    load_block(w, messages, 64 * block);
    vec a = state[0], b = state[1], c = state[2], d = state[3], e = state[4];
    vec k = every(0x5a827999);
    TWENTY(choose, 0);
    k = every(0x6ed9eba1);
    TWENTY(xor3, 20);
    k = every(0x8f1bbcdc);
    TWENTY(majority, 40);
    k = every(0xca62c1d6);
    TWENTY(xor3, 60);
    state[0] = add(state[0], a);
    state[1] = add(state[1], b);
    state[2] = add(state[2], c);
    state[3] = add(state[3], d);
    state[4] = add(state[4], e);
  }
  for (int i = 0; i < 5; i++) scatter(state[i], states + i, 5);
}
