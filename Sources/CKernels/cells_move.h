// Points of atoms and their images, and the way of forces back.

enum { FINE = 512 };

INLINE int64_t nearest_whole(double x) {
#if defined(__x86_64__)
  return _mm_cvtsd_si64(_mm_set_sd(x));
#else
  return llrint(x);
#endif
}

static void locate(
  const ik_system *system, const double *positions, int stride, const double lattice[9]) {
  int64_t rows[9];
  double fine = system->scale * FINE;
  for (int k = 0; k < 9; ++k) rows[k] = nearest_whole(lattice[k] * fine);
  for (int c = 0; c < system->count; ++c) {
    const double *r = positions + (size_t)system->atoms[c] * stride;
    const int32_t *w = system->wraps[c];
    int32_t *home = system->homes[c];
    uint32_t rest = (uint32_t)home[3] & 15;
#pragma unroll
    for (int x = 0; x < 3; ++x) {
      int64_t place = nearest_whole(r[x] * fine) - system->centre_point[x] - w[0] * rows[x]
        - w[1] * rows[3 + x] - w[2] * rows[6 + x];
      home[x] = (int32_t)(place >> 9);
      rest |= (uint32_t)(place & (FINE - 1)) << (4 + 9 * x);
    }
    home[3] = (int32_t)rest;
  }
}

// Points to a cache line.
enum { LINE = 4 };

static void place(const ik_system *system) {
  // Another core may have written them: all lines are asked for at once.
  for (int c = 0; c < system->count; c += LINE) __builtin_prefetch(system->homes[c]);
  for (int c = 0; c < system->count; ++c)
    memcpy(system->points[system->centres[c].site], system->homes[c], sizeof *system->homes);
  const v4i places = {4, 13, 22, 0}, fields = {FINE - 1, FINE - 1, FINE - 1, 0};
  for (const ik_image *i = system->images; i < system->images + system->sites - system->count; ++i) {
    const ik_translation *shift = system->translations + i->shift;
    v4i from, whole, rest;
    memcpy(&from, system->points[i->home], sizeof from);
    memcpy(&whole, shift->whole, sizeof whole);
    memcpy(&rest, shift->rest, sizeof rest);
    v4i sum = ((v4i)from[3] >> places & fields) + rest;
    v4i to = from + whole + (sum >> 9);
    v4i packed = (sum & fields) << places;
    packed |= SHUFFLE(packed, packed, 1, 0, 3, 2);
    to[3] = packed[0] | packed[2] | (from[3] & 15);
    memcpy(system->points[i->site], &to, sizeof to);
  }
}

static void fold(const ik_system *system, double *forces, double *sums) {
  v4d nothing = (v4d)0.0, home, image;
  for (const ik_image *i = system->images; i < system->images + system->sites - system->count; ++i) {
    memcpy(&home, forces + 4l * i->home, sizeof home);
    memcpy(&image, forces + 4l * i->site, sizeof image);
    home += image;
    memcpy(forces + 4l * i->home, &home, sizeof home);
    memcpy(forces + 4l * i->site, &nothing, sizeof nothing);
  }
  for (int c = 0; c < system->count; ++c) {
    double *site = forces + 4l * system->centres[c].site;
    memcpy(sums + 4l * c, site, sizeof home);
    memcpy(site, &nothing, sizeof nothing);
  }
}
