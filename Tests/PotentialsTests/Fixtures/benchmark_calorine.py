"""The time that calorine's CPU calculator takes, per atom and evaluation.

    python3 benchmark_calorine.py structure.extxyz nep89.txt

Needs calorine 4.1 and ASE 3.29. The positions change from run to run, as in dynamics; its
neighbour list is built anew in every run.
"""

import sys
import time

import ase.io
import numpy as np
from calorine.calculators import CPUNEP

atoms = ase.io.read(sys.argv[1])
atoms.calc = CPUNEP(sys.argv[2])
atoms.get_forces()
rng = np.random.default_rng(1)
start = atoms.positions.copy()
times = []
for _ in range(60):
    atoms.positions = start + rng.normal(0, 1e-4, start.shape)
    begin = time.perf_counter()
    atoms.get_forces()
    times.append((time.perf_counter() - begin) / len(atoms) * 1e6)
times.sort()
print(f"{len(atoms)} atoms, calorine: {times[0]:.1f} (least), {times[30]:.1f} (median) "
      "µs per atom and step")
