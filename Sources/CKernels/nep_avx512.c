// x86-64 with AVX-512 (F, DQ, VL, BW): sixteen neighbours at a time.
#if defined(__x86_64__)
#include <immintrin.h>
#pragma clang attribute push( \
  __attribute__((target("avx512f,avx512dq,avx512vl,avx512bw,avx2,fma"))), apply_to = function)

#define W 16
#define HALF 8
#define KERNEL ik_kernel_avx512
#define FIT_KERNEL ik_fit_kernel_avx512
#define KERNEL_NAME "AVX-512"
#define FMA(a, b, c) __builtin_elementwise_fma(a, b, c)
#include "lanes.h"

INLINE vf lookup_single(const float *table, vi slot, int wide) {
  (void)wide;
  return (vf)_mm512_permutexvar_ps((__m512i)slot, _mm512_load_ps(table));
}

INLINE vd lookup_double(const double *table, vhi slot, int wide) {
  (void)wide;
  vl index = __builtin_convertvector(slot, vl);
  return (vd)_mm512_permutex2var_pd(
    _mm512_load_pd(table), (__m512i)index, _mm512_load_pd(table + 8));
}

INLINE unsigned less(vf a, vf b) {
  return _mm512_cmp_ps_mask((__m512)a, (__m512)b, _CMP_LT_OQ);
}

INLINE void pack(void *to, vi v, unsigned mask) {
  _mm512_storeu_si512(to, _mm512_maskz_compress_epi32((__mmask16)mask, (__m512i)v));
}

#include "nep_kernel.h"
#include "nep_fit.h"
#pragma clang attribute pop
#endif
