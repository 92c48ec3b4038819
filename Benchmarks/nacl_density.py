"""Bader charges of NaCl against the grid, on densities made with GPAW: nacl_density.py INTERPHASE [POINTS ...]

Needs GPAW (made with 26.7.0 and gpaw-data; PBE, 520 eV, 4 x 4 x 4 k-points, a = 5.64 Å, primitive cell).
Writes the all-electron density of each grid as a cube file, in e/Bohr³, and asks `interphase bader` for
the charge of Na by both methods.
"""

import json
import os
import subprocess
import sys
import tempfile

import numpy as np
from ase.build import bulk
from ase.io.cube import write_cube
from ase.units import Bohr
from gpaw import GPAW, PW

EDGE = 5.64  # Å


def main():
    interphase = sys.argv[1]
    grids = [int(n) for n in sys.argv[2:]] or [60, 80, 120, 200, 300]
    atoms = bulk("NaCl", "rocksalt", a=EDGE)
    atoms.calc = GPAW(mode=PW(520), xc="PBE", kpts=(4, 4, 4), txt=None)
    atoms.get_potential_energy()
    densities = atoms.calc.dft.densities()
    step = np.linalg.norm(atoms.cell[0])
    print("| points | electrons | Na, weight | Na, near-grid | off-nucleus maxima | vacuum electrons |")
    print("|---|---|---|---|---|---|")
    for n in grids:
        field = densities.all_electron_densities(grid_spacing=step / n).gather()
        values = field.data.sum(0) if field.data.ndim == 4 else field.data
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "nacl.cube")
            # GPAW's arrays of this kind are in e/Bohr³ already; checked by the electrons.
            if abs(values.mean() * atoms.get_volume() - 28) < 1:
                values = values * Bohr**3
            with open(path, "w") as file:
                write_cube(file, atoms, data=values)
            found = {}
            for method in ("weight", "near-grid"):
                command = [interphase, "bader", path, "--all-electron", "--json", "--quiet", "--method", method]
                found[method] = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
        weight = found["weight"]
        print(
            f"| {' x '.join(str(k) for k in values.shape)} | {weight['electrons']:.4f} | "
            f"{weight['atoms'][0]['charge']:.4f} | {found['near-grid']['atoms'][0]['charge']:.4f} | "
            f"{weight['offNucleusMaximaCount']} | {weight['vacuumElectrons']:.2g} |",
            flush=True,
        )


main()
