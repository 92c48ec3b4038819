// Crystal structures from CIF text by gemmi (header-only C++), for Swift.
//
// No exception leaves these functions; what went wrong is in the error.
#ifndef CGEMMI_H
#define CGEMMI_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/// One atom of the full cell.
typedef struct {
  char label[32];
  /// The element's symbol, "X" if it is none.
  char symbol[4];
  /// What the file calls the element.
  char type[32];
  double x, y, z;
  double occupancy;
  /// The index of the site in the file that it is an image of.
  size_t site;
} cgemmi_atom;

/// A crystal: lengths (angstrom), angles (degrees) and all atoms of the cell.
typedef struct {
  double cell[6];
  size_t count;
  cgemmi_atom *atoms;
} cgemmi_crystal;

typedef struct {
  /// The line in the text, 0 if not known.
  size_t line;
  char message[512];
} cgemmi_error;

/// Reads the one crystal structure in a CIF text and applies its symmetry.
///
/// Returns 1 and fills `crystal`, which `cgemmi_free` frees, or 0 and fills `error`.
int cgemmi_read_cif(
    const char *text, size_t length, cgemmi_crystal *crystal, cgemmi_error *error);

void cgemmi_free(cgemmi_crystal *crystal);

#ifdef __cplusplus
}
#endif
#endif
