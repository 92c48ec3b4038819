#!/usr/bin/env python3
"""The minima's labels up to a round: python3 round.py MINIMA.extxyz.gz ROUND WEIGHT [LIBH4] OUT.extxyz

Frames on the way between two minima get WEIGHT, or LIBH4 if they are of LiBH4; those about them 4.
"""

import re
import sys

import frames


def main():
    labels, last, weight, out = sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[-1]
    softest = sys.argv[4] if len(sys.argv) == 6 else weight
    with open(out, "w") as file:
        for frame in frames.read(labels):
            notes = frame[1]
            if int(re.search(r"round=(\d+)", notes).group(1)) > last:
                continue
            between = softest if "traj=LiBH4/" in notes else weight
            frame[1] += f" weight={between if 'config_type=minimum' in notes else 4}"
            file.write("\n".join(frame) + "\n")


main()
