// Evaluates models of random numbers on random atoms with every kernel that the processor has, through
// what CKernels.h offers, and prints energies, forces, virials and grades in hexadecimal.
//
// Random numbers are made of whole numbers and exact divisions, so that every machine evaluates the
// same: compile this file with -ffp-contract=off.

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "CKernels.h"

static uint64_t state;

// Between -1 and 1.
static double number(void) {
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return (double)(int64_t)(state >> 11) / 4503599627370496.0 - 1;
}

static void *memory(size_t bytes) {
  void *p = aligned_alloc(64, (bytes + 127) / 64 * 64);
  if (!p) exit(70);
  return memset(p, 0, (bytes + 127) / 64 * 64);
}

static int whole(int n) { return (n + IK_LANES - 1) / IK_LANES * IK_LANES; }

// The same numbers in both precisions: they are rounded to single precision first.
typedef struct {
  float *single;
  double *wide;
} table;

static table make_table(long count) {
  return (table){memory((count + IK_LANES) * sizeof(float)), memory((count + IK_LANES) * sizeof(double))};
}

static void set(table t, long place, double value) {
  t.single[place] = (float)value;
  t.wide[place] = (float)value;
}

static table expansion(int species, int functions, int polynomials, double scale) {
  table t = make_table((long)species * functions * polynomials * IK_LANES);
  for (int row = 0; row < species * functions * polynomials; ++row)
    for (int b = 0; b < species; ++b) set(t, (long)row * IK_LANES + b, scale * number());
  return t;
}

static table make_norms(int top, int channels) {
  table t = make_table((long)top * (top + 2) * channels);
  int place = 0;
  for (int m = 0; m <= top; ++m)
    for (int part = 0; part < (m ? 2 : 1); ++part)
      for (int l = m ? m : 1; l <= top; ++l, ++place) {
        double ratio = (2 * l + 1) / (4 * M_PI) * (m ? 2 : 1);
        for (int k = l - m + 1; k <= l + m; ++k) ratio /= k;
        for (int n = 0; n < channels; ++n) set(t, (long)place * channels + n, sqrt(ratio));
      }
  return t;
}

static table make_network(int species, int inputs, int neurons, int real) {
  int padded = whole(inputs);
  table t = make_table((long)species * (padded + 2) * neurons);
  for (int a = 0; a < species; ++a) {
    long base = (long)a * (padded + 2) * neurons;
    for (int neuron = 0; neuron < real; ++neuron) {
      for (int d = 0; d < inputs; ++d) set(t, base + (long)d * neurons + neuron, 0.3 * number());
      set(t, base + (long)padded * neurons + neuron, number());
      set(t, base + (long)(padded + 1) * neurons + neuron, 0.5 * number());
    }
  }
  return t;
}

static const float *reach(int species, double range) {
  float *t = memory(species * sizeof(float));
  for (int a = 0; a < species; ++a) t[a] = (float)(range * range);
  return t;
}

// The universal repulsion of Ziegler, Biersack and Littmark between nuclei of charge 3 to 9, switched
// off from 0.9 to 1.8 Å.
static void add_repulsion(ik_nep_model *m) {
  static const double share[4] = {0.18175, 0.50986, 0.28022, 0.02817};
  static const double decay[4] = {3.1998, 0.94229, 0.4029, 0.20162};
  double *t = memory((m->species * 11 + 1) * IK_LANES * sizeof(double));
  for (int a = 0; a < m->species; ++a)
    for (int b = 0; b < m->species; ++b) {
      double *row = t + (long)a * 11 * IK_LANES + b;
      row[0] = 1.8;
      row[1 * IK_LANES] = 1 / 0.9;
      for (int k = 0; k < 4; ++k) {
        row[(2 + k) * IK_LANES] = share[k];
        row[(6 + k) * IK_LANES] = decay[k] * 3.5;
      }
      row[10 * IK_LANES] = 14.399645 * (3 + 3 * a) * (3 + 3 * b);
    }
  m->has_repulsion = 1;
  m->repulsion = t;
  m->repulsion_reach = reach(m->species, 1.8);
}

typedef struct {
  const char *name;
  int species, nr, kr, na, ka, l, four, five, neurons, repulsion;
  double radial_range, angular_range;
} shape;

static ik_nep_model make_model(const shape *s) {
  int inputs = s->nr + s->na * (s->l + s->four + s->five), neurons = whole(s->neurons);
  ik_nep_model m = {
    .species = s->species, .radial_count = s->nr, .radial_basis = s->kr, .angular_count = s->na,
    .angular_basis = s->ka, .maximum_l = s->l, .has_four_body = s->four, .has_five_body = s->five,
    .descriptors = inputs, .neurons = neurons, .bias = 0.25};
  table radial = expansion(s->species, s->nr, s->kr, 0.05);
  table angular = expansion(s->species, s->na, s->ka, 0.1);
  table cutoffs = make_table(s->species * 2l * IK_LANES);
  for (int a = 0; a < s->species; ++a)
    for (int b = 0; b < IK_LANES; ++b) {
      set(cutoffs, (2l * a) * IK_LANES + b, 1 / s->radial_range);
      set(cutoffs, (2l * a + 1) * IK_LANES + b, 1 / s->angular_range);
    }
  table norms = make_norms(s->l, s->na), network = make_network(s->species, inputs, neurons, s->neurons);
  m.tables_single =
    (ik_tables_single){radial.single, angular.single, cutoffs.single, norms.single, network.single};
  m.tables_double = (ik_tables_double){radial.wide, angular.wide, cutoffs.wide, norms.wide, network.wide};
  m.radial_reach = reach(s->species, s->radial_range);
  m.angular_reach = reach(s->species, s->angular_range);
  if (s->repulsion) add_repulsion(&m);
  float *inverse = memory((size_t)s->species * neurons * neurons * sizeof(float));
  for (int a = 0; a < s->species; ++a)
    for (int row = 0; row < s->neurons; ++row)
      for (int k = 0; k < s->neurons; ++k)
        inverse[((long)a * neurons + row) * neurons + k] = (float)number();
  m.active_inverse = inverse;
  return m;
}

typedef struct {
  int count;
  double *positions;  // four doubles each
  uint8_t *slots;
  double lattice[9], inverse[9];
} atoms;

enum { SIDE = 5 };

// A jittered lattice in a sheared cell; spacing and jitter leave some pairs below 1.8 Å, which have the
// argument of their radial functions from double precision.
static atoms make_atoms(int species, double spacing, double jitter) {
  double edge = SIDE * spacing, shear = 1.5;
  atoms a = {
    SIDE * SIDE * SIDE, memory(SIDE * SIDE * SIDE * 4 * sizeof(double)), memory(SIDE * SIDE * SIDE),
    {edge, 0, 0, shear, edge, 0, 0, 0, edge},
    {1 / edge, 0, 0, -shear / (edge * edge), 1 / edge, 0, 0, 0, 1 / edge}};
  for (int i = 0; i < a.count; ++i) {
    int place[3] = {i % SIDE, i / SIDE % SIDE, i / SIDE / SIDE};
    for (int x = 0; x < 3; ++x) {
      double r = spacing * place[x];
      double d = jitter * number();
      // Some lie outside the cell.
      a.positions[4 * i + x] = r + d + (i % 17 == 3 ? 2 * a.lattice[3 * x + x] : 0);
    }
    a.slots[i] = (uint8_t)((number() + 1) / 2 * species);
  }
  return a;
}

static void print_bits(const char *what, int atom, const double *numbers, int count) {
  printf("%s %d", what, atom);
  for (int k = 0; k < count; ++k) {
    uint64_t bits;
    memcpy(&bits, numbers + k, sizeof bits);
    printf(" %016llx", (unsigned long long)bits);
  }
  printf("\n");
}

// Margins of 0.1 to 0.4 Å by species.
static double margin(int species, int slot) { return 0.1 + 0.3 * slot / species; }

static ik_ranges make_ranges(int species, double outer, double inner, double *longest) {
  float *squares = memory(2 * IK_LANES * IK_LANES * sizeof(float));
  double *reach = memory(IK_LANES * sizeof(double));
  *longest = 0;
  for (int a = 0; a < species; ++a) {
    for (int b = 0; b < species; ++b) {
      double both = margin(species, a) + margin(species, b);
      squares[2 * a * IK_LANES + b] = (float)((inner + both) * (inner + both));
      squares[(2 * a + 1) * IK_LANES + b] = (float)((outer + both) * (outer + both));
      reach[a] = fmax(reach[a], outer + both);
    }
    *longest = fmax(*longest, reach[a]);
  }
  return (ik_ranges){squares, reach};
}

static void evaluate(const ik_kernel *kernel, const ik_nep_model *m, const shape *s, const atoms *a) {
  ik_system system;
  memset(&system, 0, sizeof system);
  const uint8_t periodic[3] = {1, 1, 0};
  double longest, range = fmax(s->radial_range, s->angular_range);
  ik_ranges ranges = make_ranges(m->species, range, fmin(s->radial_range, s->angular_range), &longest);
  if (ik_system_build(
        &system, a->count, a->positions, 4, a->slots, a->lattice, a->inverse, periodic, longest))
    exit(70);
  kernel->locate(&system, a->positions, 4, a->lattice);
  kernel->place(&system);
  for (int chunk = 0; chunk < system.chunks; ++chunk) kernel->search(&system, chunk, &ranges);
  uint32_t most = 0;
  for (int k = 0; k < system.count; ++k) {
    uint32_t found = system.centres[k].near + system.centres[k].far;
    if (found > most) most = found;
  }
  system.most_candidates = whole((int)most) + 2 * IK_LANES;
  void *scratch = memory((size_t)kernel->scratch_bytes(m, system.most_candidates));
  double *forces = memory((size_t)system.sites * 4 * sizeof(double));
  double *sums = memory((size_t)a->count * 4 * sizeof(double));
  double *energies = memory((size_t)a->count * sizeof(double));
  double virial[6] = {0};
  ik_grading grading;
  memset(&grading, 0, sizeof grading);
  grading.grades = memory((size_t)a->count * sizeof(double));
  grading.hidden = memory((size_t)m->species * IK_BLOCK * m->neurons * sizeof(float));
  ik_system_translate(&system, a->lattice);
  for (int pair = 0; pair < (a->count + IK_PAIR - 1) / IK_PAIR; ++pair)
    kernel->evaluate(m, &system, pair, scratch, forces, virial, &grading);
  kernel->grade(m, &grading);
  kernel->fold(&system, forces, sums);
  double *totals = memory((size_t)a->count * 4 * sizeof(double));
  const double *parts[1] = {sums};
  ik_add_sums(&system, 1, parts, totals, energies);
  printf("run %s %s\n", s->name, kernel->name);
  for (int i = 0; i < a->count; ++i) {
    print_bits("input", i, a->positions + 4 * i, 3);
    print_bits("energy", i, energies + i, 1);
    print_bits("force", i, totals + 4 * i, 3);
    print_bits("grade", i, grading.grades + i, 1);
  }
  print_bits("virial", 0, virial, 6);
  ik_system_free(&system);
}

int main(void) {
  static const shape shapes[] = {
    {"common", 4, 5, 9, 5, 9, 4, 1, 1, 80, 1, 6, 5},
    {"plain", 3, 4, 7, 3, 6, 3, 0, 0, 30, 0, 5, 5},
    {"many-species", 16, 7, 9, 5, 8, 4, 1, 0, 50, 1, 6, 4},
  };
  const ik_kernel *kernels[4];
  int count = ik_kernels(kernels);
  for (unsigned n = 0; n < sizeof shapes / sizeof *shapes; ++n) {
    state = 0x9E3779B97F4A7C15u + n;
    ik_nep_model model = make_model(&shapes[n]);
    atoms close = make_atoms(model.species, 2.5, 0.45);
    for (int k = 0; k < count; ++k) evaluate(kernels[k], &model, &shapes[n], &close);
  }
  return 0;
}
