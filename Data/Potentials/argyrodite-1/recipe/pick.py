#!/usr/bin/env python3
"""Frames of runs for labelling: python3 pick.py OUT.extxyz RUNS NUMBER ...

RUNS holds directories ANION_CONTACT_TEMPERATURE of `interphase md`; of each trajectory the frames of
these numbers (from 0; negative ones from the end) are written, each with its group and trajectory.
"""

import pathlib
import re
import sys


def main():
    out, runs, numbers = sys.argv[1], pathlib.Path(sys.argv[2]), [int(n) for n in sys.argv[3:]]
    with open(out, "w") as file:
        for run in sorted(runs.glob("*_*_*")):
            lines = (run / "trajectory.extxyz").read_text().split("\n")
            size = int(lines[0]) + 2
            frames = [lines[k:k + size] for k in range(0, len(lines) - 1, size)]
            wanted = {n if n >= 0 else len(frames) + n for n in numbers}
            for n in sorted(wanted & set(range(len(frames)))):
                notes = re.sub(r"(config_type|traj)=\S+", "", frames[n][1])
                notes += f" config_type=contact traj={run.name}_{runs.name}"
                file.write("\n".join([frames[n][0], notes] + frames[n][2:]) + "\n")


main()
