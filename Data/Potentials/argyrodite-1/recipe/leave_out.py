#!/usr/bin/env python3
"""The labels without every frame of some crystals: python3 leave_out.py LABELS.extxyz.gz OUT.extxyz

What a potential makes of crystals that it never saw: train on OUT, then validate on those crystals.
"""

import gzip
import re
import sys

CRYSTALS = {"Li3P", "LiCl", "LiBH4", "LiF", "Li6PS5BF4", "Li6PS5CN"}
# The seed names the argyrodites in motion by their anions.
ANIONS = {"BF4", "CN"}


def main():
    lines = gzip.open(sys.argv[1], "rt").read().split("\n")
    start = left_out = 0
    with open(sys.argv[2], "w") as out:
        while start < len(lines) - 1:
            end = start + int(lines[start]) + 2
            names = set(re.split("[/_:]", re.search(r"traj=(\S+)", lines[start + 1]).group(1)))
            group = re.search(r"config_type=(\S+)", lines[start + 1]).group(1)
            if names & CRYSTALS or group in ("md_bulk", "al_bulk") and names & ANIONS:
                left_out += 1
            else:
                out.write("\n".join(lines[start:end]) + "\n")
            start = end
    print(f"{left_out} frames left out")


main()
