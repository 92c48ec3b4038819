// Kernels that are compiled for several instruction sets and chosen when the program runs.
//
// They are C because Swift cannot compile one function for an instruction set that the rest of the
// program does not ask for. Everything else about a potential is in Sources/Potentials.

#ifndef CKERNELS_H
#define CKERNELS_H

#include <stdint.h>

// Lanes that tables are padded to, and most species that may be present at once.
#define IK_LANES 16
// Largest numbers of functions g_n and of Chebyshev polynomials; l goes up to 8.
#define IK_MOST_FUNCTIONS 20
#define IK_MOST_POLYNOMIALS 24

// The numbers of a model in one precision; S is the number of slots, J a slot of the neighbour.
//   radial, angular  [S][n][k][J]: the factors of T_k(x) in g_n / f_c
//   inverse_cutoffs  [S][2][J]: 1/r_c of the radial and of the angular part
//   norms            [lm][n]: N_lm of harmonics in the order of RealHarmonics, the same for every n
//   network          [S]: [descriptors padded to IK_LANES][neurons], then b0[neurons], w1[neurons]
typedef struct {
  const float *radial, *angular, *inverse_cutoffs, *norms, *network;
} ik_tables_single;

typedef struct {
  const double *radial, *angular, *inverse_cutoffs, *norms, *network;
} ik_tables_double;

// A neuroevolution potential cut down to the species that are present ("slots", at most IK_LANES).
// All tables are aligned to 64 bytes.
typedef struct {
  int species;
  int radial_count, radial_basis;    // functions g_n, Chebyshev polynomials
  int angular_count, angular_basis;  // the same for the angular part
  int maximum_l;
  int has_four_body, has_five_body;
  int descriptors;
  int neurons;                       // padded to IK_LANES
  int has_repulsion;
  double bias;
  ik_tables_single tables_single;
  ik_tables_double tables_double;
  // [S]: the largest r_c squared over all J.
  const float *radial_reach, *angular_reach;
  // [S][11][J]: outer cut-off, 1/(outer - inner), four a_k, four b_k/a, Z_i Z_j e^2; and the largest
  // outer cut-off squared of each slot.
  const double *repulsion;
  const float *repulsion_reach;
  // [S][neurons][neurons]: the inverse of each slot's active set, or null for no grades.
  const float *active_inverse;
} ik_nep_model;

// One centre and its candidates: sites nearer than cut-off and margins when the list was built, first
// those that the angular part may see. An entry is site | slot << 28.
typedef struct {
  uint32_t site;
  uint32_t near, far;   // how many candidates of each kind
  uint32_t start;       // of the near ones among the entries of its chunk; far ones follow the
                        // near ones, both padded to whole IK_LANES
} ik_centre;

typedef struct {
  uint32_t *entries;
  uint32_t used, capacity;
} ik_chunk;

// A site that follows an atom's own, `shift` whole lattice vectors away.
typedef struct {
  uint32_t site, home, shift;
} ik_image;

// Whole lattice vectors in steps of 1/scale, and the rest in 1/512 of these, not negative.
typedef struct {
  int32_t whole[4], rest[4];  // x y z, and zero
} ik_translation;

// Up to where candidates are listed: by slot of centre and neighbour, for the angular part and for
// all, cut-off and margins squared (Å^2), aligned to 64; and the longest of a centre's (Å).
typedef struct {
  const float *squares;   // [S][2][J]
  const double *longest;  // [S]
} ik_ranges;

enum { IK_CHUNK = 4 };  // centres whose candidates lie in one list
enum { IK_GROUP = 128 };  // centres that are sorted by slot
enum { IK_PAIR = 2 };   // centres evaluated at a time: what one worker may wait for another's

// Atoms and their periodic images ("sites"), sorted into boxes. Coordinates are whole multiples of
// 1/scale Å, so that differences are exact wherever the atoms are; the last word of a point holds
// nine more bits of each for double precision, and the slot:
//   x = (point[0] + (point[3] >> 4 & 511)/512)/scale,  y: >> 13,  z: >> 22,  slot: point[3] & 15
typedef struct {
  int count;                 // atoms, and centres
  int sites;
  int chunks;
  float unit;                // Å
  double scale;              // 1/Å
  int32_t (*points)[4];      // [sites]
  // [count]: the points of the centres alone, all that one core needs to hear of another's.
  int32_t (*homes)[4];
  ik_centre *centres;        // [count]
  ik_chunk *lists;           // [chunks]
  int most_candidates;       // of one centre, padded
  // How sites follow from atoms.
  int32_t *atoms;            // [count]: the atom of each centre
  int32_t (*wraps)[3];       // [count]: whole lattice vectors taken off to bring it home
  int64_t centre_point[3];   // what is taken off every coordinate, in 1/512 of 1/scale
  ik_image *images;          // [sites - count]
  ik_translation *translations; // by shift
  int first_shift[3], shift_counts[3];
  // Boxes, for the search.
  int boxes[3];
  double box_widths[3];      // Å, from plane to plane
  double roundness;          // what |r|^2 is at least, over the sum of squares of r from plane to plane
  int32_t *starts;           // [boxes + 1]: the first site of each
  double (*places)[3];       // [count]: where each centre lies, in boxes from the corner
  double lattice[9];         // rows, when built
} ik_system;

enum { IK_BLOCK = 4 };  // centres of one slot that are graded together

// One worker's grading. Rows of hidden outputs wait until there is a block of one slot, so that its
// active set is read once for all of them.
typedef struct {
  double *grades;                   // [count], by atom
  float *hidden;                    // [S][IK_BLOCK][neurons], aligned to 64
  int waiting[IK_LANES];            // [S]: how many rows wait
  int32_t atoms[IK_LANES][IK_BLOCK];
} ik_grading;

// Eight neighbours of one species of one atom; lanes that are not taken lie beyond every cut-off.
// An atom's blocks are sorted by species; the near ones of a species, which the angular part sees,
// come first.
typedef struct {
  float x[8], y[8], z[8];  // r_ij = r_j - r_i (Å)
  int32_t atom[8];
  int32_t species, near;
} ik_fit_block;

typedef struct {
  int atoms;
  const int32_t *species;      // [atoms]
  const int32_t *first_block;  // [atoms + 1]
  const ik_fit_block *blocks;
} ik_fit_frame;

// The shape of a model that is being fitted. Its parameters are one array, whole blocks of eight:
//   [S]: w0 [descriptors][neurons], b0, w1, and eight numbers of which the first is the constant
//   [S][S][n][k]: the factors of T_k in the radial g_n / f_c, then those in the angular
typedef struct {
  int species;
  int radial_count, radial_basis;
  int angular_count, angular_basis;
  int maximum_l;
  int has_four, has_five;
  int descriptors;
  int neurons;                   // padded to 8; those that pad have weights of zero
  const float *inverse_cutoffs;  // [S][S][2]: radial, angular
  const float *norms;            // [lm]
  const float *scale;            // [descriptors]
  long network_stride, radial_offset, angular_offset;
} ik_fit_model;

typedef struct {
  // Energy without ZBL's (eV), forces[atoms][3] (eV/Å) and X = sum p r (eV; xx yy zz yz xz xy);
  // leaves what `backward` needs in `memory`.
  void (*forward)(
    const ik_fit_model *, const float *parameters, const ik_fit_frame *, float *memory,
    double *energy, float *forces, double virial[6]);
  // Adds the slopes of a loss along the parameters, given its slopes along energy, forces and virial.
  void (*backward)(
    const ik_fit_model *, const float *parameters, const ik_fit_frame *, float *memory,
    float energy_slope, const float *force_slopes, const float virial_slopes[6], float *gradient);
  // Numbers of memory for a frame of so many atoms with so many blocks at most for one of them.
  long (*numbers)(const ik_fit_model *, int atoms, int most_blocks);
  // Where the descriptor of an atom stands in `memory` after `forward`.
  long (*descriptor)(const ik_fit_model *, int atom);
  // One step of Adam with the sum of gradients times `clip`; `size` in whole blocks of eight.
  void (*step)(
    long size, int count, const float *const gradients[], float rate, float first_decay,
    float second_decay, float first_correction, float second_correction, float clip,
    float *parameters, float *first, float *second);
  // The squared length of the sum of gradients.
  double (*square)(long size, int count, const float *const gradients[]);
} ik_fit_kernel;

typedef struct {
  const char *name;
  // Brings the homes to new positions of the same atoms (Å, `stride` doubles apart).
  void (*locate)(
    const ik_system *, const double *positions, int stride, const double lattice[9]);
  // Brings the points of atoms and images to where the homes are; the translations must be those of
  // the lattice.
  void (*place)(const ik_system *);
  // Adds the forces on images to those on the atoms, writes them with the energies by centre to
  // sums[count][4], and clears `forces`, [sites][4].
  void (*fold)(const ik_system *, double *forces, double *sums);
  // Finds the candidates of the centres of one chunk.
  void (*search)(ik_system *, int chunk, const ik_ranges *);
  // Evaluates the centres IK_PAIR pair, IK_PAIR pair + 1, ... of one pair: adds to forces[site][4] (eV/Å, exact sums of multiples of
  // 2^-32), sets the fourth number of each centre's own to its energy (eV), and adds to virial[6] =
  // sum f r in the order xx yy zz yz xz xy (eV, exact sums of multiples of 2^-28). Unless `grading` is null, for which the model must have an active set, it grades them or lets
  // them wait.
  void (*evaluate)(
    const ik_nep_model *, const ik_system *, int pair, void *scratch, double *forces,
    double *virial, ik_grading *grading);
  // Grades what waits.
  void (*grade)(const ik_nep_model *, ik_grading *);
  // Bytes of scratch, aligned to 64, that evaluate needs for so many candidates.
  long (*scratch_bytes)(const ik_nep_model *, int candidates);
  const ik_fit_kernel *fit;
} ik_kernel;

// The kernels that this processor can run, best first; the count is returned.
int ik_kernels(const ik_kernel *list[4]);

// Sets up sites and boxes for atoms at positions (Å, `stride` doubles apart) in a lattice of rows;
// atoms of periodic directions may lie anywhere. Returns 0, or 1 without memory. Points are for
// `locate` and `place` to set, candidates are then for `search`. `system` is all zero at first, or one built before.
int ik_system_build(
  ik_system *system, int count, const double *positions, int stride, const uint8_t *slots,
  const double lattice[9], const double inverse[9], const uint8_t periodic[3], double range);

// Takes up a lattice that changed a little.
void ik_system_translate(const ik_system *system, const double lattice[9]);

// Adds up the sums of some workers: forces[atom][4] (eV/Å, the fourth number zero) and energies[atom]
// (eV).
void ik_add_sums(
  const ik_system *system, int workers, const double *const sums[], double *forces,
  double *energies);

void ik_system_free(ik_system *system);

#endif
