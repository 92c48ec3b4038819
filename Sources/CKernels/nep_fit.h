// What fitting a neuroevolution potential needs of one frame: energies, forces and virial, and the
// slopes of a loss along all parameters, eight neighbours at a time in single precision.
//
// A loss L(E, F, X) of energy, forces and X = sum p r (p_ij = dU_i/dr_ij) has the slopes
//
//   dL = e dE + sum_ij p_ij . v_ij,   v_ij = G_i - G_j + H r_ij,   G = dL/dF, H = dL/dX,
//
// so that along the parameters it is the slope of sum_i e U_i + U_i', U' being the derivative of U
// as every r_ij moves with velocity v_ij. Velocities are carried through the descriptor beside
// values (names with `_dot`), and one backward pass over both gives the slopes. The functions are
//   g_n = f_c sum_k c_nk T_k(x),
// that is, with factors of T_k and not of (T_k + 1)/2; the file's follow from them.

// Eight lanes are two vectors where there are no wider ones; all functions of them are inlined.
#pragma clang diagnostic ignored "-Wpsabi"

#undef N
#undef COUNT
#undef IS_DOUBLE
#undef REAL
#undef FN
#define N 8
#define COUNT 8
#define IS_DOUBLE 0
#define REAL float
#define FN(name) name##_fit
#include "numbers.h"
#include "nep_harmonics.h"

#define v8 lanes_fit

// f_k and f_k' of eight neighbours.
INLINE void fit_basis(v8 r, float inverse, int count, float *values, float *slopes) {
  v8 t = __builtin_elementwise_max(FMA(-r, all_fit(inverse), all_fit(1)), all_fit(0)), s, c;
  quarter_turn_fit(t, &s, &c);
  v8 envelope = s * s, envelope_slope = all_fit(-(float)M_PI * inverse) * s * c;
  v8 x = FMA(t + t, t, all_fit(-1)), x2 = x + x;
  v8 inner = envelope * (all_fit(-4 * inverse) * t);
  v8 t0 = all_fit(1), t1 = x, u0 = all_fit(0), u1 = all_fit(1);  // T_k; U_{k-1}
  store_fit(values, envelope);
  store_fit(slopes, envelope_slope);
  for (int k = 1; k < count; ++k) {
    store_fit(values + 8 * k, t1 * envelope);
    store_fit(slopes + 8 * k, FMA(all_fit((float)k) * u1, inner, t1 * envelope_slope));
    v8 t2 = FMA(x2, t1, -t0), u2 = FMA(x2, u1, -u0);
    t0 = t1;
    t1 = t2;
    u0 = u1;
    u1 = u2;
  }
}

// y_lm and their derivatives as the unit vector x, y, z moves with dx, dy, dz.
INLINE void fit_moving_harmonics(
  int top, v8 x, v8 y, v8 z, v8 dx, v8 dy, v8 dz, float *values, float *dots) {
  harmonic_parts_fit h;
  fill_parts_fit(&h, top, x, y, z);
#pragma unroll
  for (int l = 1; l <= top; ++l) {
    store_fit(values + (l - 1) * 8, h.legendre[0][l]);
    store_fit(dots + (l - 1) * 8, h.legendre[1][l] * dz);
  }
  int next = top;
#pragma unroll
  for (int m = 1; m <= top; ++m) {
    v8 factor = all_fit((float)m);
    v8 da = factor * (h.a[m - 1] * dx - h.b[m - 1] * dy);
    v8 db = factor * (h.a[m - 1] * dy + h.b[m - 1] * dx);
    v8 az = h.a[m] * dz, bz = h.b[m] * dz;
#pragma unroll
    for (int l = m; l <= top; ++l) {
      int c = (next + l - m) * 8, s = (next + l + top + 1 - 2 * m) * 8;
      v8 p = h.legendre[m][l];
      store_fit(values + c, p * h.a[m]);
      store_fit(values + s, p * h.b[m]);
      // dPi_lm/dz = Pi_{l,m+1}, zero for l = m.
      store_fit(dots + c, l > m ? FMA(h.legendre[m + 1][l], az, p * da) : p * da);
      store_fit(dots + s, l > m ? FMA(h.legendre[m + 1][l], bz, p * db) : p * db);
    }
    next += 2 * (top + 1 - m);
  }
}

INLINE int fit_padded(int count) { return (count + 7) / 8 * 8; }

// What a frame's atoms keep from the forward to the backward pass, in numbers.
typedef struct {
  int lm, flat, inputs;                  // harmonics; lm x n, and descriptors, padded
  long a, q, hidden, slopes, per_atom;   // where they begin
  long near_row, rows;
} fit_layout;

static fit_layout fit_layout_of(const ik_fit_model *m) {
  fit_layout l;
  l.lm = m->maximum_l * (m->maximum_l + 2);
  l.flat = fit_padded(l.lm * m->angular_count);
  l.inputs = fit_padded(m->descriptors);
  l.a = 0;
  l.q = l.a + l.flat;
  l.hidden = l.q + l.inputs;
  l.slopes = l.hidden + m->neurons;
  l.per_atom = l.slopes + l.inputs;
  l.near_row = 8 * (2 * (long)m->angular_basis + 2 * m->angular_count + 2 * l.lm);
  l.rows = 0;
  return l;
}

INLINE const float *fit_pair(
  const ik_fit_model *m, const float *parameters, long offset, int functions, int basis, int i,
  int j) {
  return parameters + offset + (long)(i * m->species + j) * functions * basis;
}

// Whole sums of lanes, eight at a time.
typedef struct {
  v8 lanes[8];
  int count;
  float *to;
} fit_sums;

INLINE void fit_flush(fit_sums *s) {
  if (!s->count) return;
  for (int k = s->count; k < 8; ++k) s->lanes[k] = all_fit(0);
  float buffer[8];
  store_fit(buffer, sums_fit(s->lanes));
  for (int k = 0; k < s->count; ++k) s->to[k] += buffer[k];
  s->to += s->count;
  s->count = 0;
}

// Adds the sum of the lanes to the next number.
INLINE void fit_add(fit_sums *s, v8 v) {
  s->lanes[s->count++] = v;
  if (s->count == 8) {
    store_fit(s->to, load_fit(s->to) + sums_fit(s->lanes));
    s->to += 8;
    s->count = 0;
  }
}

// a[lm][n] += norm sum over blocks of g_n y_lm; with `second`, of g_n y_lm' + g_n' y_lm.
INLINE void fit_expand(
  int channels, int lm, const float *norms, const float *g, const float *g_dot, const float *y,
  const float *y_dot, long stride, int blocks, int second, float *a) {
  fit_sums s = {.count = 0, .to = a};
  for (int k = 0; k < lm; ++k) {
    v8 norm = all_fit(norms[k]);
    for (int n = 0; n < channels; ++n) {
      v8 sum = all_fit(0);
      for (int b = 0; b < blocks; ++b) {
        long at = b * stride;
        v8 gn = load_fit(g + at + 8 * n);
        if (second) {
          sum = FMA(gn, load_fit(y_dot + at + 8 * k), sum);
          sum = FMA(load_fit(g_dot + at + 8 * n), load_fit(y + at + 8 * k), sum);
        } else {
          sum = FMA(gn, load_fit(y + at + 8 * k), sum);
        }
      }
      fit_add(&s, sum * norm);
    }
  }
  fit_flush(&s);
}

// Places of the harmonics that the four- and five-body terms need: those of AngularInvariants.
#define FIT_L1(top) int x0 = 0, x1 = top, x2 = 2 * top
#define FIT_L2(top) int i0 = 1, c1 = top + 1, s1 = 2 * top + 1, c2 = 3 * top, s2 = 4 * top - 1
#define AT(p, k) p[(k) * channels + n]

// The degree of each harmonic in the order of RealHarmonics.
INLINE void fit_degrees(int top, int degrees[MOST_L * (MOST_L + 2)]) {
  int place = 0;
  for (int m = 0; m <= top; ++m)
    for (int side = 0; side < (m == 0 ? 1 : 2); ++side)
      for (int l = (m == 0 ? 1 : m); l <= top; ++l) degrees[place++] = l;
}

// q of A, and their derivatives with `dot`.
INLINE void fit_invariants(
  shape s, const int *degrees, int lm, const float *restrict a,
  const float *restrict dot, float *restrict q, float *restrict q_dot) {
  int top = s.l, channels = s.na;
  for (int d = 0; d < top * channels; ++d) q[d] = 0;
  if (dot)
    for (int d = 0; d < top * channels; ++d) q_dot[d] = 0;
  for (int k = 0; k < lm; ++k) {
    float *to = q + (degrees[k] - 1) * channels;
    for (int n = 0; n < channels; ++n) to[n] += AT(a, k) * AT(a, k);
    if (!dot) continue;
    float *to_dot = q_dot + (degrees[k] - 1) * channels;
    for (int n = 0; n < channels; ++n) to_dot[n] += 2 * AT(a, k) * AT(dot, k);
  }
  int next = top * channels;
  if (s.four) {
    FIT_L2(top);
    for (int n = 0; n < channels; ++n) {
      float t = AT(a, i0) * (float)INVERSE_ROOT3;
      float C1 = AT(a, c1), S1 = AT(a, s1), C2 = AT(a, c2), S2 = AT(a, s2);
      float d = 2 * t * (t * t - C2 * C2 - S2 * S2) + 2 * S2 * C1 * S1 - (C2 - t) * S1 * S1
        + (C2 + t) * C1 * C1;
      q[next + n] = (float)FOUR_BODY * d;
      if (!dot) continue;
      float dt = 6 * t * t - 2 * (C2 * C2 + S2 * S2) + S1 * S1 + C1 * C1;
      float sum = dt * (float)INVERSE_ROOT3 * AT(dot, i0)
        + 2 * (S2 * S1 + (C2 + t) * C1) * AT(dot, c1) + 2 * (S2 * C1 - (C2 - t) * S1) * AT(dot, s1)
        + (C1 * C1 - S1 * S1 - 4 * t * C2) * AT(dot, c2) + (2 * C1 * S1 - 4 * t * S2) * AT(dot, s2);
      q_dot[next + n] = (float)FOUR_BODY * sum;
    }
    next += channels;
  }
  if (s.five)
    for (int n = 0; n < channels; ++n) {
      q[next + n] = (float)FIVE_BODY * q[n] * q[n];
      if (dot) q_dot[next + n] = (float)(2 * FIVE_BODY) * q[n] * q_dot[n];
    }
}

// The slopes of sum_d w_d q_d along A; with `dot`, of sum_d w_d q_d + w'_d q_d', with those along A'
// in `slopes_dot`. Both times the norms, so that they are slopes along the plain sums of g y.
INLINE void fit_invariant_slopes(
  shape s, const int *degrees, int lm, const float *restrict a,
  const float *restrict dot, const float *restrict q, const float *restrict q_dot,
  const float *norms, const float *restrict w, const float *restrict w_dot, float *restrict slopes,
  float *restrict slopes_dot) {
  int top = s.l, channels = s.na;
  for (int k = 0; k < lm; ++k) {
    const float *wl = w + (degrees[k] - 1) * channels;
    for (int n = 0; n < channels; ++n) AT(slopes, k) = 2 * wl[n] * AT(a, k);
    if (!dot) continue;
    const float *sl = w_dot + (degrees[k] - 1) * channels;
    for (int n = 0; n < channels; ++n) {
      AT(slopes, k) += 2 * sl[n] * AT(dot, k);
      AT(slopes_dot, k) = 2 * sl[n] * AT(a, k);
    }
  }
  int next = top * channels;
  if (s.four) {
    FIT_L2(top);
    for (int n = 0; n < channels; ++n) {
      float t = AT(a, i0) * (float)INVERSE_ROOT3;
      float C1 = AT(a, c1), S1 = AT(a, s1), C2 = AT(a, c2), S2 = AT(a, s2);
      float v[5] = {
        (6 * t * t - 2 * (C2 * C2 + S2 * S2) + S1 * S1 + C1 * C1) * (float)INVERSE_ROOT3,
        2 * (S2 * S1 + (C2 + t) * C1), 2 * (S2 * C1 - (C2 - t) * S1),
        C1 * C1 - S1 * S1 - 4 * t * C2, 2 * C1 * S1 - 4 * t * S2};
      float weight = (float)FOUR_BODY * w[next + n];
      AT(slopes, i0) += weight * v[0];
      AT(slopes, c1) += weight * v[1];
      AT(slopes, s1) += weight * v[2];
      AT(slopes, c2) += weight * v[3];
      AT(slopes, s2) += weight * v[4];
      if (!dot) continue;
      float side = (float)FOUR_BODY * w_dot[next + n];
      AT(slopes_dot, i0) += side * v[0];
      AT(slopes_dot, c1) += side * v[1];
      AT(slopes_dot, s1) += side * v[2];
      AT(slopes_dot, c2) += side * v[3];
      AT(slopes_dot, s2) += side * v[4];
      float u = AT(dot, i0) * (float)INVERSE_ROOT3;
      float D1 = AT(dot, c1), R1 = AT(dot, s1), D2 = AT(dot, c2), R2 = AT(dot, s2);
      AT(slopes, i0) += side * (float)INVERSE_ROOT3
        * (12 * t * u - 4 * (C2 * D2 + S2 * R2) + 2 * (S1 * R1 + C1 * D1));
      AT(slopes, c1) += 2 * side * (R2 * S1 + S2 * R1 + (D2 + u) * C1 + (C2 + t) * D1);
      AT(slopes, s1) += 2 * side * (R2 * C1 + S2 * D1 - (D2 - u) * S1 - (C2 - t) * R1);
      AT(slopes, c2) += 2 * side * (C1 * D1 - S1 * R1 - 2 * (u * C2 + t * D2));
      AT(slopes, s2) += 2 * side * (D1 * S1 + C1 * R1 - 2 * (u * S2 + t * R2));
    }
    next += channels;
  }
  if (s.five) {
    FIT_L1(top);
    for (int n = 0; n < channels; ++n) {
      float five = (float)(4 * FIVE_BODY);
      float first = five * w[next + n] * q[n];
      if (dot) first += five * w_dot[next + n] * q_dot[n];
      AT(slopes, x0) += first * AT(a, x0);
      AT(slopes, x1) += first * AT(a, x1);
      AT(slopes, x2) += first * AT(a, x2);
      if (!dot) continue;
      float second = five * w_dot[next + n] * q[n];
      AT(slopes, x0) += second * AT(dot, x0);
      AT(slopes, x1) += second * AT(dot, x1);
      AT(slopes, x2) += second * AT(dot, x2);
      AT(slopes_dot, x0) += second * AT(a, x0);
      AT(slopes_dot, x1) += second * AT(a, x1);
      AT(slopes_dot, x2) += second * AT(a, x2);
    }
  }
  for (int k = 0; k < lm; ++k)
    for (int n = 0; n < channels; ++n) {
      AT(slopes, k) *= norms[k];
      if (dot) AT(slopes_dot, k) *= norms[k];
    }
}
#undef AT

// z_mu += sum_d w0_dmu q_d for a row of neurons per input.
INLINE void fit_rows(int inputs, int neurons, const float *w0, const float *q, float *z) {
  for (int first = 0; first < neurons; first += 32) {
    int width = neurons - first < 32 ? neurons - first : 32;
    if (width == 32) {
      v8 z0 = load_fit(z + first), z1 = load_fit(z + first + 8), z2 = load_fit(z + first + 16),
         z3 = load_fit(z + first + 24);
      const float *row = w0 + first;
      for (int d = 0; d < inputs; ++d, row += neurons) {
        v8 x = all_fit(q[d]);
        z0 = FMA(x, load_fit(row), z0);
        z1 = FMA(x, load_fit(row + 8), z1);
        z2 = FMA(x, load_fit(row + 16), z2);
        z3 = FMA(x, load_fit(row + 24), z3);
      }
      store_fit(z + first, z0);
      store_fit(z + first + 8, z1);
      store_fit(z + first + 16, z2);
      store_fit(z + first + 24, z3);
    } else {
      for (int v = 0; v < width; v += 8) {
        v8 even = load_fit(z + first + v), odd = all_fit(0);
        const float *row = w0 + first + v;
        int d = 0;
        for (; d + 1 < inputs; d += 2, row += 2 * neurons) {
          even = FMA(all_fit(q[d]), load_fit(row), even);
          odd = FMA(all_fit(q[d + 1]), load_fit(row + neurons), odd);
        }
        if (d < inputs) even = FMA(all_fit(q[d]), load_fit(row), even);
        store_fit(z + first + v, even + odd);
      }
    }
  }
}

// to_d = sum_mu w0_dmu x_mu.
INLINE void fit_columns(int inputs, int neurons, const float *w0, const float *x, float *to) {
  for (int first = 0; first < inputs; first += 8) {
    v8 lanes[8];
    for (int k = 0; k < 8; ++k) {
      v8 sum = all_fit(0);
      if (first + k < inputs) {
        const float *row = w0 + (long)(first + k) * neurons;
        for (int v = 0; v < neurons; v += 8)
          sum = FMA(load_fit(row + v), load_fit(x + v), sum);
      }
      lanes[k] = sum;
    }
    store_fit(to + first, sums_fit(lanes));
  }
}

INLINE v8 fit_tanh(v8 z) {
  v8 e = exp_negative_fit(all_fit(-2) * __builtin_elementwise_abs(z));
  return __builtin_elementwise_copysign((all_fit(1) - e) / (all_fit(1) + e), z);
}

// Where the parts of a row of a near neighbours' block begin.
typedef struct {
  long f, f_dot, g, g_dot, y, y_dot;
} fit_row;

INLINE fit_row fit_row_of(const ik_fit_model *m, int lm) {
  long ka = 8l * m->angular_basis, na = 8l * m->angular_count;
  return (fit_row){0, ka, 2 * ka, 2 * ka + na, 2 * (ka + na), 2 * (ka + na) + 8l * lm};
}

// g_n = sum_k c_nk f_k.
INLINE void fit_contract(int functions, int basis, const float *c, const float *f, float *g) {
  for (int n = 0; n < functions; ++n) {
    v8 even = all_fit(0), odd = all_fit(0);
    int k = 0;
    for (; k + 1 < basis; k += 2) {
      even = FMA(all_fit(c[n * basis + k]), load_fit(f + 8 * k), even);
      odd = FMA(all_fit(c[n * basis + k + 1]), load_fit(f + 8 * k + 8), odd);
    }
    if (k < basis) even = FMA(all_fit(c[n * basis + k]), load_fit(f + 8 * k), even);
    store_fit(g + 8 * n, even + odd);
  }
}

// The most species, basis functions and neurons that buffers on the stack are made for.
enum { FIT_NEURONS = 256, FIT_INPUTS = 320, FIT_FLAT = MOST_L * (MOST_L + 2) * IK_MOST_FUNCTIONS };

typedef struct {
  const ik_fit_model *m;
  const float *parameters;
  const ik_fit_frame *frame;
  float *memory;
  fit_layout layout;
  fit_row row;
  int degrees[MOST_L * (MOST_L + 2)];
} fit_pass;

static fit_pass fit_pass_of(
  const ik_fit_model *m, const float *parameters, const ik_fit_frame *frame, float *memory) {
  fit_pass p;
  p.m = m;
  p.parameters = parameters;
  p.frame = frame;
  p.memory = memory;
  p.layout = fit_layout_of(m);
  p.row = fit_row_of(m, p.layout.lm);
  fit_degrees(m->maximum_l, p.degrees);
  return p;
}

// Descriptor and energy of an atom, its slopes spread over the forces.
INLINE float fit_forward_atom(shape s, const fit_pass *p, int i, float *forces, double virial[6]) {
  const ik_fit_model *m = p->m;
  const fit_layout *l = &p->layout;
  int own = p->frame->species[i], top = s.l, lm = top * (top + 2);
  float *atom = p->memory + i * l->per_atom, *rows = p->memory + p->frame->atoms * l->per_atom;
  float *a = atom + l->a, *q = atom + l->q, *hidden = atom + l->hidden, *fp = atom + l->slopes;
  int from = p->frame->first_block[i], to = p->frame->first_block[i + 1];
  const float *inverse = m->inverse_cutoffs + 2 * own * m->species;

  float radial[8 * IK_MOST_POLYNOMIALS], radial_slopes[8 * IK_MOST_POLYNOMIALS];
  float sums[IK_MOST_POLYNOMIALS + 8];
  v8 group[IK_MOST_POLYNOMIALS];
  memset(q, 0, sizeof(float) * (unsigned long)l->inputs);
  int near = 0;
  for (int b = from; b < to; ++b) {
    const ik_fit_block *block = p->frame->blocks + b;
    int other = block->species;
    v8 x = load_fit(block->x), y = load_fit(block->y), z = load_fit(block->z);
    v8 r = __builtin_elementwise_sqrt(FMA(x, x, FMA(y, y, z * z)));
    if (b == from || p->frame->blocks[b - 1].species != other)
      for (int k = 0; k < s.kr; ++k) group[k] = all_fit(0);
    fit_basis(r, inverse[2 * other], s.kr, radial, radial_slopes);
    for (int k = 0; k < s.kr; ++k) group[k] += load_fit(radial + 8 * k);
    if (b + 1 == to || p->frame->blocks[b + 1].species != other) {
      memset(sums, 0, sizeof sums);
      fit_sums whole = {.count = 0, .to = sums};
      for (int k = 0; k < s.kr; ++k) fit_add(&whole, group[k]);
      fit_flush(&whole);
      const float *c =
        fit_pair(m, p->parameters, m->radial_offset, s.nr, s.kr, own, other);
      for (int n = 0; n < s.nr; ++n) {
        float sum = 0;
        for (int k = 0; k < s.kr; ++k) sum += c[n * s.kr + k] * sums[k];
        q[n] += sum;
      }
    }
    if (!block->near) continue;
    float *row = rows + near++ * l->near_row;
    fit_basis(r, inverse[2 * other + 1], s.ka, row + p->row.f, row + p->row.f_dot);
    const float *c =
      fit_pair(m, p->parameters, m->angular_offset, s.na, s.ka, own, other);
    fit_contract(s.na, s.ka, c, row + p->row.f, row + p->row.g);
    fit_contract(s.na, s.ka, c, row + p->row.f_dot, row + p->row.g_dot);
    v8 u = all_fit(1) / r;
    harmonics_fit(top, x * u, y * u, z * u, row + p->row.y);
  }
  memset(a, 0, sizeof(float) * (unsigned long)l->flat);
  fit_expand(
    s.na, lm, m->norms, rows + p->row.g, 0, rows + p->row.y, 0, l->near_row, near, 0, a);
  fit_invariants(s, p->degrees, lm, a, 0, q + s.nr, 0);

  // Energy; Fp = dU/dq.
  const float *w0 = p->parameters + own * m->network_stride;
  const float *b0 = w0 + (long)s.descriptors * s.neurons, *w1 = b0 + s.neurons;
  float scaled[FIT_INPUTS], steepness[FIT_NEURONS];
  for (int d = 0; d < s.descriptors; ++d) scaled[d] = q[d] * m->scale[d];
  for (int k = 0; k < s.neurons; ++k) hidden[k] = -b0[k];
  fit_rows(s.descriptors, s.neurons, w0, scaled, hidden);
  v8 energy = all_fit(0);
  for (int k = 0; k < s.neurons; k += 8) {
    v8 h = fit_tanh(load_fit(hidden + k)), w = load_fit(w1 + k);
    store_fit(hidden + k, h);
    energy = FMA(w, h, energy);
    store_fit(steepness + k, w * (all_fit(1) - h * h));
  }
  fit_columns(s.descriptors, s.neurons, w0, steepness, fp);
  for (int d = 0; d < s.descriptors; ++d) fp[d] *= m->scale[d];
  float slopes[FIT_FLAT];
  fit_invariant_slopes(
    s, p->degrees, lm, a, 0, q + s.nr, 0, m->norms, fp + s.nr, 0, slopes, 0);

  // Forces.
  float weights[8 * MOST_L * (MOST_L + 2)];
  v8 mine[3] = {all_fit(0), all_fit(0), all_fit(0)};
  v8 xx = all_fit(0), yy = xx, zz = xx, yz = xx, xz = xx, xy = xx;
  near = 0;
  for (int b = from; b < to; ++b) {
    const ik_fit_block *block = p->frame->blocks + b;
    int other = block->species;
    v8 x = load_fit(block->x), y = load_fit(block->y), z = load_fit(block->z);
    v8 r = __builtin_elementwise_sqrt(FMA(x, x, FMA(y, y, z * z))), u = all_fit(1) / r;
    if (b == from || p->frame->blocks[b - 1].species != other) {
      const float *c =
        fit_pair(m, p->parameters, m->radial_offset, s.nr, s.kr, own, other);
      memset(sums, 0, sizeof sums);
      for (int n = 0; n < s.nr; ++n)
        for (int k = 0; k < s.kr; ++k) sums[k] += fp[n] * c[n * s.kr + k];
    }
    fit_basis(r, inverse[2 * other], s.kr, radial, radial_slopes);
    v8 along = all_fit(0);
    for (int k = 0; k < s.kr; ++k)
      along = FMA(all_fit(sums[k]), load_fit(radial_slopes + 8 * k), along);
    v8 ux = x * u, uy = y * u, uz = z * u;
    v8 fx = along * ux, fy = along * uy, fz = along * uz;
    if (block->near) {
      const float *row = rows + near++ * l->near_row;
      const float *g = row + p->row.g, *g_slope = row + p->row.g_dot, *harmonic = row + p->row.y;
      for (int k = 0; k < lm; ++k) {
        v8 value = all_fit(0), slope = all_fit(0);
        for (int n = 0; n < s.na; ++n) {
          v8 d = all_fit(slopes[k * s.na + n]);
          value = FMA(d, load_fit(g + 8 * n), value);
          slope = FMA(d, load_fit(g_slope + 8 * n), slope);
        }
        store_fit(weights + 8 * k, value);
        along = FMA(slope, load_fit(harmonic + 8 * k), along);
      }
      v8 free[3];
      harmonic_gradient_fit(top, ux, uy, uz, weights, free);
      v8 parallel = FMA(free[0], ux, FMA(free[1], uy, free[2] * uz));
      v8 radial_part = along - parallel * u;
      fx = FMA(radial_part, ux, free[0] * u);
      fy = FMA(radial_part, uy, free[1] * u);
      fz = FMA(radial_part, uz, free[2] * u);
    }
    for (int k = 0; k < 8; ++k) {
      float *there = forces + 3 * block->atom[k];
      there[0] -= fx[k];
      there[1] -= fy[k];
      there[2] -= fz[k];
    }
    mine[0] += fx;
    mine[1] += fy;
    mine[2] += fz;
    xx = FMA(fx, x, xx);
    yy = FMA(fy, y, yy);
    zz = FMA(fz, z, zz);
    yz = FMA(fy, z, FMA(fz, y, yz));
    xz = FMA(fx, z, FMA(fz, x, xz));
    xy = FMA(fx, y, FMA(fy, x, xy));
  }
  for (int k = 0; k < 3; ++k) forces[3 * i + k] += sum_fit(mine[k]);
  virial[0] += (double)sum_fit(xx);
  virial[1] += (double)sum_fit(yy);
  virial[2] += (double)sum_fit(zz);
  virial[3] += (double)sum_fit(yz) / 2;
  virial[4] += (double)sum_fit(xz) / 2;
  virial[5] += (double)sum_fit(xy) / 2;
  return sum_fit(energy) + w1[s.neurons];
}

// Adds the slopes of e U_i + U_i' to the gradient.
INLINE void fit_backward_atom(
  shape s, const fit_pass *p, int i, float e, const float *g_slopes, const float h[6],
  float *gradient) {
  const ik_fit_model *m = p->m;
  const fit_layout *l = &p->layout;
  int own = p->frame->species[i], top = s.l, lm = top * (top + 2);
  float *atom = p->memory + i * l->per_atom, *rows = p->memory + p->frame->atoms * l->per_atom;
  const float *a = atom + l->a, *q = atom + l->q, *hidden = atom + l->hidden;
  const float *fp = atom + l->slopes;
  int from = p->frame->first_block[i], to = p->frame->first_block[i + 1];
  const float *inverse = m->inverse_cutoffs + 2 * own * m->species;

  float radial[8 * IK_MOST_POLYNOMIALS], radial_slopes[8 * IK_MOST_POLYNOMIALS];
  float sums[IK_LANES][2][IK_MOST_POLYNOMIALS + 8];
  v8 group[IK_MOST_POLYNOMIALS], group_dot[IK_MOST_POLYNOMIALS];
  float q_dot[FIT_INPUTS];
  memset(q_dot, 0, sizeof(float) * (unsigned long)l->inputs);
  unsigned seen = 0;
  int near = 0;
  for (int b = from; b < to; ++b) {
    const ik_fit_block *block = p->frame->blocks + b;
    int other = block->species;
    v8 x = load_fit(block->x), y = load_fit(block->y), z = load_fit(block->z);
    v8 r = __builtin_elementwise_sqrt(FMA(x, x, FMA(y, y, z * z))), u = all_fit(1) / r;
    v8 ux = x * u, uy = y * u, uz = z * u;
    float gather[3][8];
    for (int k = 0; k < 8; ++k) {
      const float *there = g_slopes + 3 * block->atom[k];
      gather[0][k] = there[0];
      gather[1][k] = there[1];
      gather[2][k] = there[2];
    }
    v8 vx = all_fit(g_slopes[3 * i]) - load_fit(gather[0]) + all_fit(h[0]) * x
      + all_fit(h[5] / 2) * y + all_fit(h[4] / 2) * z;
    v8 vy = all_fit(g_slopes[3 * i + 1]) - load_fit(gather[1]) + all_fit(h[5] / 2) * x
      + all_fit(h[1]) * y + all_fit(h[3] / 2) * z;
    v8 vz = all_fit(g_slopes[3 * i + 2]) - load_fit(gather[2]) + all_fit(h[4] / 2) * x
      + all_fit(h[3] / 2) * y + all_fit(h[2]) * z;
    v8 r_dot = FMA(ux, vx, FMA(uy, vy, uz * vz));

    if (b == from || p->frame->blocks[b - 1].species != other)
      for (int k = 0; k < s.kr; ++k) group[k] = group_dot[k] = all_fit(0);
    fit_basis(r, inverse[2 * other], s.kr, radial, radial_slopes);
    for (int k = 0; k < s.kr; ++k) {
      group[k] += load_fit(radial + 8 * k);
      group_dot[k] = FMA(r_dot, load_fit(radial_slopes + 8 * k), group_dot[k]);
    }
    if (b + 1 == to || p->frame->blocks[b + 1].species != other) {
      seen |= 1u << other;
      memset(sums[other], 0, sizeof sums[other]);
      for (int side = 0; side < 2; ++side) {
        fit_sums whole = {.count = 0, .to = sums[other][side]};
        for (int k = 0; k < s.kr; ++k)
          fit_add(&whole, side ? group_dot[k] : group[k]);
        fit_flush(&whole);
      }
      const float *c =
        fit_pair(m, p->parameters, m->radial_offset, s.nr, s.kr, own, other);
      for (int n = 0; n < s.nr; ++n) {
        float sum = 0;
        for (int k = 0; k < s.kr; ++k)
          sum += c[n * s.kr + k] * sums[other][1][k];
        q_dot[n] += sum;
      }
    }
    if (!block->near) continue;
    float *row = rows + near++ * l->near_row;
    float *f_dot = row + p->row.f_dot;
    fit_basis(r, inverse[2 * other + 1], s.ka, row + p->row.f, f_dot);
    for (int k = 0; k < s.ka; ++k)
      store_fit(f_dot + 8 * k, load_fit(f_dot + 8 * k) * r_dot);
    const float *c =
      fit_pair(m, p->parameters, m->angular_offset, s.na, s.ka, own, other);
    fit_contract(s.na, s.ka, c, row + p->row.f, row + p->row.g);
    fit_contract(s.na, s.ka, c, f_dot, row + p->row.g_dot);
    fit_moving_harmonics(
      top, ux, uy, uz, (vx - ux * r_dot) * u, (vy - uy * r_dot) * u, (vz - uz * r_dot) * u,
      row + p->row.y, row + p->row.y_dot);
  }
  float a_dot[FIT_FLAT];
  memset(a_dot, 0, sizeof(float) * (unsigned long)l->flat);
  fit_expand(
    s.na, lm, m->norms, rows + p->row.g, rows + p->row.g_dot, rows + p->row.y,
    rows + p->row.y_dot, l->near_row, near, 1, a_dot);
  float unused[FIT_INPUTS];
  fit_invariants(s, p->degrees, lm, a, a_dot, unused, q_dot + s.nr);

  // The network: L = e U + U', U' = sum_mu w1 (1 - h^2) z'.
  const float *w0 = p->parameters + own * m->network_stride;
  const float *w1 = w0 + (long)(s.descriptors + 1) * s.neurons;
  float *to_w0 = gradient + own * m->network_stride;
  float *to_b0 = to_w0 + (long)s.descriptors * s.neurons, *to_w1 = to_b0 + s.neurons;
  float scaled[FIT_INPUTS], scaled_dot[FIT_INPUTS];
  float z_dot[FIT_NEURONS], alpha[FIT_NEURONS], beta[FIT_NEURONS];
  for (int d = 0; d < s.descriptors; ++d) {
    scaled[d] = q[d] * m->scale[d];
    scaled_dot[d] = q_dot[d] * m->scale[d];
  }
  memset(z_dot, 0, sizeof(float) * (unsigned long)s.neurons);
  fit_rows(s.descriptors, s.neurons, w0, scaled_dot, z_dot);
  for (int k = 0; k < s.neurons; k += 8) {
    v8 y = load_fit(hidden + k), w = load_fit(w1 + k), t = all_fit(1) - y * y;
    v8 dot = load_fit(z_dot + k), steep = w * t;
    v8 slope = steep * (all_fit(e) - all_fit(2) * y * dot);
    store_fit(alpha + k, slope);
    store_fit(beta + k, steep);
    store_fit(to_b0 + k, load_fit(to_b0 + k) - slope);
    store_fit(to_w1 + k, load_fit(to_w1 + k) + FMA(all_fit(e), y, t * dot));
  }
  to_w1[s.neurons] += e;
  for (int d = 0; d < s.descriptors; ++d) {
    float *row = to_w0 + (long)d * s.neurons;
    v8 value = all_fit(scaled[d]), dot = all_fit(scaled_dot[d]);
    for (int k = 0; k < s.neurons; k += 8)
      store_fit(
        row + k,
        FMA(value, load_fit(alpha + k), FMA(dot, load_fit(beta + k), load_fit(row + k))));
  }
  // Slopes along q, and along q' (which are dU/dq).
  float along[FIT_INPUTS];
  fit_columns(s.descriptors, s.neurons, w0, alpha, along);
  for (int d = 0; d < s.descriptors; ++d) along[d] *= m->scale[d];
  for (int other = 0; other < m->species; ++other) {
    if (!(seen >> other & 1)) continue;
    float *c = gradient + m->radial_offset
      + (long)(own * m->species + other) * s.nr * s.kr;
    for (int n = 0; n < s.nr; ++n)
      for (int k = 0; k < s.kr; ++k)
        c[n * s.kr + k] += along[n] * sums[other][0][k] + fp[n] * sums[other][1][k];
  }
  if (!near) return;
  float slopes[FIT_FLAT], slopes_dot[FIT_FLAT];
  fit_invariant_slopes(
    s, p->degrees, lm, a, a_dot, q + s.nr, q_dot + s.nr, m->norms, along + s.nr, fp + s.nr, slopes,
    slopes_dot);
  int channels = s.na;
  // g and g' are no longer needed: their slopes take their place.
  for (int b = 0; b < near; ++b) {
    float *row = rows + b * l->near_row;
    const float *y = row + p->row.y, *y_dot = row + p->row.y_dot;
    for (int n = 0; n < channels; ++n) {
      v8 value = all_fit(0), other = all_fit(0), dot = all_fit(0);
      for (int k = 0; k < lm; ++k) {
        v8 d = all_fit(slopes_dot[k * channels + n]), yk = load_fit(y + 8 * k);
        value = FMA(all_fit(slopes[k * channels + n]), yk, value);
        other = FMA(d, load_fit(y_dot + 8 * k), other);
        dot = FMA(d, yk, dot);
      }
      store_fit(row + p->row.g + 8 * n, value + other);
      store_fit(row + p->row.g_dot + 8 * n, dot);
    }
  }
  int first = 0;
  for (int b = from, place = 0; b < to; ++b) {
    const ik_fit_block *block = p->frame->blocks + b;
    if (!block->near) continue;
    ++place;
    // Near blocks of a species stand together; its far ones may follow.
    int more = 0;
    for (int next = b + 1; next < to && p->frame->blocks[next].species == block->species; ++next)
      more |= p->frame->blocks[next].near;
    if (more) continue;
    fit_sums whole = {
      .count = 0,
      .to = gradient + m->angular_offset
        + (long)(own * m->species + block->species) * channels * s.ka};
    for (int n = 0; n < channels; ++n)
      for (int k = 0; k < s.ka; ++k) {
        v8 sum = all_fit(0);
        for (int r = first; r < place; ++r) {
          const float *row = rows + r * l->near_row;
          sum = FMA(load_fit(row + p->row.g + 8 * n), load_fit(row + p->row.f + 8 * k), sum);
          sum = FMA(load_fit(row + p->row.g_dot + 8 * n), load_fit(row + p->row.f_dot + 8 * k), sum);
        }
        fit_add(&whole, sum);
      }
    fit_flush(&whole);
    first = place;
  }
}

INLINE double fit_forward_atoms(shape s, const fit_pass *p, float *forces, double virial[6]) {
  double total = 0;
  for (int i = 0; i < p->frame->atoms; ++i)
    total += (double)fit_forward_atom(s, p, i, forces, virial);
  return total;
}

INLINE void fit_backward_atoms(
  shape s, const fit_pass *p, float energy_slope, const float *force_slopes,
  const float virial_slopes[6], float *gradient) {
  for (int i = 0; i < p->frame->atoms; ++i)
    fit_backward_atom(s, p, i, energy_slope, force_slopes, virial_slopes, gradient);
}

static shape fit_shape(const ik_fit_model *m) {
  return (shape){m->radial_count, m->radial_basis, m->angular_count, m->angular_basis, m->maximum_l,
                 m->has_four,     m->has_five,     m->neurons,       m->descriptors};
}

static void fit_forward(
  const ik_fit_model *m, const float *parameters, const ik_fit_frame *frame, float *memory,
  double *energy, float *forces, double virial[6]) {
  fit_pass p = fit_pass_of(m, parameters, frame, memory);
  memset(forces, 0, sizeof(float) * 3 * (unsigned long)frame->atoms);
  for (int k = 0; k < 6; ++k) virial[k] = 0;
  if (same_shape(fit_shape(m), common_shape))
    *energy = fit_forward_atoms(common_shape, &p, forces, virial);
  else if (same_shape(fit_shape(m), large_shape))
    *energy = fit_forward_atoms(large_shape, &p, forces, virial);
  else
    *energy = fit_forward_atoms(fit_shape(m), &p, forces, virial);
}

static void fit_backward(
  const ik_fit_model *m, const float *parameters, const ik_fit_frame *frame, float *memory,
  float energy_slope, const float *force_slopes, const float virial_slopes[6], float *gradient) {
  fit_pass p = fit_pass_of(m, parameters, frame, memory);
  if (same_shape(fit_shape(m), common_shape))
    fit_backward_atoms(common_shape, &p, energy_slope, force_slopes, virial_slopes, gradient);
  else if (same_shape(fit_shape(m), large_shape))
    fit_backward_atoms(large_shape, &p, energy_slope, force_slopes, virial_slopes, gradient);
  else
    fit_backward_atoms(fit_shape(m), &p, energy_slope, force_slopes, virial_slopes, gradient);
}

static long fit_numbers(const ik_fit_model *m, int atoms, int most_blocks) {
  fit_layout l = fit_layout_of(m);
  return atoms * l.per_atom + most_blocks * l.near_row;
}

static long fit_descriptor(const ik_fit_model *m, int atom) {
  fit_layout l = fit_layout_of(m);
  return atom * l.per_atom + l.q;
}

// Adam (Kingma and Ba, arXiv 1412.6980), with the mean of `count` gradients.
static void fit_step(
  long size, int count, const float *const gradients[], float rate, float first_decay,
  float second_decay, float first_correction, float second_correction, float clip,
  float *parameters, float *first, float *second) {
  for (long k = 0; k < size; k += 8) {
    v8 g = all_fit(0);
    for (int b = 0; b < count; ++b) g += load_fit(gradients[b] + k);
    g *= all_fit(clip);
    v8 m = load_fit(first + k), v = load_fit(second + k);
    m = FMA(all_fit(1 - first_decay), g - m, m);
    v = FMA(all_fit(1 - second_decay), g * g - v, v);
    store_fit(first + k, m);
    store_fit(second + k, v);
    v8 size8 = __builtin_elementwise_sqrt(v * all_fit(second_correction)) + all_fit(1e-12f);
    store_fit(
      parameters + k,
      load_fit(parameters + k) - all_fit(rate * first_correction) * m / size8);
  }
}

// The square of the length of the sum of gradients.
static double fit_square(long size, int count, const float *const gradients[]) {
  double total = 0;
  for (long k = 0; k < size; k += 8) {
    v8 g = all_fit(0);
    for (int b = 0; b < count; ++b) g += load_fit(gradients[b] + k);
    total += (double)sum_fit(g * g);
  }
  return total;
}

extern const ik_fit_kernel FIT_KERNEL;
const ik_fit_kernel FIT_KERNEL = {
  fit_forward, fit_backward, fit_numbers, fit_descriptor, fit_step, fit_square};

#undef v8
