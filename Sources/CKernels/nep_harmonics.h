// Real spherical harmonics without norms, N vectors at a time in numbers of type REAL.
// Included once for each precision; FN adds it to a name.

#define vr FN(lanes)

// Pi_lm(z) and (x + i y)^m up to l; with one more m for slopes.
typedef struct {
  vr legendre[MOST_L + 2][MOST_L + 1], a[MOST_L + 1], b[MOST_L + 1];
} FN(harmonic_parts);

INLINE void FN(fill_parts)(FN(harmonic_parts) *h, int top, vr x, vr y, vr z) {
  h->a[0] = FN(all)(1);
  h->b[0] = FN(all)(0);
#pragma unroll
  for (int m = 1; m <= top; ++m) {
    h->a[m] = FMA(h->a[m - 1], x, -(h->b[m - 1] * y));
    h->b[m] = FMA(h->a[m - 1], y, h->b[m - 1] * x);
  }
  REAL diagonal = 1;
#pragma unroll
  for (int m = 0; m <= top; ++m) {
    h->legendre[m][m] = FN(all)(diagonal);
    if (m < top) h->legendre[m][m + 1] = FN(all)((2 * m + 1) * diagonal) * z;
#pragma unroll
    for (int l = m + 2; l <= top; ++l) {
      vr up = FN(all)((REAL)(2 * l - 1) / (l - m)) * z;
      h->legendre[m][l] = FMA(
        up, h->legendre[m][l - 1],
        FN(all)(-(REAL)(l + m - 1) / (l - m)) * h->legendre[m][l - 2]);
    }
    diagonal *= 2 * m + 1;
  }
}

// y_lm in the order of RealHarmonics: m = 0, then for each m the cosines, then the sines.
INLINE void FN(harmonics)(int top, vr x, vr y, vr z, REAL *out) {
  FN(harmonic_parts) h;
  FN(fill_parts)(&h, top, x, y, z);
#pragma unroll
  for (int l = 1; l <= top; ++l) FN(store)(out + (l - 1) * N, h.legendre[0][l]);
  int next = top;
#pragma unroll
  for (int m = 1; m <= top; ++m) {
#pragma unroll
    for (int l = m; l <= top; ++l) {
      FN(store)(out + (next + l - m) * N, h.legendre[m][l] * h.a[m]);
      FN(store)(out + (next + l + top + 1 - 2 * m) * N, h.legendre[m][l] * h.b[m]);
    }
    next += 2 * (top + 1 - m);
  }
}

// sum_lm w_lm grad y_lm as of a polynomial of free x, y, z.
INLINE void FN(harmonic_gradient)(int top, vr x, vr y, vr z, const REAL *w, vr gradient[3]) {
  FN(harmonic_parts) h;
  FN(fill_parts)(&h, top, x, y, z);
  vr gx = FN(all)(0), gy = FN(all)(0), gz = FN(all)(0);
#pragma unroll
  for (int l = 1; l <= top; ++l) gz = FMA(FN(load)(w + (l - 1) * N), h.legendre[1][l], gz);
  int next = top;
#pragma unroll
  for (int m = 1; m <= top; ++m) {
    vr alpha = FN(all)(0), beta = FN(all)(0), alpha_slope = FN(all)(0), beta_slope = FN(all)(0);
#pragma unroll
    for (int l = m; l <= top; ++l) {
      vr c = FN(load)(w + (next + l - m) * N), s = FN(load)(w + (next + l + top + 1 - 2 * m) * N);
      alpha = FMA(c, h.legendre[m][l], alpha);
      beta = FMA(s, h.legendre[m][l], beta);
      if (l > m) {
        alpha_slope = FMA(c, h.legendre[m + 1][l], alpha_slope);
        beta_slope = FMA(s, h.legendre[m + 1][l], beta_slope);
      }
    }
    vr factor = FN(all)((REAL)m);
    gx = FMA(factor, FMA(alpha, h.a[m - 1], beta * h.b[m - 1]), gx);
    gy = FMA(factor, FMA(beta, h.a[m - 1], -(alpha * h.b[m - 1])), gy);
    gz = FMA(alpha_slope, h.a[m], FMA(beta_slope, h.b[m], gz));
    next += 2 * (top + 1 - m);
  }
  gradient[0] = gx;
  gradient[1] = gy;
  gradient[2] = gz;
}

#undef vr
