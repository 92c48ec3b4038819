// Radial functions, N neighbours at a time in numbers of type REAL.
// Included once for each precision; FN adds it to a name.

#define vr FN(lanes)

// f_c, its slope, x and dx/dr for t = 1 - r/r_c, zero where t is not positive.
typedef struct {
  vr envelope, slope, x, x_slope;
} FN(radial_point);

INLINE FN(radial_point) FN(cutoff_function)(vr r, vr inverse) {
  vr t = __builtin_elementwise_max(FMA(-r, inverse, FN(all)(1)), FN(all)(0));
  vr s, c;
  FN(quarter_turn)(t, &s, &c);
  // cos(pi r/2 r_c) = sin(pi t/2).
  FN(radial_point) p;
  p.envelope = s * s;
  p.slope = FN(all)((REAL)-M_PI) * inverse * s * c;
  p.x = FMA(t + t, t, FN(all)(-1));
  p.x_slope = FN(all)(-4) * t * inverse;
  return p;
}

// g_n and g_n' of N neighbours: n rows of N numbers each.
INLINE void FN(radial_functions)(
  const REAL *table, int functions, int basis, FN(whole) slot, int wide, FN(radial_point) p, REAL *values,
  REAL *slopes) {
  vr t[IK_MOST_POLYNOMIALS], u[IK_MOST_POLYNOMIALS];  // T_k and k U_{k-1}
  t[0] = FN(all)(1);
  t[1] = p.x;
  vr x2 = p.x + p.x, u0 = FN(all)(1), u1 = x2;
  u[1] = FN(all)(1);
#pragma unroll
  for (int k = 2; k < basis; ++k) {
    t[k] = FMA(x2, t[k - 1], -t[k - 2]);
    u[k] = FN(all)((REAL)k) * u1;
    vr next = FMA(x2, u1, -u0);
    u0 = u1;
    u1 = next;
  }
  vr inner = p.envelope * p.x_slope;
#pragma unroll
  for (int n = 0; n < functions; ++n) {
    const REAL *row = table + (long)n * basis * IK_LANES;
    vr value = FN(lookup)(row, slot, wide);
    vr slope = FN(all)(0);
#pragma unroll
    for (int k = 1; k < basis; ++k) {
      vr c = FN(lookup)(row + k * IK_LANES, slot, wide);
      value = FMA(c, t[k], value);
      slope = FMA(c, u[k], slope);
    }
    FN(store)(values + n * N, value * p.envelope);
    FN(store)(slopes + n * N, FMA(slope, inner, value * p.slope));
  }
}

#undef vr
