"""Writes the crystals of this folder that rest on a lattice constant or on another model.

    python generate_models.py INTERPHASE

Na, NaCl, LiH and 3C-SiC are their published cubic cells. Li7PS6 is the model of Li6PS5Cl with S for Cl and
a seventh Li in the widest void, relaxed with NEP89 by `interphase relax --cell`.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent
WYCKOFF = """the measured lattice constant in R. W. G. Wyckoff, Crystal Structures, 2nd ed.,
# vol. 1 (1963), room temperature; all positions are fixed by symmetry."""
SMITH = """the measured lattice constant in R. L. Smith and J. W. Miser, Compilation of the
# Properties of Lithium Hydride, NASA TM X-483 (1963), room temperature; all positions are fixed by
# symmetry."""
FACTS = {
    "Na": ("sodium, body-centred cubic", "I m -3 m", 229, 4.2906, [("Na", 2, "a", (0, 0, 0))],
           WYCKOFF),
    "NaCl": ("sodium chloride, rock salt", "F m -3 m", 225, 5.6402,
             [("Na", 4, "a", (0, 0, 0)), ("Cl", 4, "b", (0.5, 0.5, 0.5))], WYCKOFF),
    "LiH": ("lithium hydride, rock salt", "F m -3 m", 225, 4.0834,
            [("Li", 4, "a", (0, 0, 0)), ("H", 4, "b", (0.5, 0.5, 0.5))], SMITH),
    "SiC": ("silicon carbide 3C, zinc blende", "F -4 3 m", 216, 4.3596,
            [("Si", 4, "a", (0, 0, 0)), ("C", 4, "c", (0.25, 0.25, 0.25))], WYCKOFF),
}


def cif(name):
    what, symbol, number, a, sites, source = FACTS[name]
    lines = [
        f"# {name}: {what}.",
        f"# Source: {source}",
        "# This file: this project, CC BY 4.0.",
        f"data_{name}",
    ]
    lines += [f"_cell_length_{x} {a:.5f}" for x in "abc"]
    lines += [f"_cell_angle_{x} 90" for x in ("alpha", "beta", "gamma")]
    lines += [
        f"_space_group_name_H-M_alt '{symbol}'", f"_space_group_IT_number {number}",
        "loop_", "_atom_site_label", "_atom_site_type_symbol",
        "_atom_site_site_symmetry_multiplicity", "_atom_site_Wyckoff_symbol",
        "_atom_site_fract_x", "_atom_site_fract_y", "_atom_site_fract_z", "_atom_site_occupancy",
    ]
    for symbol, count, letter, xyz in sites:
        place = " ".join(f"{x:.5f}" for x in xyz)
        lines.append(f"{symbol}1 {symbol} {count} {letter} {place} 1")
    return "\n".join(lines) + "\n"


def read(path):
    lines = Path(path).read_text().splitlines()
    lattice = np.array(lines[1].split('Lattice="')[1].split('"')[0].split(), float).reshape(3, 3)
    rows = [line.split() for line in lines[2 : 2 + int(lines[0])]]
    return lattice, [r[0] for r in rows], np.array([[float(x) for x in r[1:4]] for r in rows])


def text(lattice, symbols, positions, note):
    cell = " ".join(f"{x:.5f}" for x in np.round(lattice, 5).ravel() + 0.0)
    lines = [str(len(symbols)), f'Lattice="{cell}" Properties=species:S:1:pos:R:3 pbc="T T T" {note}']
    lines += [f"{s} " + " ".join(f"{x:.5f}" for x in np.round(r, 5) + 0.0)
              for s, r in zip(symbols, positions)]
    return "\n".join(lines) + "\n"


def widest_void(lattice, positions):
    """The point of a grid that lies furthest from every atom."""
    n = 24
    grid = np.stack(np.meshgrid(*[np.arange(n) / n] * 3, indexing="ij"), -1).reshape(-1, 3)
    images = np.stack(np.meshgrid(*[(-1, 0, 1)] * 3, indexing="ij"), -1).reshape(-1, 3)
    atoms = (positions[:, None, :] + (images @ lattice)[None]).reshape(-1, 3)
    points = grid @ lattice
    distance = np.min(np.linalg.norm(points[:, None] - atoms[None], axis=2), axis=1)
    return points[np.argmax(distance)]


def li7ps6(interphase):
    lattice, symbols, positions = read(HERE / "Li6PS5Cl.extxyz")
    symbols = ["S" if s == "Cl" else s for s in symbols] + ["Li"]
    positions = np.vstack([positions, widest_void(lattice, positions)])
    order = sorted(range(len(symbols)), key=lambda i: ("Li P S".split().index(symbols[i]), i))
    with tempfile.TemporaryDirectory() as folder:
        start, end = Path(folder) / "start.extxyz", Path(folder) / "end.extxyz"
        start.write_text(text(lattice, [symbols[i] for i in order], positions[order], ""))
        subprocess.run([interphase, "relax", start, "--potential", "nep89", "--cell", "--quiet",
                        "-o", end], check=True, stdout=subprocess.DEVNULL)
        note = 'name=Li7PS6 origin="model, not experiment; relaxed with NEP89"'
        return text(*read(end), note)


for name in FACTS:
    (HERE / f"{name}.cif").write_text(cif(name))
(HERE / "Li7PS6.extxyz").write_text(li7ps6(sys.argv[1]))
