// Atoms, their periodic images and the boxes they lie in.

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "CKernels.h"

// Everything that `build` works out about one direction.
typedef struct {
  double low, span;  // of fractional coordinates, images included
  double reach;      // the range in fractional coordinates
  double boxes_per_span;
  int boxes;
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

// The images of an atom at `s`, between 0 and 1, along k: from first to last.
static void images(const direction *d, int periodic, double s, int *first, int *last) {
  if (!periodic) {
    *first = *last = 0;
    return;
  }
  // ceil(-reach - s), and the whole number below 1 + reach - s.
  double above = 1 + d->reach - s;
  *first = -(int)(d->reach + s);
  *last = (int)above - ((int)above == above);
}

static int box_along(const direction *d, double s) {
  int box = (int)((s - d->low) * d->boxes_per_span);
  return box < 0 ? 0 : box >= d->boxes ? d->boxes - 1 : box;
}

static void release(ik_system *system) {
  for (int k = 0; k < system->chunks; ++k) free(system->lists[k].entries);
  free(system->points);
  free(system->homes);
  free(system->centres);
  free(system->lists);
  free(system->atoms);
  free(system->wraps);
  free(system->images);
  free(system->translations);
  free(system->starts);
  free(system->places);
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
    d[k].boxes_per_span = d[k].boxes / d[k].span;
  }
}

// With r from plane to plane along the axes, t_k = s_k h_k, |r|^2 = sum M_kl t_k t_l with
// M_kl = a_k . a_l/(h_k h_l): at least Gershgorin's bound of M's eigenvalues times |t|^2.
static double roundness(const double lattice[9], const double heights[3]) {
  double least = 1;
  for (int k = 0; k < 3; ++k) {
    double bound = 0;
    for (int l = 0; l < 3; ++l) {
      double m = 0;
      for (int x = 0; x < 3; ++x) m += lattice[3 * k + x] * lattice[3 * l + x];
      m /= heights[k] * heights[l];
      bound += k == l ? m : -fabs(m);
    }
    least = fmin(least, bound);
  }
  return fmax(least, 1e-6);
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

void ik_system_translate(const ik_system *system, const double lattice[9]) {
  int64_t rows[9];
  for (int k = 0; k < 9; ++k) rows[k] = llrint(lattice[k] * system->scale * FINE);
  const int *n = system->shift_counts, *first = system->first_shift;
  ik_translation *out = system->translations;
  for (int a = first[0]; a < first[0] + n[0]; ++a)
    for (int b = first[1]; b < first[1] + n[1]; ++b)
      for (int c = first[2]; c < first[2] + n[2]; ++c, ++out) {
        out->whole[3] = out->rest[3] = 0;
        for (int x = 0; x < 3; ++x) {
          int64_t fine = a * rows[x] + b * rows[3 + x] + c * rows[6 + x];
          out->whole[x] = (int32_t)(fine >> 9);
          out->rest[x] = (int32_t)(fine & (FINE - 1));
        }
      }
}

// Centres in the order of their sites, so that neighbours in memory are neighbours in space; within
// IK_GROUP of them those of one slot follow each other, so that a model's numbers stay in the cache.
static void number_centres(
  const ik_system *system, const uint8_t *slots, const int32_t *atom_of_site,
  const int32_t *site_of_atom) {
  int32_t group[IK_GROUP];
  int waiting = 0, centre = 0;
  for (int32_t site = 0; site < system->sites; ++site) {
    int32_t atom = atom_of_site[site];
    if (site_of_atom[atom] != site) continue;
    group[waiting++] = atom;
    if (waiting < IK_GROUP && centre + waiting < system->count) continue;
    for (int slot = 0; slot < IK_LANES; ++slot)
      for (int k = 0; k < waiting; ++k)
        if (slots[group[k]] == slot) system->atoms[centre++] = group[k];
    waiting = 0;
  }
}

int ik_system_build(
  ik_system *system, int count, const double *positions, int stride, const uint8_t *slots,
  const double lattice[9], const double inverse[9], const uint8_t periodic[3], double range) {
  int chunks = (count + IK_CHUNK - 1) / IK_CHUNK;
  if (system->count != count) {
    ik_system_free(system);
    system->count = count;
    system->chunks = chunks;
    system->homes = allocate(count * sizeof *system->homes);
    system->centres = allocate(count * sizeof *system->centres);
    system->atoms = allocate(count * sizeof *system->atoms);
    system->wraps = allocate(count * sizeof *system->wraps);
    system->places = allocate(count * sizeof *system->places);
    system->lists = calloc(chunks + 1, sizeof *system->lists);
    if (!system->homes || !system->centres || !system->atoms || !system->wraps || !system->places
        || !system->lists)
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
      double whole = 0;
      if (periodic[k] && !(home[i][k] >= 0 && home[i][k] < 1)) whole = floor(home[i][k]);
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
    system->box_widths[k] = d[k].span * heights[k] / d[k].boxes;
  }
  system->roundness = roundness(lattice, heights);
  free(system->points);
  free(system->images);
  free(system->translations);
  free(system->starts);
  for (int k = 0; k < 3; ++k) {
    system->first_shift[k] = least[k];
    system->shift_counts[k] = most[k] - least[k] + 1;
  }
  const int *n = system->shift_counts;
  system->sites = (int)sites;
  system->points = allocate(sites * sizeof *system->points);
  system->images = allocate((sites - count) * sizeof *system->images);
  system->translations = allocate((size_t)n[0] * n[1] * n[2] * sizeof *system->translations);
  system->starts = calloc(boxes + 2, sizeof *system->starts);
  int32_t *site_of_atom = malloc((size_t)count * sizeof *site_of_atom + 1);
  int32_t *atom_of_site = malloc((size_t)sites * sizeof *atom_of_site + 1);
  uint32_t *shifts = malloc((size_t)sites * sizeof *shifts + 1);
  int failed =
    !system->points || !system->images || !system->translations || !system->starts
    || !site_of_atom || !atom_of_site || !shifts;

  // Sites sorted by box: one round counts, one places.
  for (int round = 0; round < 2 && !failed; ++round) {
    for (int i = 0; i < count; ++i) {
      int first[3], last[3];
      for (int k = 0; k < 3; ++k) images(&d[k], periodic[k], home[i][k], &first[k], &last[k]);
      for (int a = first[0]; a <= last[0]; ++a) {
        long slice = (long)box_along(&d[0], home[i][0] + a) * d[1].boxes;
        for (int b = first[1]; b <= last[1]; ++b) {
          long row = (slice + box_along(&d[1], home[i][1] + b)) * d[2].boxes;
          for (int c = first[2]; c <= last[2]; ++c) {
            long box = row + box_along(&d[2], home[i][2] + c);
            if (round == 0) {
              ++system->starts[box + 2];
              continue;
            }
            int32_t site = system->starts[box + 1]++;
            atom_of_site[site] = i;
            shifts[site] =
              (uint32_t)(((a - least[0]) * n[1] + b - least[1]) * n[2] + c - least[2]);
            if (a == 0 && b == 0 && c == 0) site_of_atom[i] = site;
          }
        }
      }
    }
    if (round == 0)
      for (long box = 1; box <= boxes; ++box) system->starts[box + 1] += system->starts[box];
  }
  if (!failed) {
    number_centres(system, slots, atom_of_site, site_of_atom);
    ik_image *image = system->images;
    for (int32_t site = 0; site < sites; ++site) {
      int atom = atom_of_site[site];
      if (site_of_atom[atom] != site)
        *image++ = (ik_image){(uint32_t)site, (uint32_t)site_of_atom[atom], shifts[site]};
    }
    for (int c = 0; c < count; ++c) {
      int atom = system->atoms[c];
      system->centres[c].site = (uint32_t)site_of_atom[atom];
      system->homes[c][3] = slots[atom];
      for (int k = 0; k < 3; ++k)
        system->places[c][k] = (home[atom][k] - d[k].low) * d[k].boxes_per_span;
      memcpy(system->wraps[c], wraps[atom], sizeof wraps[atom]);
    }
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
  }
  free(home);
  free(wraps);
  free(site_of_atom);
  free(atom_of_site);
  free(shifts);
  return failed;
}

typedef double v4d __attribute__((ext_vector_type(4)));

enum { AHEAD = 32 };  // lines that are asked for ahead of their use, two centres each

void ik_add_sums(
  const ik_system *system, int workers, const double *const sums[], double *forces,
  double *energies) {
  for (int c = 0; c < system->count; ++c) {
    v4d total = (v4d)0.0, part;
    for (int w = 0; w < workers; ++w) {
      // What another core wrote comes slowly, but many lines at a time.
      if (c % 2 == 0 && c + 2 * AHEAD < system->count)
        __builtin_prefetch(sums[w] + 4l * (c + 2 * AHEAD));
      memcpy(&part, sums[w] + 4l * c, sizeof part);
      total += part;
    }
    int atom = system->atoms[c];
    energies[atom] = total[3];
    total[3] = 0;
    memcpy(forces + 4l * atom, &total, sizeof total);
  }
}
