// One centre of the neuroevolution potential, N neighbours at a time in numbers of type REAL.
// Included once for single and once for double precision; FN adds the precision to a name.

#include "nep_harmonics.h"

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
    if (values) FN(store)(values + n * N, value * p.envelope);
    FN(store)(slopes + n * N, FMA(slope, inner, value * p.slope));
  }
}

// Stores as many lanes as there are channels left; where all fit into one vector, the lanes past
// them too, which the row that is stored next overwrites.
INLINE void FN(store_some)(REAL *p, vr v, int channels, int first) {
  if (channels <= N) {
    FN(store)(p, v);
    return;
  }
  for (int k = 0; k < N && first + k < channels; ++k) p[k] = v[k];
}

// A_nlm = N_lm sum_j g_n y_lm, [lm][n].
INLINE void FN(expand)(
  int channels, int harmonics, const REAL *norms, const REAL *rows, long stride, int blocks,
  REAL *a) {
  int total = channels * harmonics;
#pragma unroll
  for (int first = 0; first < total; first += N) {
    vr lanes[N];
#pragma unroll
    for (int k = 0; k < N; ++k) lanes[k] = FN(all)(0);
    for (int block = 0; block < blocks; ++block) {
      const REAL *row = rows + block * stride;
      const REAL *y = row + 2 * channels * N;
#pragma unroll
      for (int k = 0; k < N; ++k) {
        int flat = first + k < total ? first + k : total - 1;
        lanes[k] = FMA(FN(load)(row + (flat % channels) * N), FN(load)(y + (flat / channels) * N), lanes[k]);
      }
    }
    FN(store)(a + first, FN(sums)(lanes) * FN(load)(norms + first));
  }
}

// q from A, or dU/d(sum g y) from A and dU/dq. The constants and what an l = 2 row means are those
// of AngularInvariants: M = [[c2 - t, s2, c1], [s2, -c2 - t, s1], [c1, s1, 2t]].
INLINE void FN(invariants)(
  shape s, const REAL *norms, const REAL *a, REAL *q, const REAL *weights, REAL *slopes) {
  int top = s.l, channels = s.na;
#pragma unroll
  for (int n = 0; n < channels; n += N) {
    vr row[MOST_L * (MOST_L + 2)], three[MOST_L], slope[MOST_L * (MOST_L + 2)];
#pragma unroll
    for (int l = 0; l < top; ++l) three[l] = FN(all)(0);
    int place = 0;
#pragma unroll
    for (int m = 0; m <= top; ++m)
#pragma unroll
      for (int side = 0; side < (m == 0 ? 1 : 2); ++side)
#pragma unroll
        for (int l = (m == 0 ? 1 : m); l <= top; ++l, ++place) {
          row[place] = FN(load)(a + place * channels + n);
          if (slopes)
            slope[place] = FN(all)(2) * FN(load)(weights + (l - 1) * channels + n) * row[place];
          three[l - 1] = FMA(row[place], row[place], three[l - 1]);
        }
    int i0 = 1, c1 = top + 1, s1 = 2 * top + 1, c2 = 3 * top, s2 = 4 * top - 1;
    int x0 = 0, x1 = top, x2 = 2 * top;
    int next = top * channels + n;
    if (!slopes) {
#pragma unroll
      for (int l = 0; l < top; ++l) FN(store_some)(q + l * channels + n, three[l], channels, n);
    }
    if (s.four) {
      vr t = row[i0] * (REAL)INVERSE_ROOT3;
      vr C1 = row[c1], S1 = row[s1], C2 = row[c2], S2 = row[s2];
      if (!slopes) {
        vr d = (t + t) * (t * t - C2 * C2 - S2 * S2) + FN(all)(2) * S2 * C1 * S1 - (C2 - t) * S1 * S1
          + (C2 + t) * C1 * C1;
        FN(store_some)(q + next, FN(all)((REAL)FOUR_BODY) * d, channels, n);
      } else {
        vr w = FN(all)((REAL)FOUR_BODY) * FN(load)(weights + next);
        vr dt = FN(all)(6) * t * t - FN(all)(2) * (C2 * C2 + S2 * S2) + S1 * S1 + C1 * C1;
        slope[i0] += w * dt * (REAL)INVERSE_ROOT3;
        slope[c1] += FN(all)(2) * w * (S2 * S1 + (C2 + t) * C1);
        slope[s1] += FN(all)(2) * w * (S2 * C1 - (C2 - t) * S1);
        slope[c2] += w * (C1 * C1 - S1 * S1 - FN(all)(4) * t * C2);
        slope[s2] += w * (FN(all)(2) * C1 * S1 - FN(all)(4) * t * S2);
      }
      next += channels;
    }
    if (s.five) {
      if (!slopes) {
        FN(store_some)(q + next, FN(all)((REAL)FIVE_BODY) * three[0] * three[0], channels, n);
      } else {
        vr w = FN(all)((REAL)(4 * FIVE_BODY)) * FN(load)(weights + next) * three[0];
        slope[x0] += w * row[x0];
        slope[x1] += w * row[x1];
        slope[x2] += w * row[x2];
      }
    }
    if (slopes) {
#pragma unroll
      for (int k = 0; k < top * (top + 2); ++k)
        FN(store_some)(slopes + k * channels + n, slope[k] * FN(all)(norms[k * channels]), channels, n);
    }
  }
}

// U without the bias, and dU/dq; the neurons' outputs go to `hidden` unless it is null.
INLINE REAL FN(network)(
  int inputs, int neurons, const REAL *w0, const REAL *q, REAL *slopes, float *hidden) {
  int padded = (inputs + IK_LANES - 1) / IK_LANES * IK_LANES;
  const REAL *b0 = w0 + (long)padded * neurons, *w1 = b0 + neurons;
  vr energy = FN(all)(0);
  enum { GROUP = 5 };
  REAL steepness[neurons];
  for (int first = 0; first < neurons; first += GROUP * N) {
    int vectors = (neurons - first) / N < GROUP ? (neurons - first) / N : GROUP;
    vr even[GROUP], odd[GROUP];
#pragma unroll
    for (int v = 0; v < GROUP; ++v) {
      if (v >= vectors) continue;
      even[v] = -FN(load)(b0 + first + v * N);
      odd[v] = FN(all)(0);
    }
    int d = 0;
    for (; d + 1 < inputs; d += 2) {
      const REAL *row = w0 + (long)d * neurons + first;
      vr q0 = FN(all)(q[d]), q1 = FN(all)(q[d + 1]);
#pragma unroll
      for (int v = 0; v < GROUP; ++v) {
        if (v >= vectors) continue;
        even[v] = FMA(q0, FN(load)(row + v * N), even[v]);
        odd[v] = FMA(q1, FN(load)(row + neurons + v * N), odd[v]);
      }
    }
    if (d < inputs) {
#pragma unroll
      for (int v = 0; v < GROUP; ++v)
        if (v < vectors)
          even[v] = FMA(FN(all)(q[d]), FN(load)(w0 + (long)d * neurons + first + v * N), even[v]);
    }
#pragma unroll
    for (int v = 0; v < GROUP; ++v) {
      if (v >= vectors) continue;
      vr z = even[v] + odd[v], w = FN(load)(w1 + first + v * N);
      // tanh |z| = (1 - e)/(1 + e), e = exp(-2 |z|).
      vr e = FN(exp_negative)(FN(all)(-2) * __builtin_elementwise_abs(z));
      vr inverse = FN(all)(1) / (FN(all)(1) + e);
      vr tanh = __builtin_elementwise_copysign((FN(all)(1) - e) * inverse, z);
      energy = FMA(w, tanh, energy);
      if (hidden) {
        typedef float narrow __attribute__((ext_vector_type(N)));
        narrow outputs = __builtin_convertvector(tanh, narrow);
        memcpy(hidden + first + v * N, &outputs, sizeof outputs);
      }
      // 1 - tanh^2 = 4 e/(1 + e)^2, which cancels nowhere.
      FN(store)(steepness + first + v * N, FN(all)(4) * w * e * inverse * inverse);
    }
  }
  for (int first = 0; first < inputs; first += N) {
    vr lanes[N];
#pragma unroll
    for (int k = 0; k < N; ++k) {
      lanes[k] = FN(all)(0);
      // The table has zeros past the last input.
      const REAL *row = w0 + (long)(first + k) * neurons;
      for (int v = 0; v < neurons; v += N)
        lanes[k] = FMA(FN(load)(row + v), FN(load)(steepness + v), lanes[k]);
    }
    FN(store)(slopes + first, FN(sums)(lanes));
  }
  return FN(sum)(energy);
}


// The neighbours of a centre: `near` that the angular part sees, padded to whole blocks, then `far`,
// padded too. What pads lies beyond every range.
typedef struct {
  const REAL *x, *y, *z;
  const uint32_t *entries;
  int near, far;
} FN(neighbourhood);

typedef struct {
  vd x, y, z;
  vr virial[6];
} FN(centre_sums);

// Adds the forces of one block to its neighbours, to the centre and to the virial.
INLINE void FN(spread)(
  const uint32_t *entries, int count, vr x, vr y, vr z, vr fx, vr fy, vr fz, double *forces,
  FN(centre_sums) *total) {
#if IS_DOUBLE
  vd xs[1] = {rounded(fx)}, ys[1] = {rounded(fy)}, zs[1] = {rounded(fz)};
#else
  vd xs[2] = {rounded(doubles(LOWER(fx))), rounded(doubles(UPPER(fx)))};
  vd ys[2] = {rounded(doubles(LOWER(fy))), rounded(doubles(UPPER(fy)))};
  vd zs[2] = {rounded(doubles(LOWER(fz))), rounded(doubles(UPPER(fz)))};
#endif
#pragma unroll
  for (int side = 0; side < (IS_DOUBLE ? 1 : 2); ++side) {
    total->x += xs[side];
    total->y += ys[side];
    total->z += zs[side];
    scatter(
      forces, entries + side * (W / 2), count - side * (W / 2), xs[side], ys[side], zs[side]);
  }
  total->virial[0] = FMA(fx, x, total->virial[0]);
  total->virial[1] = FMA(fy, y, total->virial[1]);
  total->virial[2] = FMA(fz, z, total->virial[2]);
  total->virial[3] = FMA(fy, z, total->virial[3]);
  total->virial[4] = FMA(fx, z, total->virial[4]);
  total->virial[5] = FMA(fx, y, total->virial[5]);
}

// What the angular part keeps of a block of neighbours: g_n, g_n', y_lm, and the radial g_n'.
INLINE long FN(near_row)(shape s) { return (long)(2 * s.na + s.l * (s.l + 2) + s.nr) * N; }

// Numbers of memory for one centre and so many neighbours in whole blocks.
INLINE long FN(memory)(shape s, long neighbours) {
  long lm = s.l * (s.l + 2);
  return 2 * with_room(lm * s.na) + 2 * with_room(s.descriptors) + lm * N
    + (neighbours / N + 2) * FN(near_row)(s);
}

// Gives the energy of a centre; takes its slopes along the vectors to its neighbours off their
// forces and adds them to its own.
INLINE double FN(evaluate)(
  shape s, const ik_nep_model *model, int own, const FN(neighbourhood) *h, REAL *memory,
  double *forces, double *mine, vr virial[6], float *hidden) {
  const FN(ik_tables) *tables = &model->FN(tables);
  int wide = model->species > 8;
  const REAL *inverse = tables->inverse_cutoffs + own * 2 * IK_LANES;
  int lm = s.l * (s.l + 2);
  REAL *a = memory;                                     // [lm][n]
  REAL *a_slopes = a + with_room(lm * s.na);
  REAL *q = a_slopes + with_room(lm * s.na);
  REAL *q_slopes = q + with_room(s.descriptors);
  REAL *weights = q_slopes + with_room(s.descriptors);  // [lm][N]
  REAL *rows = weights + lm * N;
  int near_blocks = (h->near + N - 1) / N, blocks = near_blocks + (h->far + N - 1) / N;
  long near_stride = FN(near_row)(s), far_stride = (long)s.nr * N;
  REAL *far_rows = rows + near_blocks * near_stride;

  // Descriptors.
  vr radial[IK_MOST_FUNCTIONS];
#pragma unroll
  for (int n = 0; n < s.nr; ++n) radial[n] = FN(all)(0);
  const REAL *radial_table = tables->radial + (long)own * s.nr * s.kr * IK_LANES;
  const REAL *angular_table = tables->angular + (long)own * s.na * s.ka * IK_LANES;
  for (int block = 0; block < blocks; ++block) {
    vr x = FN(load)(h->x + block * N), y = FN(load)(h->y + block * N), z = FN(load)(h->z + block * N);
    vr r = __builtin_elementwise_sqrt(FMA(x, x, FMA(y, y, z * z)));
    FN(whole) slot = FN(slots)(h->entries + block * N);
    int is_near = block < near_blocks;
    REAL *row = is_near ? rows + block * near_stride : far_rows + (block - near_blocks) * far_stride;
    REAL values[IK_MOST_FUNCTIONS * N] __attribute__((aligned(64)));
    FN(radial_functions)(
      radial_table, s.nr, s.kr, slot, wide, FN(cutoff_function)(r, FN(lookup)(inverse, slot, wide)),
      values, is_near ? row + (long)(2 * s.na + lm) * N : row);
#pragma unroll
    for (int n = 0; n < s.nr; ++n) radial[n] += FN(load)(values + n * N);
    if (!is_near) continue;
    FN(radial_functions)(
      angular_table, s.na, s.ka, slot, wide,
      FN(cutoff_function)(r, FN(lookup)(inverse + IK_LANES, slot, wide)), row, row + s.na * N);
    vr u = FN(all)(1) / r;
    FN(harmonics)(s.l, x * u, y * u, z * u, row + 2 * s.na * N);
  }
#pragma unroll
  for (int first = 0; first < s.nr; first += N) {
    vr lanes[N];
#pragma unroll
    for (int k = 0; k < N; ++k) lanes[k] = first + k < s.nr ? radial[first + k] : FN(all)(0);
    FN(store)(q + first, FN(sums)(lanes));
  }
  FN(expand)(s.na, lm, tables->norms, rows, near_stride, near_blocks, a);
  FN(invariants)(s, tables->norms, a, q + s.nr, 0, 0);

  // Energy.
  int padded = (s.descriptors + IK_LANES - 1) / IK_LANES * IK_LANES;
  const REAL *network = tables->network + (long)own * (padded + 2) * s.neurons;
  double energy = (double)FN(network)(s.descriptors, s.neurons, network, q, q_slopes, hidden)
    - model->bias;
  FN(invariants)(s, tables->norms, a, q, q_slopes + s.nr, a_slopes);

  // Slopes.
  FN(centre_sums) total;
  total.x = total.y = total.z = (vd)0.0;
#pragma unroll
  for (int k = 0; k < 6; ++k) total.virial[k] = virial[k];
  for (int block = 0; block < blocks; ++block) {
    vr x = FN(load)(h->x + block * N), y = FN(load)(h->y + block * N), z = FN(load)(h->z + block * N);
    vr u = FN(all)(1) / __builtin_elementwise_sqrt(FMA(x, x, FMA(y, y, z * z)));
    int is_near = block < near_blocks;
    const REAL *row =
      is_near ? rows + block * near_stride : far_rows + (block - near_blocks) * far_stride;
    const REAL *radial_slopes = is_near ? row + (long)(2 * s.na + lm) * N : row;
    vr along = FN(all)(0);
#pragma unroll
    for (int n = 0; n < s.nr; ++n)
      along = FMA(FN(all)(q_slopes[n]), FN(load)(radial_slopes + n * N), along);
    vr ux = x * u, uy = y * u, uz = z * u;
    vr fx = along * ux, fy = along * uy, fz = along * uz;
    int left = h->far - (block - near_blocks) * N;
    if (is_near) {
      left = h->near - block * N;
      const REAL *y_rows = row + 2 * s.na * N;
      vr angular_along = FN(all)(0);
#pragma unroll
      for (int k = 0; k < lm; ++k) {
        vr value = FN(all)(0), slope = FN(all)(0);
#pragma unroll
        for (int n = 0; n < s.na; ++n) {
          vr d = FN(all)(a_slopes[k * s.na + n]);
          value = FMA(d, FN(load)(row + n * N), value);
          slope = FMA(d, FN(load)(row + (s.na + n) * N), slope);
        }
        FN(store)(weights + k * N, value);
        angular_along = FMA(slope, FN(load)(y_rows + k * N), angular_along);
      }
      vr free[3];
      FN(harmonic_gradient)(s.l, ux, uy, uz, weights, free);
      vr parallel = FMA(free[0], ux, FMA(free[1], uy, free[2] * uz));
      vr radial_part = along + angular_along - parallel * u;
      fx = FMA(radial_part, ux, free[0] * u);
      fy = FMA(radial_part, uy, free[1] * u);
      fz = FMA(radial_part, uz, free[2] * u);
    }
    FN(spread)(h->entries + block * N, left, x, y, z, fx, fy, fz, forces, &total);
  }
#pragma unroll
  for (int k = 0; k < W / 2; ++k) {
    mine[0] += total.x[k];
    mine[1] += total.y[k];
    mine[2] += total.z[k];
  }
#pragma unroll
  for (int k = 0; k < 6; ++k) virial[k] = total.virial[k];
  return energy;
}

#undef vr
