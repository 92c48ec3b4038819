"""Lattice constants and elastic constants of `interphase` against calorine's CPU calculator.

Needs calorine 4.1, ASE 3.29 and NumPy 2.2. From the root of the checkout, for the page
Documentation/Benchmarks/elastic.md:

    python3 Tests/DynamicsTests/Fixtures/compare_elastic.py path/of/interphase path/of/nep89.txt

For bcc Li, Li2S and LiCl it prints the lattice constant of either minimiser, that of the lowest
energy by calorine in a fine scan, and energies at the scan's minimum and at the value in question;
then elastic constants of `interphase elastic --relax` beside those of finite strain in ASE.
"""

import json
import os
import subprocess
import sys
import tempfile

import ase.io
import numpy as np
from ase.build import bulk

import generate_elastic

GPA = 160.2176634
EXPECTED = {"Li": 3.293, "Li2S": 5.543, "LiCl": 4.959}


def conventional(name, a):
    if name == "Li":
        return bulk("Li", "bcc", a=a, cubic=True)
    if name == "LiCl":
        return bulk("LiCl", "rocksalt", a=a, cubic=True)
    return bulk("SLi2", "fluorite", a=a, cubic=True)


def energy(name, a, model):
    atoms = generate_elastic.with_potential(conventional(name, a), model)
    return atoms.get_potential_energy() / len(atoms)


def scan(name, near, model):
    """The lattice constant of lowest energy and how many minima there are.

    By 0.01 Å over 0.2 Å, which would show another minimum, then by 0.001 Å about the given value,
    and a parabola through the lowest three.
    """
    coarse = [energy(name, EXPECTED[name] + step / 100, model) for step in range(-10, 11)]
    minima = sum(a > b < c for a, b, c in zip(coarse, coarse[1:], coarse[2:]))
    grid = np.round(near, 3) + np.arange(-4, 5) / 1000
    energies = np.array([energy(name, a, model) for a in grid])
    k = int(energies.argmin())
    fine = np.polyfit(grid[k - 1:k + 2] - grid[k], energies[k - 1:k + 2], 2)
    return grid[k] - fine[1] / (2 * fine[0]), minima


def run(program, *arguments):
    return json.loads(subprocess.run([program, *arguments, "--json", "--quiet"],
                                     capture_output=True, text=True, check=True).stdout)


def relaxed(program, file, model, minimizer, folder):
    path = os.path.join(folder, f"{minimizer}.extxyz")
    found = run(program, "relax", file, "--potential", model, "--cell", "--minimizer", minimizer,
                "--fmax", "1e-4", "--smax", "0.001 GPa", "-o", path)
    return ase.io.read(path), found["evaluations"]


def lattices(program, model, folder):
    print("| crystal | FIRE, Å | evaluations | L-BFGS, Å | evaluations | scan with calorine, Å | "
          "minima within 0.1 Å | asked for, Å | E(asked for) - E(minimum), meV/atom |")
    print("|---|---|---|---|---|---|---|---|---|")
    for name, asked in EXPECTED.items():
        start = conventional(name, asked * 1.03)
        file = os.path.join(folder, f"{name}.extxyz")
        ase.io.write(file, start, format="extxyz")
        cells = [relaxed(program, file, model, m, folder) for m in ("fire", "lbfgs")]
        best, minima = scan(name, cells[1][0].cell.volume ** (1 / 3), model)
        columns = [f"{atoms.cell.volume ** (1 / 3):.4f} | {n}" for atoms, n in cells]
        excess = 1000 * (energy(name, asked, model) - energy(name, best, model))
        print(f"| {name} | {' | '.join(columns)} | {best:.4f} | {minima} | {asked} | {excess:.3f} |", flush=True)


def constants(program, file, model, atoms_answer, folder):
    """Ours and calorine's constants of one and the same relaxed crystal, in GPa."""
    path = os.path.join(folder, "crystal.extxyz")
    run(program, "relax", file, "--potential", model, "--cell", "--minimizer", "lbfgs",
        "--fmax", "1e-5", "--smax", "1e-4 GPa", "-o", path)
    ours = np.array(run(program, "elastic", path, "--potential", model, "--atoms",
                        atoms_answer)["elasticConstants_GPa"])
    theirs = generate_elastic.constants(ase.io.read(path), model, atoms_answer == "relaxed") * GPA
    return ours, (theirs + theirs.T) / 2


def main():
    program, model = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
    with tempfile.TemporaryDirectory() as folder:
        lattices(program, model, folder)
        print("\n| crystal | atoms | C11 | C12 | C44 | calorine C11 | C12 | C44 | "
              "largest difference of all 36, GPa |")
        print("|---|---|---|---|---|---|---|---|---|")
        for name in ("Li", "LiCl", "Li2S", "Li6PS5Cl"):
            file = f"Data/Structures/{name}." + ("extxyz" if name == "Li6PS5Cl" else "cif")
            for answer in ("clamped", "relaxed"):
                ours, theirs = constants(program, file, model, answer, folder)
                row = [f"{c[i, j]:.3f}" for c in (ours, theirs) for i, j in ((0, 0), (0, 1), (3, 3))]
                print(f"| {name} | {answer} | {' | '.join(row)} | {np.abs(ours - theirs).max():.1e} |", flush=True)


if __name__ == "__main__":
    main()
