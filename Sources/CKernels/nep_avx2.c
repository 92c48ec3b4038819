// x86-64 with AVX2 and FMA: eight neighbours at a time.
#if defined(__x86_64__)
#include <immintrin.h>
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)

#define W 8
#define HALF 4
#define KERNEL ik_kernel_avx2
#define FIT_KERNEL ik_fit_kernel_avx2
#define KERNEL_NAME "AVX2"
#define FMA(a, b, c) __builtin_elementwise_fma(a, b, c)
#include "lanes.h"

INLINE vf lookup_single(const float *table, vi slot, int wide) {
  vf low = (vf)_mm256_permutevar8x32_ps(_mm256_load_ps(table), (__m256i)slot);
  if (!wide) return low;
  vf high = (vf)_mm256_permutevar8x32_ps(_mm256_load_ps(table + 8), (__m256i)slot);
  // The sign bit chooses: bit 3 of the slot moved there.
  return (vf)_mm256_blendv_ps((__m256)low, (__m256)high, (__m256)(slot << 28));
}

INLINE vd lookup_double(const double *table, vhi slot, int wide) {
  (void)wide;
  return (vd){table[slot[0]], table[slot[1]], table[slot[2]], table[slot[3]]};
}

INLINE unsigned less(vf a, vf b) {
  return (unsigned)_mm256_movemask_ps(_mm256_cmp_ps((__m256)a, (__m256)b, _CMP_LT_OQ));
}

// Row m holds the places of the bits that are set in m, four bits each.
#include "pack_table.h"

INLINE void pack(void *to, vi v, unsigned mask) {
  const vi places = {0, 4, 8, 12, 16, 20, 24, 28};
  vi order = ((vi)(int)pack_table[mask] >> places) & 7;
  _mm256_storeu_si256(to, _mm256_permutevar8x32_epi32((__m256i)v, (__m256i)order));
}

#include "nep_kernel.h"
#include "nep_fit.h"
#pragma clang attribute pop
#endif
