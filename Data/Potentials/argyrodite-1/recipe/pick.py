#!/usr/bin/env python3
"""Frames of runs for labelling: python3 pick.py OUT.extxyz RUNS NUMBER ...

RUNS holds directories ANION_CONTACT_TEMPERATURE of `interphase md`; of each trajectory the frames of
these numbers (from 0; negative ones from the end) are written, each with its group and trajectory.
"""

import pathlib
import re
import sys

import frames


def main():
    out, runs, numbers = sys.argv[1], pathlib.Path(sys.argv[2]), [int(n) for n in sys.argv[3:]]
    with open(out, "w") as file:
        for run in sorted(runs.glob("*_*_*")):
            found = frames.read(run / "trajectory.extxyz")
            wanted = {n if n >= 0 else len(found) + n for n in numbers}
            for n in sorted(wanted & set(range(len(found)))):
                notes = re.sub(r"(config_type|traj)=\S+", "", found[n][1])
                notes += f" config_type=contact traj={run.name}_{runs.name}"
                file.write("\n".join([found[n][0], notes] + found[n][2:]) + "\n")


main()
