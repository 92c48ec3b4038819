"""Holds `interphase energy` against calorine's CPU calculator on the twenty structures.

Needs calorine 4.1, ASE 3.29 and NumPy 2.2. For any nep.txt files, published ones above all:

    python3 compare_with_calorine.py path/of/interphase model.txt [model.txt ...]

Prints a row per model, the largest differences over the structures, and leaves with 1 if one is
beyond 1e-6 eV/atom, 1e-5 eV/Å or 1e-6 eV/Å^3. The CPUNEP class refuses nep3 files; the compiled
module beneath it reads them and is called directly for those.
"""

import json
import os
import subprocess
import sys
import tempfile

import ase.io
import numpy as np
from calorine.calculators import CPUNEP

import _nepy
from nep_structures import twenty


def reference(path, atoms, word):
    """Energy, forces and stress (xx, yy, zz, yz, xz, xy) by calorine."""
    if word.startswith("nep4"):
        atoms.calc = CPUNEP(path)
        return atoms.get_potential_energy(), atoms.get_forces(), atoms.get_stress()
    n = len(atoms)
    nep = _nepy.NEPY(path, n, list(atoms.cell.array.T.ravel()), atoms.get_chemical_symbols(),
                     list(atoms.positions.T.ravel()), list(atoms.get_masses()))
    energies, forces, virials = nep.get_potential_forces_and_virials()
    virial = np.array(virials).reshape(-1, n).sum(axis=1).reshape(3, 3)
    stress = -(virial + virial.T) / 2 / atoms.get_volume()
    return (np.sum(energies), np.array(forces).reshape(3, n).T,
            stress[[0, 1, 2, 1, 0, 0], [0, 1, 2, 2, 2, 1]])


def compare(program, path, folder):
    with open(path) as f:
        head = f.readline().split()
        kinds = [line for line in (f.readline().strip() for _ in range(6)) if line]
    worst = np.zeros(3)
    structures = twenty(head[2:], 2021)
    for k, (name, atoms) in enumerate(structures):
        file = os.path.join(folder, f"{k}.extxyz")
        ase.io.write(file, atoms, format="extxyz")
        atoms = ase.io.read(file)
        run = subprocess.run([program, "energy", file, "--potential", path, "--json"],
                             capture_output=True, text=True, check=True)
        found = json.loads(run.stdout)
        energy, forces, stress = reference(path, atoms, head[0])
        worst = np.maximum(worst, [
            abs(found["energy_eV"] - energy) / len(atoms),
            np.abs(np.array(found["forces_eV_per_A"]) - forces).max(),
            np.abs(np.array(found["stress_eV_per_A3"]) - stress).max()])
    l_max = next(line for line in kinds if line.startswith("l_max"))
    print(f"| {os.path.basename(path)} | {head[0]}, {head[1]} species, {l_max} "
          f"| {len(structures)} | {worst[0]:.1e} | {worst[1]:.1e} | {worst[2]:.1e} |", flush=True)
    return bool((worst < [1e-6, 1e-5, 1e-6]).all())


def main():
    program, models = sys.argv[1], sys.argv[2:]
    print("| model | kind | structures | eV/atom | eV/Å | eV/Å^3 |\n|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        good = [compare(os.path.abspath(program), os.path.abspath(m), folder) for m in models]
    sys.exit(0 if all(good) else 1)


if __name__ == "__main__":
    main()
