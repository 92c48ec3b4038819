// One centre of the neuroevolution potential, N neighbours at a time in numbers of type REAL.
// Included once for single and once for double precision; FN adds the precision to a name.

#include "nep_harmonics.h"

#define vr FN(lanes)

// Stores as many lanes as there are channels left; where all fit into one vector, the lanes past
// them too, which the row that is stored next overwrites.
INLINE void FN(store_some)(REAL *p, vr v, int channels, int first) {
  if (channels <= N) {
    FN(store)(p, v);
    return;
  }
  for (int k = 0; k < N && first + k < channels; ++k) p[k] = v[k];
}

// g_n y_lm of a block, where [lm][n] is `flat`.
INLINE vr FN(product)(const REAL *row, int channels, int total, int flat) {
  int place = flat < total ? flat : total - 1;
  return FN(load)(row + (place % channels) * N)
    * FN(load)(row + (2 * channels + place / channels) * N);
}

// A_nlm = N_lm sum_j g_n y_lm, [lm][n].
INLINE void FN(expand)(
  int channels, int harmonics, const REAL *norms, const REAL *rows, long stride, int blocks,
  REAL *a) {
  int total = channels * harmonics;
  if (blocks == 0) {
    for (int k = 0; k < total; ++k) a[k] = 0;
    return;
  }
#pragma unroll
  for (int first = 0; first < total; first += N) {
    vr lanes[N];
    // The first block's products are no sums yet.
#pragma unroll
    for (int k = 0; k < N; ++k) lanes[k] = FN(product)(rows, channels, total, first + k);
    for (int block = 1; block < blocks; ++block) {
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
      vr inverse = FN(inverse_of_one_to_two)(FN(all)(1) + e);
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
#pragma unroll
  for (int first = 0; first < inputs; first += N) {
    vr lanes[N];
#pragma unroll
    for (int k = 0; k < N; ++k) {
      lanes[k] = FN(all)(0);
      if (first + k >= inputs) continue;
      const REAL *row = w0 + (long)(first + k) * neurons;
      for (int v = 0; v < neurons; v += N)
        lanes[k] = FMA(FN(load)(row + v), FN(load)(steepness + v), lanes[k]);
    }
    FN(store)(slopes + first, FN(sums)(lanes));
  }
  return FN(sum)(energy);
}

// The neighbours of a centre: `near` that the angular part sees, then those that only the radial
// part does, `count` together, padded to whole blocks with what lies beyond every range. The
// distances of the first `tight` are known in double precision.
typedef struct {
  const REAL *x, *y, *z;
  const uint32_t *entries;
  int near, count, tight;
  const double *distances;
} FN(neighbourhood);

// What is kept of a block of neighbours: the radial g_n' and 1/r, and before them in near ones the
// angular part's g_n, g_n', y_lm. The forces on the block take the first three rows in the end.
INLINE long FN(far_row)(shape s) { return (long)(s.nr + 1 > 3 ? s.nr + 1 : 3) * N; }
INLINE long FN(near_row)(shape s) { return (long)(2 * s.na + s.l * (s.l + 2)) * N + FN(far_row)(s); }

// Numbers of memory for one centre and so many neighbours in whole blocks.
INLINE long FN(memory)(shape s, long neighbours) {
  long lm = s.l * (s.l + 2);
  return 2 * with_room(lm * s.na) + 2 * with_room(s.descriptors) + lm * N
    + (neighbours / N + 2) * FN(near_row)(s);
}

// Where the parts of a centre's memory begin.
typedef struct {
  REAL *a, *a_slopes;  // [lm][n]
  REAL *q, *q_slopes;
  REAL *weights;       // [lm][N]
  REAL *rows;          // near ones, then far ones
  long near_stride, far_stride;
  int near_blocks, blocks;
} FN(centre_memory);

INLINE FN(centre_memory) FN(divide)(shape s, const FN(neighbourhood) *h, REAL *memory) {
  int lm = s.l * (s.l + 2);
  FN(centre_memory) m;
  m.a = memory;
  m.a_slopes = m.a + with_room(lm * s.na);
  m.q = m.a_slopes + with_room(lm * s.na);
  m.q_slopes = m.q + with_room(s.descriptors);
  m.weights = m.q_slopes + with_room(s.descriptors);
  m.rows = m.weights + lm * N;
  m.near_stride = FN(near_row)(s);
  m.far_stride = FN(far_row)(s);
  m.near_blocks = (h->near + N - 1) / N;
  m.blocks = (h->count + N - 1) / N;
  return m;
}

// A block's row; what near blocks keep before what every block does.
INLINE REAL *FN(row_of)(const FN(centre_memory) *m, int block) {
  int near = block < m->near_blocks ? block : m->near_blocks;
  return m->rows + near * m->near_stride + (block - near) * m->far_stride;
}

// Whether some lane is above a number, or no number.
INLINE int FN(any_above)(vr v, REAL limit) {
#if IS_DOUBLE
  int found = 0;
  for (int k = 0; k < N; ++k) found |= !(v[k] < limit);
  return found;
#else
  return less(v, all_single(limit)) != (1u << W) - 1;
#endif
}

#if !IS_DOUBLE
// x = 2 (1 - r/r_c)^2 - 1 of a block, rounded once, in place of one that comes of a rounded r.
INLINE vf sharpened(
  vf x, const neighbourhood_single *h, int first, const double *inverse, int wide) {
  vh halves[2] = {LOWER(x), UPPER(x)};
#pragma unroll
  for (int side = 0; side < 2; ++side) {
    int place = first + side * HALF;
    if (place >= h->tight) continue;
    vd c = lookup_double(inverse, slots_double(h->entries + place), wide);
    vd t = FMA(-load_double(h->distances + place), c, all_double(1));
    t = __builtin_elementwise_max(t, all_double(0));
    halves[side] = __builtin_convertvector(FMA(t + t, t, all_double(-1)), vh);
  }
  return BOTH(halves[0], halves[1]);
}
#endif

// Gives the energy of a centre, and leaves its slopes along the vectors to its neighbours in the
// first rows of each block; tells in `large` whether one is above LARGE.
INLINE double FN(evaluate)(
  shape s, const ik_nep_model *model, int own, const FN(neighbourhood) *h,
  const FN(centre_memory) *m, float *hidden, int *large) {
  const FN(ik_tables) *tables = &model->FN(tables);
  int wide = model->species > 8;
  const REAL *inverse = tables->inverse_cutoffs + own * 2 * IK_LANES;
#if !IS_DOUBLE
  const double *fine_inverse = model->tables_double.inverse_cutoffs + own * 2 * IK_LANES;
#endif
  int lm = s.l * (s.l + 2);
  long common = (long)(2 * s.na + lm) * N;

  // Distances first: in a loop of their own they do not wait for each other.
  for (int block = 0; block < m->blocks; ++block) {
    vr x = FN(load)(h->x + block * N), y = FN(load)(h->y + block * N), z = FN(load)(h->z + block * N);
    REAL *row = FN(row_of)(m, block) + (block < m->near_blocks ? common : 0);
    FN(store)(row + s.nr * N, FN(inverse_root)(FMA(x, x, FMA(y, y, z * z))));
  }

  // Descriptors.
  vr radial[IK_MOST_FUNCTIONS];
#pragma unroll
  for (int n = 0; n < s.nr; ++n) radial[n] = FN(all)(0);
  const REAL *radial_table = tables->radial + (long)own * s.nr * s.kr * IK_LANES;
  const REAL *angular_table = tables->angular + (long)own * s.na * s.ka * IK_LANES;
  for (int block = 0; block < m->blocks; ++block) {
    vr x = FN(load)(h->x + block * N), y = FN(load)(h->y + block * N), z = FN(load)(h->z + block * N);
    FN(whole) slot = FN(slots)(h->entries + block * N);
    int is_near = block < m->near_blocks;
    REAL *row = FN(row_of)(m, block), *radial_slopes = row + (is_near ? common : 0);
    vr u = FN(load)(radial_slopes + s.nr * N), r = FMA(x, x, FMA(y, y, z * z)) * u;
    REAL values[IK_MOST_FUNCTIONS * N] __attribute__((aligned(64)));
    FN(radial_point) point = FN(cutoff_function)(r, FN(lookup)(inverse, slot, wide));
#if !IS_DOUBLE
    if (block * N < h->tight) point.x = sharpened(point.x, h, block * N, fine_inverse, wide);
#endif
    FN(radial_functions)(
      radial_table, s.nr, s.kr, slot, wide, point, values, radial_slopes);
#pragma unroll
    for (int n = 0; n < s.nr; ++n) radial[n] += FN(load)(values + n * N);
    if (!is_near) continue;
    point = FN(cutoff_function)(r, FN(lookup)(inverse + IK_LANES, slot, wide));
#if !IS_DOUBLE
    if (block * N < h->tight)
      point.x = sharpened(point.x, h, block * N, fine_inverse + IK_LANES, wide);
#endif
    FN(radial_functions)(
      angular_table, s.na, s.ka, slot, wide, point, row, row + s.na * N);
    FN(harmonics)(s.l, x * u, y * u, z * u, row + 2 * s.na * N);
  }
#pragma unroll
  for (int first = 0; first < s.nr; first += N) {
    vr lanes[N];
#pragma unroll
    for (int k = 0; k < N; ++k) lanes[k] = first + k < s.nr ? radial[first + k] : FN(all)(0);
    FN(store)(m->q + first, FN(sums)(lanes));
  }
  FN(expand)(s.na, lm, tables->norms, m->rows, m->near_stride, m->near_blocks, m->a);
  FN(invariants)(s, tables->norms, m->a, m->q + s.nr, 0, 0);

  // Energy.
  int padded = (s.descriptors + IK_LANES - 1) / IK_LANES * IK_LANES;
  const REAL *network = tables->network + (long)own * (padded + 2) * s.neurons;
  double energy = (double)FN(network)(s.descriptors, s.neurons, network, m->q, m->q_slopes, hidden)
    - model->bias;
  FN(invariants)(s, tables->norms, m->a, m->q, m->q_slopes + s.nr, m->a_slopes);

  // Slopes.
  vr most = FN(all)(0);
  for (int block = 0; block < m->blocks; ++block) {
    int is_near = block < m->near_blocks;
    REAL *row = FN(row_of)(m, block);
    const REAL *radial_slopes = row + (is_near ? common : 0);
    vr u = FN(load)(radial_slopes + s.nr * N);
    vr ux = FN(load)(h->x + block * N) * u, uy = FN(load)(h->y + block * N) * u;
    vr uz = FN(load)(h->z + block * N) * u;
    vr along = FN(all)(0);
#pragma unroll
    for (int n = 0; n < s.nr; ++n)
      along = FMA(FN(all)(m->q_slopes[n]), FN(load)(radial_slopes + n * N), along);
    vr fx = along * ux, fy = along * uy, fz = along * uz;
    if (is_near) {
      const REAL *y_rows = row + 2 * s.na * N;
      // sum_lm dU/dA_nlm y_lm, which g_n' turns into the slope along r.
      vr projected[IK_MOST_FUNCTIONS];
#pragma unroll
      for (int n = 0; n < s.na; ++n) projected[n] = FN(all)(0);
#pragma unroll
      for (int k = 0; k < lm; ++k) {
        vr value = FN(all)(0), y = FN(load)(y_rows + k * N);
#pragma unroll
        for (int n = 0; n < s.na; ++n) {
          vr d = FN(all)(m->a_slopes[k * s.na + n]);
          value = FMA(d, FN(load)(row + n * N), value);
          projected[n] = FMA(d, y, projected[n]);
        }
        FN(store)(m->weights + k * N, value);
      }
      vr angular_along = FN(all)(0);
#pragma unroll
      for (int n = 0; n < s.na; ++n)
        angular_along = FMA(projected[n], FN(load)(row + (s.na + n) * N), angular_along);
      vr free[3];
      FN(harmonic_gradient)(s.l, ux, uy, uz, m->weights, free);
      vr parallel = FMA(free[0], ux, FMA(free[1], uy, free[2] * uz));
      vr radial_part = along + angular_along - parallel * u;
      fx = FMA(radial_part, ux, free[0] * u);
      fy = FMA(radial_part, uy, free[1] * u);
      fz = FMA(radial_part, uz, free[2] * u);
    }
    most = __builtin_elementwise_max(most, FMA(fx, fx, FMA(fy, fy, fz * fz)));
    FN(store)(row, fx);
    FN(store)(row + N, fy);
    FN(store)(row + 2 * N, fz);
  }
  *large = FN(any_above)(most, (REAL)LARGE * (REAL)LARGE);
  return energy;
}

// Takes the slopes that `evaluate` left off the neighbours' forces and adds them to the centre's own.
INLINE void FN(spread)(
  const FN(neighbourhood) *h, const FN(centre_memory) *m, double *forces, double *mine,
  vr virial[6]) {
  vd total_x = (vd)0.0, total_y = (vd)0.0, total_z = (vd)0.0;
  for (int block = 0; block < m->blocks; ++block) {
    const REAL *row = FN(row_of)(m, block);
    vr fx = FN(load)(row), fy = FN(load)(row + N), fz = FN(load)(row + 2 * N);
    vr x = FN(load)(h->x + block * N), y = FN(load)(h->y + block * N), z = FN(load)(h->z + block * N);
    virial[0] = FMA(fx, x, virial[0]);
    virial[1] = FMA(fy, y, virial[1]);
    virial[2] = FMA(fz, z, virial[2]);
    virial[3] = FMA(fy, z, virial[3]);
    virial[4] = FMA(fx, z, virial[4]);
    virial[5] = FMA(fx, y, virial[5]);
#if IS_DOUBLE
    vd xs[1] = {rounded(fx)}, ys[1] = {rounded(fy)}, zs[1] = {rounded(fz)};
#else
    vd xs[2] = {rounded(doubles(LOWER(fx))), rounded(doubles(UPPER(fx)))};
    vd ys[2] = {rounded(doubles(LOWER(fy))), rounded(doubles(UPPER(fy)))};
    vd zs[2] = {rounded(doubles(LOWER(fz))), rounded(doubles(UPPER(fz)))};
#endif
#pragma unroll
    for (int side = 0; side < (IS_DOUBLE ? 1 : 2); ++side) {
      int first = block * N + side * (W / 2);
      total_x += xs[side];
      total_y += ys[side];
      total_z += zs[side];
      scatter(forces, h->entries + first, h->count - first, xs[side], ys[side], zs[side]);
    }
  }
  mine[0] += sum_double(total_x);
  mine[1] += sum_double(total_y);
  mine[2] += sum_double(total_z);
}

#undef vr
