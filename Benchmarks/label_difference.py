#!/usr/bin/env python3
"""Can few frames by a better theory mend another's labels? Writes the difference of forces to be fitted.

    PYTHON Benchmarks/label_difference.py PBE.extxyz OTHER.extxyz OUT --hold-out Cl_
    interphase learn train OUT/train.extxyz --valid OUT/test.extxyz --input OUT/nep.in -o OUT/fit

PBE and OTHER hold labels of the same frames, as `interphase learn label` writes them. OUT/test.extxyz
gets the contacts (config_type=contact) whose traj begins with the word held out, OUT/train.extxyz all
other frames; forces are PBE's less OTHER's, each less its mean over the frame. Energies, whose zeros
differ, are zero and next to unweighted. Printed is the error that a fit has to fall below: that of no
correction at all. Needs ase.
"""

import argparse
import pathlib

import ase
import ase.io
import numpy as np
from ase.calculators.singlepoint import SinglePointCalculator

INPUT = """version 4
zbl 2
use_typewise_cutoff_zbl 0.7
cutoff 5 4
n_max 4 4
basis_size 8 8
l_max 4 0 0
neuron 20
lambda_e 0.000001
lambda_f 1
lambda_v 0
batch 2
epoch 40
lr 0.005
stop_lr 1e-4
"""


def centred(atoms):
    forces = atoms.get_forces()
    return forces - forces.mean(0)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    for name in ("better", "other", "out"):
        parser.add_argument(name)
    parser.add_argument("--hold-out", required=True)
    options = parser.parse_args()
    others = {a.info["frame_sha256"]: a for a in ase.io.read(options.other, ":")}
    out = pathlib.Path(options.out)
    out.mkdir(parents=True, exist_ok=True)
    parts, held_out = {"train": [], "test": []}, []
    for atoms in ase.io.read(options.better, ":"):
        off = centred(atoms) - centred(others[atoms.info["frame_sha256"]])
        group, trajectory = atoms.info["config_type"], atoms.info["traj"]
        held = group == "contact" and trajectory.startswith(options.hold_out)
        if held:
            held_out.append(off)
        new = ase.Atoms(atoms.symbols, atoms.positions, cell=atoms.cell, pbc=True)
        new.info = {"config_type": group, "traj": trajectory}
        new.calc = SinglePointCalculator(new, energy=0.0, forces=off)
        parts["test" if held else "train"].append(new)
    for name, frames in parts.items():
        ase.io.write(out / f"{name}.extxyz", frames)
    (out / "nep.in").write_text(INPUT)
    error = (np.concatenate(held_out) ** 2).mean() ** 0.5
    print(f"without a correction: {error:.4f} eV/Å")


main()
