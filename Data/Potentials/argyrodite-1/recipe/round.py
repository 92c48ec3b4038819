#!/usr/bin/env python3
"""The minima's labels up to a round: python3 round.py MINIMA.extxyz.gz ROUND WEIGHT [LIBH4] OUT.extxyz

Frames on the way between two minima get WEIGHT, or LIBH4 if they are of LiBH4; those about them 4.
"""

import gzip
import re
import sys


def main():
    labels, last, weight, out = sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[-1]
    softest = sys.argv[4] if len(sys.argv) == 6 else weight
    lines = gzip.open(labels, "rt").read().split("\n")
    start = 0
    with open(out, "w") as file:
        while start < len(lines) - 1:
            end = start + int(lines[start]) + 2
            notes = lines[start + 1]
            if int(re.search(r"round=(\d+)", notes).group(1)) <= last:
                between = softest if "traj=LiBH4/" in notes else weight
                own = between if "config_type=minimum" in notes else 4
                lines[start + 1] = f"{notes} weight={own}"
                file.write("\n".join(lines[start:end]) + "\n")
            start = end


main()
