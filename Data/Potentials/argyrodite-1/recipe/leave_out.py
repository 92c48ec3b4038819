#!/usr/bin/env python3
"""The labels without every frame of some crystals: python3 leave_out.py LABELS.extxyz.gz OUT.extxyz

What a potential makes of crystals that it never saw: train on OUT, then validate on those crystals.
"""

import re
import sys

import frames

CRYSTALS = {"Li3P", "LiCl", "LiBH4", "LiF", "Li6PS5BF4", "Li6PS5CN"}
# The seed names the argyrodites in motion by their anions.
ANIONS = {"BF4", "CN"}


def main():
    left_out = 0
    with open(sys.argv[2], "w") as out:
        for frame in frames.read(sys.argv[1]):
            names = set(re.split("[/_:]", re.search(r"traj=(\S+)", frame[1]).group(1)))
            group = re.search(r"config_type=(\S+)", frame[1]).group(1)
            if names & CRYSTALS or group in ("md_bulk", "al_bulk") and names & ANIONS:
                left_out += 1
            else:
                out.write("\n".join(frame) + "\n")
    print(f"{left_out} frames left out")


main()
