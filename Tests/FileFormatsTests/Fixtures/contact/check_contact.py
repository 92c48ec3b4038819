"""Holds the files of a contact against ASE, pymatgen and gemmi.

    interphase interface Data/Structures/LiBH4.cif Data/Structures/Li.cif --max-area "120 Å^2" \
        --max-atoms 250 --electrolyte-thickness "6 Å" --metal-per-formula-unit 4 --count 1 -o OUT
    python check_contact.py OUT

contact-1.* of that command, without its pictures, are the golden files beside this script. Which
contact comes first may change with the ranking; the files of any will do.
Versions of the last check: ASE 3.29.0, pymatgen 2026.10.24, gemmi 0.7.5.
"""

import pathlib
import sys
import warnings

import ase.io
import numpy as np

warnings.simplefilter("ignore")


def same(name, cell, symbols, positions, reference, tolerance):
    """Elements in order, and positions modulo the cell, within a tolerance (Å)."""
    assert list(symbols) == list(reference.get_chemical_symbols()), name
    lengths = np.array(reference.cell.cellpar())
    assert np.allclose(cell, lengths, atol=1e-8), (name, cell, lengths)
    d = np.array(positions) - reference.get_scaled_positions(wrap=False)
    d -= np.round(d)
    worst = np.abs(d @ reference.cell.array).max()
    assert worst < tolerance, (name, worst)
    print(f"{name}: {len(symbols)} atoms, largest difference {worst:.1e} Å")


def main(folder):
    stem = str(folder / "contact-1")
    reference = ase.io.read(stem + ".extxyz")
    print("ASE, extended XYZ:", sorted(reference.arrays), sorted(reference.info))
    assert set(reference.arrays["region"]) == {"metal", "electrolyte"}

    order = np.loadtxt(stem + ".POSCAR.order", dtype=int)
    poscar = ase.io.read(stem + ".POSCAR", format="vasp")
    back = poscar[order[:, 1]]
    same("ASE, POSCAR by its order", back.cell.cellpar(), back.get_chemical_symbols(),
         back.get_scaled_positions(wrap=False), reference, 1e-9)
    cif = ase.io.read(stem + ".cif")
    same("ASE, CIF", cif.cell.cellpar(), cif.get_chemical_symbols(),
         cif.get_scaled_positions(wrap=False), reference, 1e-9)
    data = ase.io.read(stem + ".data", format="lammps-data", atom_style="atomic", units="metal")
    same("ASE, LAMMPS data", data.cell.cellpar(), data.get_chemical_symbols(),
         data.get_scaled_positions(wrap=False), reference, 1e-9)

    from_pymatgen(stem, order, reference)
    from_gemmi(stem, reference)


def from_pymatgen(stem, order, reference):
    try:
        from pymatgen.core import Structure
    except ImportError:
        print("pymatgen is not here")
        return
    poscar = Structure.from_str(open(stem + ".POSCAR").read(), fmt="poscar")
    back = Structure.from_sites([poscar[k] for k in order[:, 1]])
    same("pymatgen, POSCAR by its order", back.lattice.parameters,
         [s.specie.symbol for s in back], back.frac_coords, reference, 1e-9)
    # pymatgen puts the atoms of a CIF in an order of its own: each has one of ours in its place.
    cif = Structure.from_file(stem + ".cif")
    assert np.allclose(cif.lattice.parameters, reference.cell.cellpar(), atol=1e-8)
    ours = reference.get_scaled_positions(wrap=False)
    symbols = np.array(reference.get_chemical_symbols())
    taken = []
    for site in cif:
        d = ours - site.frac_coords
        d -= np.round(d)
        distances = np.linalg.norm(d @ reference.cell.array, axis=1)
        distances[symbols != site.specie.symbol] = np.inf
        taken.append(int(distances.argmin()))
        assert distances.min() < 1e-6, site
    assert sorted(taken) == list(range(len(reference)))
    print(f"pymatgen, CIF: {len(cif)} atoms, each within 1e-6 Å of one of ours")


def from_gemmi(stem, reference):
    try:
        import gemmi
    except ImportError:
        print("gemmi is not here")
        return
    small = gemmi.read_small_structure(stem + ".cif")
    c = small.cell
    same("gemmi, CIF", [c.a, c.b, c.c, c.alpha, c.beta, c.gamma],
         [s.element.name for s in small.sites],
         [[s.fract.x, s.fract.y, s.fract.z] for s in small.sites], reference, 1e-9)
    assert small.spacegroup_hm == "P 1", small.spacegroup_hm


main(pathlib.Path(sys.argv[1]))
