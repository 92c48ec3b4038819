// Vectors of W lanes and the moves between them, for whatever instruction set includes this.

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "CKernels.h"

// Loops without constants are not unrolled in the kernel for models of any shape.
#pragma clang diagnostic ignored "-Wpass-failed"

#define INLINE static inline __attribute__((always_inline))

typedef float vf __attribute__((ext_vector_type(W)));
typedef int vi __attribute__((ext_vector_type(W)));
typedef float vh __attribute__((ext_vector_type(W / 2)));
typedef double vd __attribute__((ext_vector_type(W / 2)));
typedef int v4i __attribute__((ext_vector_type(4)));
typedef int vhi __attribute__((ext_vector_type(W / 2)));
typedef long vl __attribute__((ext_vector_type(W / 2)));
typedef double v4d __attribute__((ext_vector_type(4)));

#define SHUFFLE __builtin_shufflevector
#define JOIN_(a, b) a##b
#define JOIN(a, b) JOIN_(a, b)

// Within each four lanes: a0 b0 a1 b1; a2 b2 a3 b3; a0 a1 b0 b1; a2 a3 b2 b3.
#define LOW_16(a, b) SHUFFLE(a, b, 0, 16, 1, 17, 4, 20, 5, 21, 8, 24, 9, 25, 12, 28, 13, 29)
#define HIGH_16(a, b) SHUFFLE(a, b, 2, 18, 3, 19, 6, 22, 7, 23, 10, 26, 11, 27, 14, 30, 15, 31)
#define LOW2_16(a, b) SHUFFLE(a, b, 0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29)
#define HIGH2_16(a, b) SHUFFLE(a, b, 2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30, 31)
#define LOW_8(a, b) SHUFFLE(a, b, 0, 8, 1, 9, 4, 12, 5, 13)
#define HIGH_8(a, b) SHUFFLE(a, b, 2, 10, 3, 11, 6, 14, 7, 15)
#define LOW2_8(a, b) SHUFFLE(a, b, 0, 1, 8, 9, 4, 5, 12, 13)
#define HIGH2_8(a, b) SHUFFLE(a, b, 2, 3, 10, 11, 6, 7, 14, 15)
#define LOW_4(a, b) SHUFFLE(a, b, 0, 4, 1, 5)
#define HIGH_4(a, b) SHUFFLE(a, b, 2, 6, 3, 7)
#define LOW2_4(a, b) SHUFFLE(a, b, 0, 1, 4, 5)
#define HIGH2_4(a, b) SHUFFLE(a, b, 2, 3, 6, 7)
// Fours number 0, 2, ... of a and then of b; number 1, 3, ...
#define EVEN4_16(a, b) SHUFFLE(a, b, 0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27)
#define ODD4_16(a, b) SHUFFLE(a, b, 4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31)
#define EVEN4_8(a, b) SHUFFLE(a, b, 0, 1, 2, 3, 8, 9, 10, 11)
#define ODD4_8(a, b) SHUFFLE(a, b, 4, 5, 6, 7, 12, 13, 14, 15)
#if W == 16
#define LOWER(v) SHUFFLE(v, v, 0, 1, 2, 3, 4, 5, 6, 7)
#define BOTH(a, b) SHUFFLE(a, b, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)
#define UPPER(v) SHUFFLE(v, v, 8, 9, 10, 11, 12, 13, 14, 15)
#elif W == 8
#define LOWER(v) SHUFFLE(v, v, 0, 1, 2, 3)
#define BOTH(a, b) SHUFFLE(a, b, 0, 1, 2, 3, 4, 5, 6, 7)
#define UPPER(v) SHUFFLE(v, v, 4, 5, 6, 7)
#else
#define LOWER(v) SHUFFLE(v, v, 0, 1)
#define BOTH(a, b) SHUFFLE(a, b, 0, 1, 2, 3)
#define UPPER(v) SHUFFLE(v, v, 2, 3)
#endif
#define LOW JOIN(LOW_, W)
#define HIGH JOIN(HIGH_, W)
#define LOW2 JOIN(LOW2_, W)
#define HIGH2 JOIN(HIGH2_, W)

INLINE vi loadi(const void *p) {
  vi v;
  memcpy(&v, p, sizeof v);
  return v;
}
INLINE vi lane_numbers(void) {
#if W == 16
  return (vi){0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
#elif W == 8
  return (vi){0, 1, 2, 3, 4, 5, 6, 7};
#else
  return (vi){0, 1, 2, 3};
#endif
}

// The four whole numbers of W points, from W addresses.
INLINE void transpose_points(const v4i *p[W], vi *x, vi *y, vi *z, vi *w) {
  vi row[4];
#pragma unroll
  for (int q = 0; q < 4; ++q) {
#if W == 16
    row[q] = SHUFFLE(
      SHUFFLE(*p[q], *p[4 + q], 0, 1, 2, 3, 4, 5, 6, 7),
      SHUFFLE(*p[8 + q], *p[12 + q], 0, 1, 2, 3, 4, 5, 6, 7), 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
      11, 12, 13, 14, 15);
#elif W == 8
    row[q] = SHUFFLE(*p[q], *p[4 + q], 0, 1, 2, 3, 4, 5, 6, 7);
#else
    row[q] = *p[q];
#endif
  }
  vi xy01 = LOW(row[0], row[1]), xy23 = LOW(row[2], row[3]);
  vi zw01 = HIGH(row[0], row[1]), zw23 = HIGH(row[2], row[3]);
  *x = LOW2(xy01, xy23);
  *y = HIGH2(xy01, xy23);
  *z = LOW2(zw01, zw23);
  *w = HIGH2(zw01, zw23);
}

#define IS_DOUBLE 0
#define REAL float
#define N W
#define COUNT W
#define FN(name) name##_single
#include "numbers.h"
#undef IS_DOUBLE
#undef REAL
#undef N
#undef COUNT
#undef FN

#define IS_DOUBLE 1
#define REAL double
#define N HALF
#define COUNT HALF
#define FN(name) name##_double
#include "numbers.h"
#undef IS_DOUBLE
#undef REAL
#undef N
#undef COUNT
#undef FN
