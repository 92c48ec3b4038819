// Candidates of a chunk of centres: sites within the list's range, from the boxes around.

#include <stdlib.h>

static void reserve(ik_chunk *list, uint32_t needed) {
  if (needed <= list->capacity) return;
  uint32_t capacity = needed + 16;
  uint32_t *entries = realloc(list->entries, capacity * sizeof(uint32_t));
  if (!entries) abort();
  list->entries = entries;
  list->capacity = capacity;
}

// Those of a run of sites that are nearer than outer, and not nearer than inner.
INLINE uint32_t search_run(
  const ik_system *system, const int32_t *here, uint32_t own, int from, int to, float inner,
  float outer, uint32_t *out) {
  uint32_t found = 0;
  for (int s = from; s < to; s += W) {
    const v4i *points[W];
#pragma unroll
    for (int m = 0; m < W; ++m) {
      int site = s + m < to ? s + m : to - 1;
      points[m] = (const v4i *)system->points[site];
    }
    vi px, py, pz;
    transpose_points(points, &px, &py, &pz);
    vf unit = all_single(system->unit);
    vf dx = __builtin_convertvector(px - here[0], vf) * unit;
    vf dy = __builtin_convertvector(py - here[1], vf) * unit;
    vf dz = __builtin_convertvector(pz - here[2], vf) * unit;
    vf squared = FMA(dx, dx, FMA(dy, dy, dz * dz));
    unsigned mask = less(squared, all_single(outer));
    if (inner > 0) mask &= ~less(squared, all_single(inner));
    if (to - s < W) mask &= (1u << (to - s)) - 1;
    if (own - (uint32_t)s < W) mask &= ~(1u << (own - (uint32_t)s));
    if (!mask) continue;
    vi slots;
#pragma unroll
    for (int m = 0; m < W; ++m) slots[m] = points[m][0][3] & 15;
    vi entry = (s + lane_numbers()) | slots << 28;
    pack(out + found, entry, mask);
    found += (uint32_t)__builtin_popcount(mask);
  }
  return found;
}

INLINE uint32_t search_shell(
  const ik_system *system, const ik_centre *centre, int32_t box, float inner, float outer,
  ik_chunk *list) {
  const int32_t *here = system->points[centre->site];
  int nz = system->boxes[2], ny = system->boxes[1], nx = system->boxes[0];
  int bz = box % nz, by = box / nz % ny, bx = box / nz / ny;
  int z0 = bz - system->reach[2] > 0 ? bz - system->reach[2] : 0;
  int z1 = bz + system->reach[2] < nz - 1 ? bz + system->reach[2] : nz - 1;
  uint32_t begin = list->used;
  for (int x = bx - system->reach[0]; x <= bx + system->reach[0]; ++x) {
    if (x < 0 || x >= nx) continue;
    for (int y = by - system->reach[1]; y <= by + system->reach[1]; ++y) {
      if (y < 0 || y >= ny) continue;
      long row = ((long)x * ny + y) * nz;
      int from = system->starts[row + z0], to = system->starts[row + z1 + 1];
      if (from == to) continue;
      reserve(list, list->used + (uint32_t)(to - from) + W + IK_LANES);
      list->used += search_run(
        system, here, centre->site, from, to, inner, outer, list->entries + list->used);
    }
  }
  uint32_t found = list->used - begin;
  reserve(list, list->used + IK_LANES);
  while ((list->used - begin) % IK_LANES) list->entries[list->used++] = centre->site;
  return found;
}

static void search(ik_system *system, int chunk, float angular_range, float range) {
  // A copy, so that threads do not write to one line of memory all the time.
  ik_chunk own = system->lists[chunk], *list = &own;
  own.used = 0;
  int first = chunk * IK_CHUNK;
  int last = first + IK_CHUNK < system->count ? first + IK_CHUNK : system->count;
  float near = angular_range * angular_range, far = range * range;
  for (int c = first; c < last; ++c) {
    ik_centre *centre = system->centres + c;
    centre->start = list->used;
    centre->near = search_shell(system, centre, system->box[c], 0, near, list);
    centre->far = far > near ? search_shell(system, centre, system->box[c], near, far, list) : 0;
  }
  system->lists[chunk] = own;
}
