#!/usr/bin/env python3
"""Some frames of many runs and samples.

    python3 thin.py OUT.extxyz RUNS=STRIDE:FIRST:GROUP ... -- FILE=STRIDE ...

Before `--`: patterns of directories of `interphase md` runs; every STRIDE-th frame of each trajectory
from FIRST on (`n`: the contact's number modulo STRIDE), in GROUP. After it: files of `interphase learn
sample`; every STRIDE-th frame, with its group and trajectory. Trajectories get the ending `_g`, frames
are shuffled, only species, cell and positions stay.
"""

import pathlib
import random
import re
import sys

import frames


def plain(frame, group, trajectory):
    lattice = re.search(r'Lattice="[^"]*"', frame[1]).group(0)
    notes = (f'{lattice} Properties=species:S:1:pos:R:3 pbc="T T T" config_type={group} '
             f"traj={trajectory}_g")
    return "\n".join([frame[0], notes] + [" ".join(row.split()[:4]) for row in frame[2:]]) + "\n"


def main():
    out, words = sys.argv[1], sys.argv[2:]
    runs, samples = words[:words.index("--")], words[words.index("--") + 1:]
    chosen = []
    for word in runs:
        pattern, rule = word.split("=")
        stride, first, group = rule.split(":")
        for run in sorted(pathlib.Path().glob(pattern)):
            path = run / "trajectory.extxyz"
            if path.exists():
                number = run.name.split("_")[1]
                start = int(number) % int(stride) if first == "n" else int(first)
                chosen += [plain(f, group, run.name) for f in frames.read(path)[start::int(stride)]]
    for word in samples:
        path, stride = word.split("=")
        for frame in frames.read(path)[::int(stride)]:
            group = re.search(r"config_type=(\S+)", frame[1]).group(1)
            trajectory = re.search(r'traj=("[^"]*"|\S+)', frame[1]).group(1).strip('"')
            chosen.append(plain(frame, group, trajectory.replace(" ", "")))
    random.Random(1).shuffle(chosen)
    pathlib.Path(out).write_text("".join(chosen))
    print(f"{len(chosen)} frames")


main()
