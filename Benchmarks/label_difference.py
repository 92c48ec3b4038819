#!/usr/bin/env python3
"""Can few frames by a better theory mend another's labels? Writes the difference of forces to be fitted.

    python3 Benchmarks/label_difference.py PBE.extxyz OTHER.extxyz OUT --hold-out Cl_
    interphase learn train OUT/train.extxyz --valid OUT/test.extxyz --input OUT/nep.in -o OUT/fit

PBE and OTHER hold labels of the same frames, as `interphase learn label` writes them. OUT/test.extxyz
gets the contacts (config_type=contact) whose traj begins with the word held out, OUT/train.extxyz all
other frames; forces are PBE's less OTHER's, each less its mean over the frame. Energies, whose zeros
differ, are zero and next to unweighted. Printed is the error that a fit has to fall below: that of no
correction at all.
"""

import argparse
import pathlib
import re

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


def frames(path):
    """Comment, species, positions and forces of each frame."""
    lines = pathlib.Path(path).read_text().split("\n")
    at, found = 0, []
    while at < len(lines) and lines[at].strip():
        count, comment = int(lines[at]), lines[at + 1]
        words = re.search(r"Properties=(\S+)", comment).group(1).split(":")
        column, place = 0, {}
        for name, size in zip(words[0::3], words[2::3]):
            place[name], column = column, column + int(size)
        rows = [line.split() for line in lines[at + 2:at + 2 + count]]

        def three(name):
            return [[float(x) for x in r[place[name]:place[name] + 3]] for r in rows]

        found.append((comment, [r[place["species"]] for r in rows], three("pos"), three("forces")))
        at += count + 2
    return found


def key(frame):
    return tuple(frame[1]), tuple(round(x, 3) for position in frame[2] for x in position)


def centred(forces):
    means = [sum(f[k] for f in forces) / len(forces) for k in range(3)]
    return [[f[k] - means[k] for k in range(3)] for f in forces]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    for name in ("better", "other", "out"):
        parser.add_argument(name)
    parser.add_argument("--hold-out", required=True)
    options = parser.parse_args()
    others = {key(f): f for f in frames(options.other)}
    out = pathlib.Path(options.out)
    out.mkdir(parents=True, exist_ok=True)
    texts, squares, count = {"train": "", "test": ""}, 0.0, 0
    for frame in frames(options.better):
        comment, species, positions, forces = frame
        note = {k: re.search(rf'\b{k}=("[^"]*"|\S+)', comment).group(1)
                for k in ("Lattice", "config_type", "traj")}
        held = note["config_type"] == "contact" and note["traj"].startswith(options.hold_out)
        other = centred(others[key(frame)][3])
        off = [[a[k] - b[k] for k in range(3)] for a, b in zip(centred(forces), other)]
        if held:
            squares, count = squares + sum(x * x for f in off for x in f), count + 3 * len(off)
        rows = "".join(f"{s} " + " ".join(f"{x:.6f}" for x in p + f) + "\n"
                       for s, p, f in zip(species, positions, off))
        texts["test" if held else "train"] += (
            f"{len(species)}\nLattice={note['Lattice']} Properties=species:S:1:pos:R:3:forces:R:3 "
            f"energy=0.0 config_type={note['config_type']} traj={note['traj']} pbc=\"T T T\"\n{rows}")
    for name, text in texts.items():
        (out / f"{name}.extxyz").write_text(text)
    (out / "nep.in").write_text(INPUT)
    print(f"without a correction: {(squares / count) ** 0.5:.4f} eV/Å")


main()
