// The neuroevolution potential, W neighbours of one centre at a time, in single precision; W/2 of
// them in double precision for centres whose energy is so steep that slopes nearly cancel.
//
// The equations are those of NEPPotential and NEPKernel (Sources/Potentials), which this is tested
// against. What differs:
//  - g_n = f_c P_n(x) with P_n = sum_k c'_nk T_k(x), the factors c' looked up by species;
//  - forces are rounded to multiples of 2^-32 eV/Å, so that their sums in double precision are
//    exact and neither threads nor images change a bit, and total momentum is conserved;
//  - the numbers of functions are constants of the compiler for the common model.

#include "cells_move.h"
#include "cells_search.h"

typedef struct {
  int nr, kr, na, ka, l, four, five, neurons, descriptors;
} shape;

enum { MOST_L = 8 };

// Whole lines of memory, with room for stores that reach past the last number.
INLINE long with_room(long count) {
  return (count + 2 * IK_LANES - 1) / IK_LANES * IK_LANES;
}

#define FOUR_BODY (-0.62105900340811879)  /* -(3 sqrt 3/2) sqrt(2/35) */
#define FIVE_BODY (7.0 / 15)
#define INVERSE_ROOT3 0.57735026918962576

// Neighbours nearer than this (Å) have the argument of their radial functions from double precision:
// bonds of light atoms, along which these are so steep that a rounded distance is not sharp enough.
#define TIGHT 1.8f
// A centre whose energy has a slope along one neighbour of this size (eV/Å) is evaluated again in
// double precision throughout: such slopes nearly cancel in forces.
#define LARGE 8.0f

// Sums of multiples of 2^-32 below 2^19 in double precision are exact.
#define ROUNDER 1572864.0 /* 1.5 * 2^20 */
INLINE vd rounded(vd v) { return (v + ROUNDER) - ROUNDER; }
// The same of multiples of 2^-28 below 2^23.
INLINE double coarse(double x) { return (x + 16 * ROUNDER) - 16 * ROUNDER; }
INLINE vd doubles(vh v) { return __builtin_convertvector(v, vd); }

// Takes f off the sites of half a block, as many as there are.
INLINE void scatter(double *forces, const uint32_t *entries, int count, vd x, vd y, vd z) {
#define TAKE(k, v)                                                                             \
  if ((k) < count) {                                                                           \
    double *p = forces + 4l * (entries[k] & 0x0fffffff);                                       \
    v4d now;                                                                                   \
    memcpy(&now, p, sizeof now);                                                               \
    now -= v;                                                                                  \
    memcpy(p, &now, sizeof now);                                                               \
  }
#if W == 16
  vd zero = (vd)0.0;
  vd xy0 = SHUFFLE(x, y, 0, 8, 2, 10, 4, 12, 6, 14), xy1 = SHUFFLE(x, y, 1, 9, 3, 11, 5, 13, 7, 15);
  vd z0 = SHUFFLE(z, zero, 0, 8, 2, 10, 4, 12, 6, 14);
  vd z1 = SHUFFLE(z, zero, 1, 9, 3, 11, 5, 13, 7, 15);
  vd p02 = SHUFFLE(xy0, z0, 0, 1, 8, 9, 2, 3, 10, 11);
  vd p46 = SHUFFLE(xy0, z0, 4, 5, 12, 13, 6, 7, 14, 15);
  vd p13 = SHUFFLE(xy1, z1, 0, 1, 8, 9, 2, 3, 10, 11);
  vd p57 = SHUFFLE(xy1, z1, 4, 5, 12, 13, 6, 7, 14, 15);
#define FIRST(v) SHUFFLE(v, v, 0, 1, 2, 3)
#define SECOND(v) SHUFFLE(v, v, 4, 5, 6, 7)
  TAKE(0, FIRST(p02)) TAKE(1, FIRST(p13)) TAKE(2, SECOND(p02)) TAKE(3, SECOND(p13))
  TAKE(4, FIRST(p46)) TAKE(5, FIRST(p57)) TAKE(6, SECOND(p46)) TAKE(7, SECOND(p57))
#elif W == 8
  vd zero = (vd)0.0;
  vd xy0 = SHUFFLE(x, y, 0, 4, 2, 6), xy1 = SHUFFLE(x, y, 1, 5, 3, 7);
  vd z0 = SHUFFLE(z, zero, 0, 4, 2, 6), z1 = SHUFFLE(z, zero, 1, 5, 3, 7);
  TAKE(0, SHUFFLE(xy0, z0, 0, 1, 4, 5)) TAKE(1, SHUFFLE(xy1, z1, 0, 1, 4, 5))
  TAKE(2, SHUFFLE(xy0, z0, 2, 3, 6, 7)) TAKE(3, SHUFFLE(xy1, z1, 2, 3, 6, 7))
#else
  TAKE(0, ((v4d){x[0], y[0], z[0], 0})) TAKE(1, ((v4d){x[1], y[1], z[1], 0}))
#endif
}


// The vector from one point to another, with all bits.
INLINE void difference(
  const ik_system *system, const int32_t *here, const int32_t *there, double d[3]) {
  for (int x = 0; x < 3; ++x) {
    int fine = (there[3] >> (4 + 9 * x) & 511) - (here[3] >> (4 + 9 * x) & 511);
    d[x] = ((double)(there[x] - here[x]) + fine / 512.0) * system->unit;
  }
}

#define IS_DOUBLE 0
#define REAL float
#define N W
#define COUNT W
#define FN(name) name##_single
#include "nep_radial.h"
#include "nep_centre.h"
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
#include "nep_radial.h"
#include "nep_centre.h"
#undef IS_DOUBLE
#undef REAL
#undef N
#undef COUNT
#undef FN

// The repulsion of one pair: half its energy, and half its slope over r.
static double repulsion(const double *table, int slot, double r, double *slope_over_r) {
#define PAIR(k) table[(k) * IK_LANES + slot]
  double outer = PAIR(0), inverse_width = PAIR(1);
  double screening = 0, screening_slope = 0;
  for (int k = 0; k < 4; ++k) {
    double b = PAIR(6 + k), term = PAIR(2 + k) * exp(-b * r);
    screening += term;
    screening_slope -= b * term;
  }
  double coulomb = 0.5 * PAIR(10) / r;
  double value = coulomb * screening, slope = coulomb * (screening_slope - screening / r);
  double tau = (outer - r) * inverse_width;
  if (tau < 1) {
    double s = sin(0.5 * M_PI * tau), c = cos(0.5 * M_PI * tau);
    slope = slope * s * s - value * M_PI * inverse_width * s * c;
    value *= s * s;
  }
  *slope_over_r = slope / r;
  return value;
#undef PAIR
}

// Adds the repulsion of the near atoms of a block, in double precision since its slope may be a
// hundred times the force that is left; gives the energy.
static double repel(
  const double *table, const ik_system *system, const int32_t *here, const uint32_t *entries,
  unsigned lanes, double *forces, double *mine, double *virial) {
  double energy = 0;
  for (; lanes; lanes &= lanes - 1) {
    uint32_t entry = entries[__builtin_ctz(lanes)];
    const int32_t *there = system->points[entry & 0x0fffffff];
    int slot = (int)(entry >> 28);
    double d[3], squared = 0;
    difference(system, here, there, d);
    for (int x = 0; x < 3; ++x) squared += d[x] * d[x];
    double r = sqrt(squared);
    if (r >= table[slot]) continue;
    double slope;
    energy += repulsion(table, slot, r, &slope);
    double *other = forces + 4l * (entry & 0x0fffffff);
    for (int x = 0; x < 3; ++x) {
      double f = (slope * d[x] + ROUNDER) - ROUNDER;
      mine[x] += f;
      other[x] -= f;
    }
    virial[0] += slope * d[0] * d[0];
    virial[1] += slope * d[1] * d[1];
    virial[2] += slope * d[2] * d[2];
    virial[3] += slope * d[1] * d[2];
    virial[4] += slope * d[0] * d[2];
    virial[5] += slope * d[0] * d[1];
  }
  return energy;
}

// Where the neighbours of one centre go, and how many there are.
typedef struct {
  float *x, *y, *z;
  uint32_t *entries;
  int count;
} selection;

INLINE void keep(selection *kept, vf x, vf y, vf z, vi entries, unsigned mask) {
  pack(kept->x + kept->count, (vi)x, mask);
  pack(kept->y + kept->count, (vi)y, mask);
  pack(kept->z + kept->count, (vi)z, mask);
  pack(kept->entries + kept->count, entries, mask);
  kept->count += __builtin_popcount(mask);
}

// Appends the candidates nearer than TIGHT to `tight`, others nearer than inner to `near`, others
// nearer than outer to `far` (squared); tells whether one is nearer than `close`.
INLINE unsigned gather(
  const ik_system *system, const int32_t *here, const uint32_t *entries, int count, float inner,
  float outer, float close, selection *tight, selection *near, selection *far) {
  unsigned found = 0;
  for (int k = 0; k < count; k += W) {
    const v4i *points[W];
#pragma unroll
    for (int m = 0; m < W; ++m)
      points[m] = (const v4i *)system->points[entries[k + m] & 0x0fffffff];
    vf dx, dy, dz;
    vi rest;
    vf squared = differences(system, here, points, &dx, &dy, &dz, &rest);
    unsigned there = count - k < W ? (1u << (count - k)) - 1 : ~0u;
    unsigned within = outer > inner ? there & less(squared, all_single(outer)) : 0;
    if (inner > 0) {
      unsigned inside = there & less(squared, all_single(inner));
      unsigned tightly = inside & less(squared, all_single(TIGHT * TIGHT));
      if (tightly) keep(tight, dx, dy, dz, loadi(entries + k), tightly);
      keep(near, dx, dy, dz, loadi(entries + k), inside & ~tightly);
      found |= inside & less(squared, all_single(close));
      within &= ~inside;
    }
    found |= within & less(squared, all_single(close));
    if (within) keep(far, dx, dy, dz, loadi(entries + k), within);
  }
  return found;
}

// Puts what is in one selection after what is in another, and what lies beyond every range after that.
INLINE void join(selection *to, const selection *from, float beyond, uint32_t entry) {
  int end = to->count + from->count;
  for (int k = 0; k < from->count; k += W) {
    int place = to->count + k;
    store_single(to->x + place, load_single(from->x + k));
    store_single(to->y + place, load_single(from->y + k));
    store_single(to->z + place, load_single(from->z + k));
    memcpy(to->entries + place, from->entries + k, W * sizeof *to->entries);
  }
  store_single(to->x + end, all_single(beyond));
  store_single(to->y + end, all_single(0));
  store_single(to->z + end, all_single(0));
  for (int k = end; k % W; ++k) to->entries[k] = entry;
  to->count = end;
}

// The same neighbours in double precision, padded to whole blocks of HALF.
static neighbourhood_double widen(
  const ik_system *system, const int32_t *here, const neighbourhood_single *h, double *memory,
  int most, double beyond, uint32_t entry) {
  double *x = memory, *y = x + most, *z = y + most;
  uint32_t *entries = (uint32_t *)(z + most);
  int place = 0;
  for (; place < h->count; ++place) {
    const int32_t *there = system->points[h->entries[place] & 0x0fffffff];
    double d[3];
    difference(system, here, there, d);
    x[place] = d[0];
    y[place] = d[1];
    z[place] = d[2];
    entries[place] = h->entries[place];
  }
  for (; place % HALF; ++place) {
    x[place] = beyond;
    y[place] = z[place] = 0;
    entries[place] = entry;
  }
  return (neighbourhood_double){x, y, z, entries, h->near, h->count, 0, 0};
}

typedef struct {
  vf single[6];
  vd wide[6];
  double repulsion[6];
} virial_sums;

INLINE double evaluate_centre(
  shape s, const ik_nep_model *model, const ik_system *system, const ik_centre *centre,
  const uint32_t *list, void *scratch, double *forces, virial_sums *virial, float *hidden) {
  const int32_t *here = system->points[centre->site];
  int own = here[3] & 15, most = system->most_candidates + 2 * W;
  float *room = scratch;
  selection kept[3];
  for (int k = 0; k < 3; ++k, room += 4 * most)
    kept[k] = (selection){room, room + most, room + 2 * most, (uint32_t *)room + 3 * most, 0};
  double *distances = (double *)room;
  void *memory = distances + most;

  float inner = model->angular_reach[own], outer = model->radial_reach[own];
  const uint32_t *near = list + centre->start;
  const uint32_t *far = near + (centre->near + IK_LANES - 1) / IK_LANES * IK_LANES;
  float beyond = 2 * (inner > outer ? inner : outer) + 4;
  float repelling = model->has_repulsion ? model->repulsion_reach[own] : 0;
  unsigned repels =
    gather(system, here, near, centre->near, inner, outer, repelling, kept, kept + 1, kept + 2)
    | gather(system, here, far, centre->far, 0, outer, repelling, kept, kept + 1, kept + 2);
  int tight = kept[0].count;
  selection *all = tight ? kept : kept + 1;
  if (tight) join(all, kept + 1, beyond, centre->site);
  int angular = all->count;
  join(all, kept + 2, beyond, centre->site);
  // Whole vectors of distances are read.
  for (int k = 0; k < (tight + HALF - 1) / HALF * HALF; ++k) {
    double d[3] = {beyond, 0, 0};
    if (k < all->count)
      difference(system, here, system->points[all->entries[k] & 0x0fffffff], d);
    distances[k] = sqrt(d[0] * d[0] + d[1] * d[1] + d[2] * d[2]);
  }
  neighbourhood_single h = {
    all->x, all->y, all->z, all->entries, angular, all->count, tight, distances};

  double *mine = forces + 4l * centre->site, energy = 0;
  if (repels) {
    const double *table = model->repulsion + (long)own * 11 * IK_LANES;
    for (int k = 0; k < all->count; k += W) {
      vf x = load_single(all->x + k), y = load_single(all->y + k), z = load_single(all->z + k);
      unsigned close = less(FMA(x, x, FMA(y, y, z * z)), all_single(repelling));
      if (close)
        energy += repel(
          table, system, here, all->entries + k, close, forces, mine, virial->repulsion);
    }
  }
  centre_memory_single m = divide_single(s, &h, memory);
  int large;
  double single = evaluate_single(s, model, own, &h, &m, hidden, &large);
  if (!large) {
    spread_single(&h, &m, forces, mine, virial->single);
    return energy + single;
  }
  neighbourhood_double wide = widen(system, here, &h, memory, most, beyond, centre->site);
  centre_memory_double rest = divide_double(s, &wide, (double *)memory + 4 * most);
  energy += evaluate_double(s, model, own, &wide, &rest, hidden, &large);
  spread_double(&wide, &rest, forces, mine, virial->wide);
  return energy;
}

#include "nep_grades.h"

INLINE void evaluate_pair(
  shape s, const ik_nep_model *model, const ik_system *system, int pair, void *scratch,
  double *forces, double *virial, ik_grading *grading) {
  int first = pair * IK_PAIR;
  int last = first + IK_PAIR < system->count ? first + IK_PAIR : system->count;
  virial_sums sums;
  memset(&sums, 0, sizeof sums);
  for (int c = first; c < last; ++c) {
    const ik_centre *centre = system->centres + c;
    int slot = system->points[centre->site][3] & 15;
    float *hidden = grading ? next_row(s.neurons, grading, slot) : 0;
    forces[4l * centre->site + 3] = evaluate_centre(
      s, model, system, centre, system->lists[c / IK_CHUNK].entries, scratch, forces, &sums, hidden);
    if (grading) enter_row(model, grading, slot, system->atoms[c]);
  }
  vf lanes[W];
  float single[(6 + W - 1) / W * W];
#pragma unroll
  for (int first = 0; first < 6; first += W) {
#pragma unroll
    for (int k = 0; k < W; ++k) lanes[k] = first + k < 6 ? sums.single[first + k] : all_single(0);
    store_single(single + first, sums_single(lanes));
  }
  for (int k = 0; k < 6; ++k) {
    double rest = sums.repulsion[k] + sum_double(sums.wide[k]);
    virial[k] += coarse(rest + single[k]);
  }
}

static shape shape_of(const ik_nep_model *m) {
  return (shape){m->radial_count,  m->radial_basis,  m->angular_count, m->angular_basis, m->maximum_l,
                 m->has_four_body, m->has_five_body, m->neurons,       m->descriptors};
}

// Shapes whose loops the compiler is told: five functions of nine polynomials, l up to 4, 80 neurons,
// as NEP89 and most models have them; and about twice its functions.
static const shape common_shape = {5, 9, 5, 9, 4, 1, 1, 80, 35};
static const shape large_shape = {9, 11, 9, 11, 4, 1, 1, 80, 63};
INLINE int same_shape(shape a, shape b) { return !memcmp(&a, &b, sizeof a); }

static void evaluate_common(
  const ik_nep_model *model, const ik_system *system, int pair, void *scratch, double *forces,
  double *virial, ik_grading *grading) {
  evaluate_pair(common_shape, model, system, pair, scratch, forces, virial, grading);
}

static void evaluate_large(
  const ik_nep_model *model, const ik_system *system, int pair, void *scratch, double *forces,
  double *virial, ik_grading *grading) {
  evaluate_pair(large_shape, model, system, pair, scratch, forces, virial, grading);
}

static void evaluate_any(
  const ik_nep_model *model, const ik_system *system, int pair, void *scratch, double *forces,
  double *virial, ik_grading *grading) {
  evaluate_pair(shape_of(model), model, system, pair, scratch, forces, virial, grading);
}

static void evaluate(
  const ik_nep_model *m, const ik_system *system, int pair, void *scratch, double *forces,
  double *virial, ik_grading *grading) {
  shape s = shape_of(m);
  (same_shape(s, common_shape)  ? evaluate_common
   : same_shape(s, large_shape) ? evaluate_large
                                : evaluate_any)(m, system, pair, scratch, forces, virial, grading);
}

static long scratch_bytes(const ik_nep_model *m, int candidates) {
  shape s = shape_of(m);
  long most = candidates + 2 * W;
  long single = memory_single(s, most) * (long)sizeof(float);
  long wide = (4 * most + memory_double(s, most)) * (long)sizeof(double);
  return 14 * most * (long)sizeof(float) + (single > wide ? single : wide);
}

extern const ik_fit_kernel FIT_KERNEL;
extern const ik_kernel KERNEL;
const ik_kernel KERNEL = {KERNEL_NAME, locate, place, fold, search, evaluate, grade, scratch_bytes, &FIT_KERNEL};
