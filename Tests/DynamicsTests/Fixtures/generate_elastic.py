"""Writes elastic.golden.json: elastic constants by finite strain with calorine's CPU calculator.

Needs calorine 4.1, ASE 3.29 and NumPy 2.2. Run in this directory:

    python3 generate_elastic.py

The potential is `nep4_zbl` of Tests/PotentialsTests/Fixtures: random numbers that describe no
material. Its crystals are cells of a few atoms that were relaxed with it, so that there is
something to strain. C_IJ = (s_I(+h) - s_I(-h)) / 2h, engineering strains of h = 0.005, in the order
xx, yy, zz, yz, xz, xy; once with the atoms moved along with the cell, once relaxed at each strain.
"""

import functools
import json

import numpy as np
from ase import Atoms
from ase.build import bulk
from ase.filters import FrechetCellFilter
from ase.optimize import BFGS
from calorine.calculators import CPUNEP

MODEL = "../../PotentialsTests/Fixtures/nep4_zbl.nep.txt"
AMPLITUDE = 0.005
INDICES = [(0, 0), (1, 1), (2, 2), (1, 2), (0, 2), (0, 1)]


@functools.cache
def calculator(model, formula):
    """One for each composition: reading a large model takes longer than using it."""
    return CPUNEP(model)


def with_potential(atoms, model):
    atoms.calc = calculator(model, str(atoms.symbols))
    return atoms


def relaxed(atoms, model, cell, fmax):
    atoms = with_potential(atoms.copy(), model)
    moving = FrechetCellFilter(atoms) if cell else atoms
    BFGS(moving, logfile=None).run(fmax=fmax, steps=2000)
    return atoms


def strained(atoms, column, e):
    strain = np.zeros((3, 3))
    i, j = INDICES[column]
    strain[i, j] += e / 2
    strain[j, i] += e / 2
    copy = atoms.copy()
    copy.set_cell(atoms.cell.array @ (np.eye(3) + strain), scale_atoms=True)
    return copy


def constants(atoms, model, relax):
    """dσ_I/de_J in eV/Å^3, not made symmetric."""
    c = np.zeros((6, 6))
    for column in range(6):
        for sign in (1, -1):
            moved = with_potential(strained(atoms, column, sign * AMPLITUDE), model)
            if relax:
                moved = relaxed(moved, model, False, 1e-7)
            c[:, column] += sign * moved.get_stress() / (2 * AMPLITUDE)
    return c


def crystals():
    rng = np.random.default_rng(11)
    skewed = Atoms("LiLiBFF", cell=[4.1, 4.6, 5.2, 82, 97, 105], pbc=True, scaled_positions=[
        [0, 0, 0], [0.5, 0.45, 0.1], [0.05, 0.5, 0.55], [0.5, 0, 0.45], [0.45, 0.55, 0.75]])
    mixed = bulk("NaCl", "rocksalt", a=5.0, cubic=True)
    mixed.symbols = ["Li", "F", "B", "Li", "F", "Li", "Li", "B"]
    mixed.positions += rng.normal(0, 0.2, mixed.positions.shape)
    salt = bulk("CsCl", "cesiumchloride", a=3.2)
    salt.symbols = ["Li", "F"]
    return [("caesium chloride, LiF", salt), ("skewed, Li2BF2", skewed),
            ("eight atoms, Li4B2F2", mixed)]


def main():
    rows = []
    for name, atoms in crystals():
        start = relaxed(atoms, MODEL, True, 1e-6)
        rows.append({
            "name": name, "lattice": start.cell.array.tolist(), "periodic": [True] * 3,
            "symbols": start.get_chemical_symbols(), "positions": start.positions.tolist(),
            "clamped": constants(start, MODEL, False).tolist(),
            "relaxed": constants(start, MODEL, True).tolist()})
    with open("elastic.golden.json", "w") as f:
        json.dump({"source": "calorine 4.1, CPUNEP, ASE 3.29; generate_elastic.py",
                   "amplitude": AMPLITUDE, "crystals": rows}, f, separators=(",", ":"))
        f.write("\n")


if __name__ == "__main__":
    main()
