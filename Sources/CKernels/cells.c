// Atoms, their periodic images and the boxes they lie in.

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "CKernels.h"

// Everything that `build` works out about one direction.
typedef struct {
  double low, span;  // of fractional coordinates, images included
  double reach;      // the range in fractional coordinates
  int boxes, steps;
} direction;

static void *allocate(size_t bytes) {
  void *memory = NULL;
  return posix_memalign(&memory, 64, bytes + 64) == 0 ? memory : NULL;
}

static double height(const double inverse[9], int k) {
  double x = inverse[k], y = inverse[3 + k], z = inverse[6 + k];
  return 1 / sqrt(x * x + y * y + z * z);
}

static void fractional(const double *r, const double inverse[9], double s[3]) {
  for (int k = 0; k < 3; ++k)
    s[k] = r[0] * inverse[k] + r[1] * inverse[3 + k] + r[2] * inverse[6 + k];
}

// The images of an atom at `s` (home) along k: from first to last.
static void images(const direction *d, int periodic, double s, int *first, int *last) {
  if (!periodic) {
    *first = *last = 0;
    return;
  }
  *first = (int)ceil(-d->reach - s);
  *last = (int)ceil(1 + d->reach - s) - 1;
}

static int box_along(const direction *d, double s) {
  int box = (int)((s - d->low) / d->span * d->boxes);
  return box < 0 ? 0 : box >= d->boxes ? d->boxes - 1 : box;
}

static void release(ik_system *system) {
  for (int k = 0; k < system->chunks; ++k) free(system->lists[k].entries);
  free(system->points);
  free(system->centres);
  free(system->lists);
  free(system->atoms);
  free(system->wraps);
  free(system->home);
  free(system->shifts);
  free(system->translations);
  free(system->starts);
  free(system->box);
}

void ik_system_free(ik_system *system) {
  release(system);
  memset(system, 0, sizeof *system);
}

// Boxes half as wide as the range, but not many more than there are sites.
static void choose_boxes(direction d[3], const double heights[3], double range, long sites) {
  for (int k = 0; k < 3; ++k) {
    double wide = d[k].span * heights[k] / (0.5 * range);
    d[k].boxes = wide < 1 ? 1 : wide > 1e5 ? 100000 : (int)wide;
  }
  while ((double)d[0].boxes * d[1].boxes * d[2].boxes > 4.0 * sites + 64) {
    int k = d[0].boxes >= d[1].boxes ? 0 : 1;
    if (d[2].boxes > d[k].boxes) k = 2;
    d[k].boxes = (d[k].boxes + 1) / 2;
  }
  for (int k = 0; k < 3; ++k) {
    double width = d[k].span * heights[k] / d[k].boxes;
    // A little more: an atom on the edge of a box may be counted to either side.
    d[k].steps = (int)ceil(range * (1 + 1e-6) / width);
  }
}

// The finest scale, a power of two, with which coordinates and their differences fit.
static void choose_scale(ik_system *system, double extent) {
  int exponent;
  frexp(extent + 8, &exponent);
  system->scale = ldexp(1, 30 - exponent);
  system->unit = (float)ldexp(1, exponent - 30);
}

// Coordinates are kept in steps of 1/512 of 1/scale.
enum { FINE = 512 };

static void set_point(int32_t point[4], const int64_t fine[3]) {
  uint32_t rest = (uint32_t)point[3] & 15;
  for (int x = 0; x < 3; ++x) {
    point[x] = (int32_t)(fine[x] >> 9);
    rest |= (uint32_t)(fine[x] & (FINE - 1)) << (4 + 9 * x);
  }
  point[3] = (int32_t)rest;
}

void ik_system_translate(const ik_system *system, const double lattice[9]) {
  int64_t rows[9];
  for (int k = 0; k < 9; ++k) rows[k] = llrint(lattice[k] * system->scale * FINE);
  const int *n = system->shift_counts, *first = system->first_shift;
  int64_t (*out)[3] = system->translations;
  for (int a = first[0]; a < first[0] + n[0]; ++a)
    for (int b = first[1]; b < first[1] + n[1]; ++b)
      for (int c = first[2]; c < first[2] + n[2]; ++c, ++out)
        for (int x = 0; x < 3; ++x)
          (*out)[x] = a * rows[x] + b * rows[3 + x] + c * rows[6 + x];
}

int ik_system_build(
  ik_system *system, int count, const double *positions, int stride, const uint8_t *slots,
  const double lattice[9], const double inverse[9], const uint8_t periodic[3], double range) {
  int chunks = (count + IK_CHUNK - 1) / IK_CHUNK;
  if (system->count != count) {
    ik_system_free(system);
    system->count = count;
    system->chunks = chunks;
    system->centres = allocate(count * sizeof *system->centres);
    system->atoms = allocate(count * sizeof *system->atoms);
    system->wraps = allocate(count * sizeof *system->wraps);
    system->box = allocate(count * sizeof *system->box);
    system->lists = calloc(chunks + 1, sizeof *system->lists);
    if (!system->centres || !system->atoms || !system->wraps || !system->box || !system->lists)
      return 1;
  }
  memcpy(system->lattice, lattice, sizeof system->lattice);

  // Home positions, and how far they and their images reach.
  double heights[3];
  direction d[3];
  double (*home)[3] = malloc((size_t)count * sizeof *home + 1);
  int32_t (*wraps)[3] = malloc((size_t)count * sizeof *wraps + 1);
  if (!home || !wraps) {
    free(home);
    free(wraps);
    return 1;
  }
  double low[3] = {INFINITY, INFINITY, INFINITY}, high[3] = {-INFINITY, -INFINITY, -INFINITY};
  for (int i = 0; i < count; ++i) {
    fractional(positions + (size_t)i * stride, inverse, home[i]);
    for (int k = 0; k < 3; ++k) {
      double whole = periodic[k] ? floor(home[i][k]) : 0;
      home[i][k] -= whole;
      if (periodic[k] && home[i][k] >= 1) home[i][k] = 0, whole += 1;
      wraps[i][k] = (int32_t)whole;
      low[k] = fmin(low[k], home[i][k]);
      high[k] = fmax(high[k], home[i][k]);
    }
  }
  for (int k = 0; k < 3; ++k) {
    heights[k] = height(inverse, k);
    d[k].reach = periodic[k] ? range / heights[k] * (1 + 1e-6) : 0;
    d[k].low = periodic[k] ? -d[k].reach : low[k];
    d[k].span = periodic[k] ? 1 + 2 * d[k].reach : fmax(high[k] - low[k], 1e-9);
  }

  // Count, then choose boxes.
  long sites = 0;
  int least[3] = {0, 0, 0}, most[3] = {0, 0, 0};
  for (int i = 0; i < count; ++i) {
    long n = 1;
    for (int k = 0; k < 3; ++k) {
      int first, last;
      images(&d[k], periodic[k], home[i][k], &first, &last);
      least[k] = first < least[k] ? first : least[k];
      most[k] = last > most[k] ? last : most[k];
      n *= last - first + 1;
    }
    sites += n;
  }
  if (sites >= 1l << 28) {
    free(home);
    free(wraps);
    return 1;
  }
  choose_boxes(d, heights, range, sites);
  long boxes = (long)d[0].boxes * d[1].boxes * d[2].boxes;
  for (int k = 0; k < 3; ++k) {
    system->boxes[k] = d[k].boxes;
    system->reach[k] = d[k].steps;
  }
  free(system->points);
  free(system->home);
  free(system->shifts);
  free(system->translations);
  free(system->starts);
  for (int k = 0; k < 3; ++k) {
    system->first_shift[k] = least[k];
    system->shift_counts[k] = most[k] - least[k] + 1;
  }
  const int *n = system->shift_counts;
  system->sites = (int)sites;
  system->points = allocate(sites * sizeof *system->points);
  system->home = allocate(sites * sizeof *system->home);
  system->shifts = allocate(sites * sizeof *system->shifts);
  system->translations = allocate((size_t)n[0] * n[1] * n[2] * sizeof *system->translations);
  system->starts = calloc(boxes + 2, sizeof *system->starts);
  int32_t *site_of_atom = malloc((size_t)count * sizeof *site_of_atom + 1);
  int failed =
    !system->points || !system->home || !system->shifts || !system->translations
    || !system->starts || !site_of_atom;

  // Sites sorted by box: one round counts, one places.
  for (int round = 0; round < 2 && !failed; ++round) {
    for (int i = 0; i < count; ++i) {
      int first[3], last[3];
      for (int k = 0; k < 3; ++k) images(&d[k], periodic[k], home[i][k], &first[k], &last[k]);
      for (int a = first[0]; a <= last[0]; ++a)
        for (int b = first[1]; b <= last[1]; ++b)
          for (int c = first[2]; c <= last[2]; ++c) {
            long box = ((long)box_along(&d[0], home[i][0] + a) * d[1].boxes
                        + box_along(&d[1], home[i][1] + b)) * d[2].boxes
              + box_along(&d[2], home[i][2] + c);
            if (round == 0) {
              ++system->starts[box + 2];
              continue;
            }
            int32_t site = system->starts[box + 1]++;
            system->home[site] = i;  // the atom, until all sites are known
            system->shifts[site] =
              (uint32_t)(((a - least[0]) * n[1] + b - least[1]) * n[2] + c - least[2]);
            system->points[site][3] = slots[i];
            if (a == 0 && b == 0 && c == 0) site_of_atom[i] = site;
          }
    }
    if (round == 0)
      for (long box = 1; box <= boxes; ++box) system->starts[box + 1] += system->starts[box];
  }
  if (!failed) {
    // Centres in the order of their sites, so that neighbours in memory are neighbours in space.
    long box = 0;
    int centre = 0;
    for (int32_t site = 0; site < sites; ++site) {
      while (site >= system->starts[box + 1]) ++box;
      int atom = system->home[site];
      if (site_of_atom[atom] != site) continue;
      system->centres[centre].site = (uint32_t)site;
      system->atoms[centre] = atom;
      system->box[centre] = (int32_t)box;
      memcpy(system->wraps[centre], wraps[atom], sizeof wraps[atom]);
      ++centre;
    }
    for (int32_t site = 0; site < sites; ++site) system->home[site] = site_of_atom[system->home[site]];
    // All corners of the region that sites lie in.
    double middle[3] = {0, 0, 0}, extent = 0;
    for (int k = 0; k < 3; ++k)
      for (int x = 0; x < 3; ++x) middle[x] += (d[k].low + 0.5 * d[k].span) * lattice[3 * k + x];
    for (int x = 0; x < 3; ++x) {
      double half = 0;
      for (int k = 0; k < 3; ++k) half += 0.5 * d[k].span * fabs(lattice[3 * k + x]);
      extent = fmax(extent, half * 1.1);
    }
    choose_scale(system, extent);
    for (int x = 0; x < 3; ++x) system->centre_point[x] = llrint(middle[x] * system->scale * FINE);
    ik_system_translate(system, lattice);
    ik_system_move(system, positions, stride, lattice);
  }
  free(home);
  free(wraps);
  free(site_of_atom);
  return failed;
}

void ik_system_move(
  const ik_system *system, const double *positions, int stride, const double lattice[9]) {
  int64_t rows[9];
  double fine = system->scale * FINE;
  for (int k = 0; k < 9; ++k) rows[k] = llrint(lattice[k] * fine);
  for (int c = 0; c < system->count; ++c) {
    const double *r = positions + (size_t)system->atoms[c] * stride;
    const int32_t *w = system->wraps[c];
    int64_t point[3];
    for (int x = 0; x < 3; ++x)
      point[x] = llrint(r[x] * fine) - system->centre_point[x] - w[0] * rows[x] - w[1] * rows[3 + x]
        - w[2] * rows[6 + x];
    set_point(system->points[system->centres[c].site], point);
  }
  for (int s = 0; s < system->sites; ++s) {
    int home = system->home[s];
    if (home == s) continue;
    const int32_t *from = system->points[home];
    const int64_t *shift = system->translations[system->shifts[s]];
    int64_t point[3];
    for (int x = 0; x < 3; ++x)
      point[x] = ((int64_t)from[x] << 9 | (from[3] >> (4 + 9 * x) & (FINE - 1))) + shift[x];
    set_point(system->points[s], point);
  }
}

void ik_system_fold(const ik_system *system, double *forces, double *sums) {
  for (int s = 0; s < system->sites; ++s) {
    int home = system->home[s];
    if (home == s) continue;
    for (int x = 0; x < 4; ++x) {
      forces[4 * (size_t)home + x] += forces[4 * (size_t)s + x];
      forces[4 * (size_t)s + x] = 0;
    }
  }
  for (int c = 0; c < system->count; ++c) {
    double *site = forces + 4 * (size_t)system->centres[c].site;
    memcpy(sums + 4 * (size_t)system->atoms[c], site, 4 * sizeof(double));
    memset(site, 0, 4 * sizeof(double));
  }
}
