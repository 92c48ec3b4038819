"""PBE band gaps of phases in ../phases.csv, with GPAW 26.7.0 (`pip install gpaw gpaw-data spglib`).

    python compute.py            all structures; writes gaps.csv beside this file
    python compute.py LiB LiH    those only, printed

Plane waves to 520 eV, 3 k-points per 1/Angstrom and more in a mesh that holds Gamma, spin-paired,
Fermi-Dirac smearing of 10 meV. Structures are taken as they are, without relaxation: those of
../Structures, or a measured cell named below. Where the valence bands are filled the gap is the
lowest empty less the highest filled level on the mesh; 0 stands for bands that overlap or for an odd
number of electrons.

Molecules stand alone in a box: their gap is the Kohn-Sham gap between the highest occupied and the
lowest empty level, which packing in a crystal changes by tenths of an eV.
"""

import csv
import pathlib
import sys
import time

import spglib
from ase import Atoms
from ase.build import bulk, molecule
from ase.io import read
from ase.spacegroup import crystal
from gpaw import GPAW, PW, FermiDirac

HERE = pathlib.Path(__file__).resolve().parent
STRUCTURES = HERE.parent / "Structures"


def boxed(name):
    atoms = molecule(name)
    atoms.center(vacuum=4.5)
    atoms.pbc = True
    return atoms


def stored(name):
    def build():
        atoms = read(STRUCTURES / f"{name}.cif")
        cell = (atoms.cell[:], atoms.get_scaled_positions(), atoms.numbers)
        lattice, places, numbers = spglib.find_primitive(cell, symprec=0.01)
        return Atoms(numbers, scaled_positions=places, cell=lattice, pbc=True)

    return build


def hexagonal(symbols, scaled, a, c):
    return Atoms(symbols, scaled_positions=scaled, cell=[a, a, c, 90, 90, 120], pbc=True)


# Measured cells (Angstrom), with where they were published.
SOURCES = {
    # Staritzky & Walker, Anal. Chem. 28, 1055 (1956).
    "LiH": lambda: bulk("LiH", "rocksalt", a=4.083),
    # Perri, La Placa & Post, Acta Cryst. 11, 310 (1958).
    "BP": lambda: bulk("BP", "zincblende", a=4.538),
    # Woerle & Nesper, Angew. Chem. Int. Ed. 39, 2349 (2000): chains of boron along c between
    # columns of lithium, P6_3/mmc.
    "LiB": lambda: hexagonal(
        "Li2B2",
        [(1 / 3, 2 / 3, 0.25), (2 / 3, 1 / 3, 0.75), (0, 0, 0), (0, 0, 0.5)],
        4.022,
        2.796,
    ),
    # Graphite, and lithium between every layer (LiC6) or every other one (LiC12), layers stacked
    # straight: Guerard & Herold, Carbon 13, 337 (1975).
    "C": lambda: hexagonal(
        "C4", [(0, 0, 0.25), (0, 0, 0.75), (1 / 3, 2 / 3, 0.25), (2 / 3, 1 / 3, 0.75)], 2.461, 6.708
    ),
    "LiC6": lambda: crystal(
        ["Li", "C"], [(0, 0, 0), (1 / 3, 0, 0.5)], spacegroup=191, cellpar=[4.305, 4.305, 3.706, 90, 90, 120]
    ),
    "LiC12": lambda: crystal(
        ["Li", "C"], [(0, 0, 0), (1 / 3, 0, 0.25)], spacegroup=191, cellpar=[4.288, 4.288, 7.065, 90, 90, 120]
    ),
    # Down, Haley, Hubberstey, Pulham & Thunder, J. Chem. Soc. Dalton 1978, 1407: I4/mmm.
    "Li2CN2": lambda: crystal(
        ["Li", "C", "N"],
        [(0, 0.5, 0.25), (0, 0, 0), (0, 0, 0.1421)],
        spacegroup=139,
        cellpar=[3.687, 3.687, 8.668, 90, 90, 90],
        primitive_cell=True,
    ),
    # Schnick & Luecke, Z. Anorg. Allg. Chem. 588, 19 (1990): I-42d.
    "LiPN2": lambda: crystal(
        ["P", "Li", "N"],
        [(0, 0, 0), (0, 0, 0.5), (0.1699, 0.25, 0.125)],
        spacegroup=122,
        cellpar=[4.575, 4.575, 7.118, 90, 90, 90],
        primitive_cell=True,
    ),
    "H2S": lambda: boxed("SH2"),
    "BF3": lambda: boxed("BF3"),
    "PF5": lambda: Atoms(
        "PF5",
        [
            (0, 0, 0),
            (0, 0, 1.577),
            (0, 0, -1.577),
            (1.534, 0, 0),
            (-0.767, 1.3285, 0),
            (-0.767, -1.3285, 0),
        ],
        cell=[11, 11, 11],
        pbc=True,
    ),
}
MOLECULES = {"H2S", "BF3", "PF5"}
MESHES = {name: {"size": (1, 1, 1)} for name in MOLECULES}
# The bands of graphite touch at K, which is in meshes of 3 n points only.
MESHES["C"] = {"size": (12, 12, 4), "gamma": True}
STORED = ["LiF", "LiCl", "Li2S", "Li3P", "LiBF4", "LiCN", "LiBH4"]
SOURCES |= {name: stored(name) for name in STORED}


def gap(name, atoms):
    kpts = MESHES.get(name, {"density": 3.5, "gamma": True})
    calc = GPAW(
        mode=PW(520),
        xc="PBE",
        kpts=kpts,
        occupations=FermiDirac(0.01),
        nbands="120%",
        convergence={"bands": "occupied"},
        spinpol=False,
        txt=None,
    )
    atoms.calc = calc
    energy = atoms.get_potential_energy()
    electrons = calc.get_number_of_electrons()
    mesh = "x".join(str(n) for n in calc.wfs.kd.N_c)
    energy /= len(atoms)
    filled, rest = divmod(round(electrons), 2)
    if rest == 1:
        # An odd number of electrons leaves a band half full: a metal without magnetism.
        return 0.0, mesh, energy
    levels = [calc.get_eigenvalues(kpt=k) for k in range(len(calc.get_ibz_k_points()))]
    top = max(level[filled - 1] for level in levels)
    bottom = min(level[filled] for level in levels)
    return max(0.0, bottom - top), mesh, energy


def main(names):
    rows = []
    for name in names or SOURCES:
        atoms = SOURCES[name]()
        start = time.time()
        try:
            value, mesh, energy = gap(name, atoms)
        except Exception as error:  # one failure must not cost the others
            print(name, "failed:", repr(error), flush=True)
            continue
        print(name, atoms.get_chemical_formula(), f"{value:.2f} eV", mesh, f"{energy:.3f} eV/atom",
              f"{time.time() - start:.0f} s", flush=True)
        kind = "molecule" if name in MOLECULES else "crystal"
        rows.append([name, f"{value:.2f}", kind, mesh])
        if not names:
            with open(HERE / "gaps.csv", "w", newline="") as file:
                writer = csv.writer(file, lineterminator="\n")
                writer.writerow(["formula", "band_gap_PBE_eV", "model", "k_mesh"])
                writer.writerows(rows)


if __name__ == "__main__":
    main(sys.argv[1:])
