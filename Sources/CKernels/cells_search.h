// Candidates of a chunk of centres: sites within the list's range, from the boxes around.

#include <stdlib.h>

enum { ROOM = 512 };  // sites around a centre, more than there often are

static void reserve(ik_chunk *list, uint32_t needed) {
  if (needed <= list->capacity) return;
  uint32_t capacity = needed + 16;
  uint32_t *entries = realloc(list->entries, capacity * sizeof(uint32_t));
  if (!entries) abort();
  list->entries = entries;
  list->capacity = capacity;
}

// How far box k lies from a place along one axis, both in boxes.
INLINE double gap(double place, int k) {
  double before = k - place, behind = place - (k + 1);
  return before > 0 ? before : behind > 0 ? behind : 0;
}

INLINE int bounded(double box, int last) { return box < 0 ? 0 : box > last ? last : (int)box; }

// Appends the numbers from first up to end.
INLINE void append_run(ik_chunk *sites, int first, int end) {
  for (int s = first; s < end; s += W) {
    vi numbers = s + lane_numbers();
    memcpy(sites->entries + sites->used + (s - first), &numbers, sizeof numbers);
  }
  sites->used += (uint32_t)(end - first);
}

// All sites but its own in the boxes that may hold one within range of a centre. With gaps g_k from
// plane to plane along the axes, a site is no nearer than any g_k, nor than
// sqrt(roundness sum_k g_k^2).
static void sites_around(
  const ik_system *system, int centre, double range, ik_chunk *sites) {
  const int *boxes = system->boxes, own = (int)system->centres[centre].site;
  const double *width = system->box_widths, *place = system->places[centre];
  double boxes_along = 1 / width[2];
  // Somewhat more: an atom on the edge of a box may be counted to either side.
  double reach = range * (1 + 1e-6), round = reach * reach / system->roundness;
  int from[3], to[3];
  for (int k = 0; k < 3; ++k) {
    from[k] = bounded(place[k] - reach / width[k], boxes[k] - 1);
    to[k] = bounded(place[k] + reach / width[k], boxes[k] - 1);
  }
  sites->used = 0;
  for (int x = from[0]; x <= to[0]; ++x) {
    double gx = gap(place[0], x) * width[0], left = round - gx * gx;
    for (int y = from[1]; y <= to[1]; ++y) {
      double gy = gap(place[1], y) * width[1], rest = left - gy * gy;
      if (rest < 0) continue;
      double along = fmin(reach, sqrt(rest)) * boxes_along;
      long row = ((long)x * boxes[1] + y) * boxes[2];
      int first = system->starts[row + bounded(place[2] - along, boxes[2] - 1)];
      int end = system->starts[row + bounded(place[2] + along, boxes[2] - 1) + 1];
      reserve(sites, sites->used + (uint32_t)(end - first) + W);
      if (first <= own && own < end) {
        append_run(sites, first, own);
        first = own + 1;
      }
      append_run(sites, first, end);
    }
  }
}

// The vectors (Å) from one point to W others, their squared lengths, and the others' last words.
INLINE vf differences(
  const ik_system *system, const int32_t *here, const v4i *points[W], vf *dx, vf *dy, vf *dz,
  vi *rest) {
  vi x, y, z;
  transpose_points(points, &x, &y, &z, rest);
  vf unit = all_single(system->unit);
  *dx = __builtin_convertvector(x - here[0], vf) * unit;
  *dy = __builtin_convertvector(y - here[1], vf) * unit;
  *dz = __builtin_convertvector(z - here[2], vf) * unit;
  return FMA(*dx, *dx, FMA(*dy, *dy, *dz * *dz));
}

// Appends those of `sites` that the angular part may see to `near`, and others within range to `far`;
// both have room.
INLINE void split(
  const ik_system *system, const int32_t *here, const ik_chunk *sites, const float *inner,
  const float *outer, ik_chunk *near, ik_chunk *far) {
  for (uint32_t k = 0; k < sites->used; k += W) {
    const v4i *points[W];
#pragma unroll
    for (int m = 0; m < W; ++m) {
      uint32_t place = k + m < sites->used ? k + m : sites->used - 1;
      points[m] = (const v4i *)system->points[sites->entries[place]];
    }
    vf dx, dy, dz;
    vi rest;
    vf squared = differences(system, here, points, &dx, &dy, &dz, &rest);
    unsigned within = less(squared, lookup_single(outer, rest & 15, 1));
    unsigned close = less(squared, lookup_single(inner, rest & 15, 1));
    vi numbers = loadi(sites->entries + k);
    if (sites->used - k < W) within &= (1u << (sites->used - k)) - 1;
    if (!within) continue;
    vi entry = numbers | rest << 28;
    close &= within;
    within &= ~close;
    pack(near->entries + near->used, entry, close);
    pack(far->entries + far->used, entry, within);
    near->used += (uint32_t)__builtin_popcount(close);
    far->used += (uint32_t)__builtin_popcount(within);
  }
}

// Appends a whole number of IK_LANES entries; room is reserved.
INLINE void append(ik_chunk *list, const ik_chunk *more, uint32_t padding) {
  memcpy(list->entries + list->used, more->entries, more->used * sizeof *more->entries);
  list->used += more->used;
  for (uint32_t k = more->used; k % IK_LANES; ++k) list->entries[list->used++] = padding;
}

static void search(ik_system *system, int chunk, const ik_ranges *ranges) {
  // A copy, so that threads do not write to one line of memory all the time.
  ik_chunk own = system->lists[chunk], sites = {0}, near = {0}, far = {0};
  own.used = 0;
  int first = chunk * IK_CHUNK;
  int last = first + IK_CHUNK < system->count ? first + IK_CHUNK : system->count;
  reserve(&sites, ROOM);
  reserve(&near, ROOM);
  reserve(&far, ROOM);
  for (int c = first; c < last; ++c) {
    ik_centre *centre = system->centres + c;
    const int32_t *here = system->points[centre->site];
    int slot = here[3] & 15;
    const float *inner = ranges->squares + 2 * slot * IK_LANES, *outer = inner + IK_LANES;
    sites_around(system, c, ranges->longest[slot], &sites);
    reserve(&near, sites.used + W);
    reserve(&far, sites.used + W);
    near.used = far.used = 0;
    split(system, here, &sites, inner, outer, &near, &far);
    centre->start = own.used;
    centre->near = near.used;
    centre->far = far.used;
    // Lists are most of the memory: they get no more than they need.
    reserve(&own, own.used + near.used + far.used + 2 * IK_LANES);
    append(&own, &near, centre->site);
    append(&own, &far, centre->site);
  }
  system->lists[chunk] = own;
  free(sites.entries);
  free(near.entries);
  free(far.entries);
}
