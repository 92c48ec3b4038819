#!/usr/bin/env python3
"""Frames between the minima of two potentials: python3 minima.py NEP.txt MINIMA OUT.extxyz SEED

MINIMA holds a crystal a file, each at rest by the labelling calculator. From there it is relaxed by
NEP.txt; frames lie on the straight line between the two, cell and all, and beyond (at t = 0 the first,
at t = 1 the second), as they are and with noise. Labelled, they tell the potential which of the two is
lower. Needs ase and `interphase`.
"""

import pathlib
import subprocess
import sys
import tempfile

import ase.io
import numpy as np

PLACES = (-0.5, 0, 0.25, 0.5, 0.75, 1, 1.25, 1.5, 2)
NOISE = (0, 0.01, 0.02)  # Å


def main():
    potential, minima, out = sys.argv[1:4]
    random = np.random.default_rng(int(sys.argv[4]))
    frames = []
    with tempfile.TemporaryDirectory() as scratch:
        for path in sorted(pathlib.Path(minima).glob("*.extxyz")):
            relaxed = str(pathlib.Path(scratch, path.name))
            subprocess.run(
                ["interphase", "relax", path, "--potential", potential, "--cell", "--leave-saddles",
                 "--minimizer", "lbfgs", "--fmax", "0.0002", "--smax", "0.001 GPa", "--threads", "1",
                 "--quiet", "-o", relaxed],
                check=True, stdout=subprocess.DEVNULL)
            first, second = ase.io.read(path), ase.io.read(relaxed)
            way = second.get_scaled_positions(wrap=False) - first.get_scaled_positions(wrap=False)
            way -= np.round(way)
            for t in PLACES:
                cell = (1 - t) * first.cell.array + t * second.cell.array
                place = (first.get_scaled_positions(wrap=False) + t * way) @ cell
                for noise in NOISE:
                    frame = ase.Atoms(
                        first.symbols, place + noise * random.standard_normal(place.shape),
                        cell=cell, pbc=True)
                    frame.info.update(config_type="minimum", traj=f"{path.stem}/minimum")
                    frames.append(frame)
    ase.io.write(out, frames, columns=["symbols", "positions"])


main()
