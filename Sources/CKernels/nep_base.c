// Any processor: four neighbours at a time, with what the compiler takes for granted (SSE2 on
// x86-64, NEON on aarch64).
#if defined(__aarch64__)
#include <arm_neon.h>
#define FMA(a, b, c) __builtin_elementwise_fma(a, b, c)
#define KERNEL_NAME "NEON"
#else
#if defined(__x86_64__)
#include <immintrin.h>
#endif
#define FMA(a, b, c) ((a) * (b) + (c))
#define KERNEL_NAME "SSE2"
#endif
#define W 4
#define HALF 2
#define KERNEL ik_kernel_base
#define FIT_KERNEL ik_fit_kernel_base
#include "lanes.h"

INLINE vf lookup_single(const float *table, vi slot, int wide) {
  (void)wide;
#if defined(__aarch64__)
  // Sixteen numbers are sixty-four bytes, which one table look-up spans.
  uint8x16x4_t bytes = vld1q_u8_x4((const uint8_t *)table);
  vi index = slot * 0x04040404 + 0x03020100;
  return (vf)vqtbl4q_u8(bytes, (uint8x16_t)index);
#else
  return (vf){table[slot[0]], table[slot[1]], table[slot[2]], table[slot[3]]};
#endif
}

INLINE vd lookup_double(const double *table, vhi slot, int wide) {
  (void)wide;
  return (vd){table[slot[0]], table[slot[1]]};
}

INLINE unsigned less(vf a, vf b) {
  vi m = a < b;
  return (unsigned)((m[0] & 1) | (m[1] & 2) | (m[2] & 4) | (m[3] & 8));
}

INLINE void pack(void *to, vi v, unsigned mask) {
  int32_t *next = to;
  for (int k = 0; k < W; ++k) {
    *next = v[k];
    next += mask >> k & 1;
  }
}

#include "nep_kernel.h"
#include "nep_fit.h"
