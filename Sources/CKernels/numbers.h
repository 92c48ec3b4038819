// Vectors of N numbers of type REAL, and functions of them. Included once for each precision.

typedef REAL FN(lanes) __attribute__((ext_vector_type(N)));
typedef int FN(whole) __attribute__((ext_vector_type(N)));

INLINE FN(lanes) FN(all)(REAL x) { return (FN(lanes))x; }
INLINE FN(lanes) FN(load)(const REAL *p) {
  FN(lanes) v;
  memcpy(&v, p, sizeof v);
  return v;
}
INLINE void FN(store)(REAL *p, FN(lanes) v) { memcpy(p, &v, sizeof v); }

// The species' slots of N entries of a list.
INLINE FN(whole) FN(slots)(const uint32_t *entries) {
  FN(whole) v;
  memcpy(&v, entries, sizeof v);
  return v >> 28 & 15;
}

// Lane k of the result is the sum of the lanes of v[k].
INLINE FN(lanes) FN(sums)(const FN(lanes) v[N]) {
#if COUNT == 2
  return SHUFFLE(v[0], v[1], 0, 2) + SHUFFLE(v[0], v[1], 1, 3);
#else
  FN(lanes) quarter[N / 4];
#pragma unroll
  for (int g = 0; g < N / 4; ++g) {
    const FN(lanes) *w = v + 4 * g;
    FN(lanes) ab = JOIN(LOW_, N)(w[0], w[1]) + JOIN(HIGH_, N)(w[0], w[1]);
    FN(lanes) cd = JOIN(LOW_, N)(w[2], w[3]) + JOIN(HIGH_, N)(w[2], w[3]);
    quarter[g] = JOIN(LOW2_, N)(ab, cd) + JOIN(HIGH2_, N)(ab, cd);
  }
#if COUNT == 16
  FN(lanes) first = EVEN4_16(quarter[0], quarter[1]) + ODD4_16(quarter[0], quarter[1]);
  FN(lanes) second = EVEN4_16(quarter[2], quarter[3]) + ODD4_16(quarter[2], quarter[3]);
  return EVEN4_16(first, second) + ODD4_16(first, second);
#elif COUNT == 8
  return EVEN4_8(quarter[0], quarter[1]) + ODD4_8(quarter[0], quarter[1]);
#else
  return quarter[0];
#endif
#endif
}

// Pairs of lanes first: shorter than one after the other.
INLINE REAL FN(sum)(FN(lanes) v) {
  REAL part[N];
  FN(store)(part, v);
#pragma unroll
  for (int half = N / 2; half > 0; half /= 2) {
#pragma unroll
    for (int k = 0; k < half; ++k) part[k] += part[k + half];
  }
  return part[0];
}

// 1/sqrt(x). In single precision by Newton's steps from 3 % off, which do not wait as a root and a
// division do, and give the same bits on every processor.
INLINE FN(lanes) FN(inverse_root)(FN(lanes) x) {
#if IS_DOUBLE
  return FN(all)(1) / __builtin_elementwise_sqrt(x);
#else
  FN(lanes) y = (FN(lanes))(0x5f375a86 - ((FN(whole))x >> 1));
#pragma unroll
  for (int k = 0; k < 3; ++k) {
    FN(lanes) rest = FMA(-(x * y), y, FN(all)(1));
    y = FMA(y * FN(all)(0.5f), rest, y);
  }
  return y;
#endif
}

// 1/x for 1 <= x <= 2, by Newton's steps from the straight line that is within 1/17 of it.
INLINE FN(lanes) FN(inverse_of_one_to_two)(FN(lanes) x) {
#if IS_DOUBLE
  return FN(all)(1) / x;
#else
  FN(lanes) y = FMA(x, FN(all)(-8.0f / 17), FN(all)(24.0f / 17));
#pragma unroll
  for (int k = 0; k < 3; ++k) y = FMA(y, FMA(-x, y, FN(all)(1)), y);
  return y;
#endif
}

// exp(y) for y <= 0: 2^n times Taylor's polynomial on |f| <= ln 2/2; exp(-87) below that in single
// precision, exp(-700) in double.
INLINE FN(lanes) FN(exp_negative)(FN(lanes) y) {
#if IS_DOUBLE
  const REAL magic = 6755399441055744.0;  // 1.5 * 2^52: adding it rounds to whole numbers
  const REAL ln2_high = 6.93147180369123816490e-01, ln2_low = 1.90821492927058770002e-10;
  const REAL lowest = -700;
  enum { DEGREE = 13 };
#else
  const REAL magic = 12582912.0f;  // 1.5 * 2^23
  const REAL ln2_high = 0.693359375f, ln2_low = -2.12194440e-4f;
  const REAL lowest = -87;
  enum { DEGREE = 7 };
#endif
  static const double inverse_factorials[] = {
    1, 1, 1.0 / 2, 1.0 / 6, 1.0 / 24, 1.0 / 120, 1.0 / 720, 1.0 / 5040, 1.0 / 40320,
    1.0 / 362880, 1.0 / 3628800, 1.0 / 39916800, 1.0 / 479001600, 1.0 / 6227020800};
  y = __builtin_elementwise_max(y, FN(all)(lowest));
  FN(lanes) t = FMA(y, FN(all)((REAL)1.44269504088896340736), FN(all)(magic));
  FN(lanes) n = t - magic;
  FN(lanes) f = FMA(n, FN(all)(-ln2_high), y);
  f = FMA(n, FN(all)(-ln2_low), f);
  FN(lanes) p = FN(all)((REAL)inverse_factorials[DEGREE]);
#pragma unroll
  for (int k = DEGREE - 1; k >= 0; --k) p = FMA(p, f, FN(all)((REAL)inverse_factorials[k]));
#if IS_DOUBLE
  vl power = ((vl)t << 52) + (1023l << 52);
#else
  FN(whole) power = ((FN(whole))t << 23) + (127 << 23);
#endif
  return p * (FN(lanes))power;
}

// sin(pi t/2) and cos(pi t/2) for 0 <= t <= 1, by Taylor's series.
INLINE void FN(quarter_turn)(FN(lanes) t, FN(lanes) *sine, FN(lanes) *cosine) {
  enum { TERMS = IS_DOUBLE ? 11 : 7, COSINE_TERMS = IS_DOUBLE ? 11 : 8 };
  static const double s[] = {
    1.5707963267948966, -0.64596409750624617, 0.079692626246167034,
    -0.0046817541353186866, 0.00016044118478735975, -3.5988432352120839e-06,
    5.692172921967924e-08, -6.6880351098114635e-10, 6.0669357311061923e-12,
    -4.3770654673137391e-14, 2.5714228928604721e-16};
  static const double c[] = {
    1, -1.2337005501361697, 0.25366950790104797,
    -0.020863480763352957, 0.00091926027483942626, -2.5202042373060596e-05,
    4.7108747788181691e-07, -6.3866030837918488e-09, 6.5659631149794676e-11,
    -5.2944002007346194e-13, 3.4377391790986044e-15};
  FN(lanes) u = t * t, a = FN(all)((REAL)s[TERMS - 1]), b = FN(all)((REAL)c[COSINE_TERMS - 1]);
#pragma unroll
  for (int k = TERMS - 2; k >= 0; --k) a = FMA(a, u, FN(all)((REAL)s[k]));
#pragma unroll
  for (int k = COSINE_TERMS - 2; k >= 0; --k) b = FMA(b, u, FN(all)((REAL)c[k]));
  *sine = a * t;
  *cosine = b;
}
