#include "CDigest.h"

#if defined(__x86_64__)

#include <cpuid.h>

typedef struct {
  unsigned int a, b, c, d;
} leaf;

static leaf cpuid(unsigned int number) {
  leaf x;
  return __get_cpuid_count(number, 0, &x.a, &x.b, &x.c, &x.d) ? x : (leaf){0, 0, 0, 0};
}

static int bit(unsigned int word, int number) { return (word >> number) & 1; }

// Whether the system saves all of these registers (bits of XCR0) when it switches threads. That the processor has
// them is not enough.
static int are_saved(unsigned int registers) {
  const int osxsave = bit(cpuid(1).c, 27);
  if (!osxsave) return 0;
  unsigned int low, high;
  __asm__("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return (low & registers) == registers;
}

int cdigest_has_shani(void) {
  const int ssse3 = bit(cpuid(1).c, 9), sse41 = bit(cpuid(1).c, 19);
  return ssse3 && sse41 && bit(cpuid(7).b, 29);
}

int cdigest_has_avx2(void) {
  const unsigned int xmm_ymm = 0x06;
  const int avx = bit(cpuid(1).c, 28);
  return avx && bit(cpuid(7).b, 5) && are_saved(xmm_ymm);
}

int cdigest_has_avx512(void) {
  const unsigned int xmm_ymm_masks_zmm = 0xe6;
  const int avx512f = bit(cpuid(7).b, 16), avx512vl = bit(cpuid(7).b, 31);
  return cdigest_has_avx2() && avx512f && avx512vl && are_saved(xmm_ymm_masks_zmm);
}

#elif defined(__aarch64__)

#include <asm/hwcap.h>
#include <sys/auxv.h>

int cdigest_has_arm64(void) {
  const unsigned long both = HWCAP_SHA1 | HWCAP_SHA2;
  return (getauxval(AT_HWCAP) & both) == both;
}

#endif
