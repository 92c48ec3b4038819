#!/usr/bin/env python3
"""Lithium's surfaces, adatoms above them and small clusters: python3 lithium.py OUT.extxyz

Needs ASE and numpy. Without such frames lithium leaves a surface at 300 K.
"""

import sys

import numpy as np
from ase import Atoms
from ase.build import bcc100, bcc110, bcc111
from ase.io import write

FACES = (("110", bcc110, (3, 4, 4)), ("100", bcc100, (3, 3, 5)), ("111", bcc111, (3, 3, 7)))
HEIGHTS = (1.6, 2.2, 3.0, 3.8, 4.8, 6.2)
SIZES = (2, 2, 3, 4, 6, 8, 10, 13)


def slabs(rng):
    for name, build, size in FACES:
        for k in range(10):
            a = 3.44 * (1 + rng.uniform(-0.01, 0.02))
            slab = build("Li", size=size, a=a, vacuum=9, orthogonal=build is bcc100)
            slab.pbc = True
            slab.rattle(stdev=(0.03, 0.08, 0.12, 0.18)[k % 4], rng=rng)
            group = "li_surface"
            if k >= 4:
                top = slab.positions[:, 2].max()
                place = rng.uniform(0, 1, 2) @ slab.cell[:2, :2]
                slab += Atoms("Li", positions=[[*place, top + HEIGHTS[k - 4]]])
                group = "li_adatom"
            slab.info = {"config_type": group, "traj": f"li{name}_{k}"}
            yield slab


def clusters(rng):
    for k, size in enumerate(SIZES):
        places = []
        while len(places) < size:
            place = rng.uniform(-1, 1, 3) * (1.3 * size ** (1 / 3) + 0.6)
            if all(np.linalg.norm(place - other) > 2.4 for other in places):
                places.append(place)
            elif rng.random() < 1e-4:
                places = []
        cluster = Atoms("Li" * size, positions=places, cell=[18] * 3, pbc=True)
        cluster.center()
        cluster.info = {"config_type": "li_cluster", "traj": f"licl{k}"}
        yield cluster


def main():
    rng = np.random.default_rng(5)
    write(sys.argv[1], [*slabs(rng), *clusters(rng)])


main()
