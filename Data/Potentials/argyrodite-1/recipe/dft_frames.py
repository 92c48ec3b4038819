#!/usr/bin/env python3
"""The frames that are judged by DFT: python3 dft_frames.py RUNS CRYSTALS.extxyz LI.extxyz OUT.extxyz

RUNS holds ANION_thin1_300 and ANION_thin2_300 of `interphase md`, a frame each 0.1 ps. Of the first the
frames at 0.2, 1 and 6 ps are taken (before, while and after the P-S bonds break), of the second that at
0.8 ps; the note intact_PS counts bonds up to 2.6 Å. Of crystals every frame of the argyrodites, of the
others the second.
"""

import pathlib
import re
import sys

import frames
import numpy as np


def read(path):
    for _, notes, *rows in frames.read(path):
        rows = [row.split()[:4] for row in rows]
        cell = re.search(r'Lattice="([^"]*)"', notes).group(1).split()
        trajectory = re.search(r'traj="?([^" ]+)', notes)
        yield (np.array(cell, float).reshape(3, 3), [r[0] for r in rows],
               np.array([r[1:] for r in rows], float), trajectory and trajectory.group(1))


def intact(lattice, species, positions):
    p, s = ([k for k, x in enumerate(species) if x == e] for e in "PS")
    apart = (positions[p][:, None] - positions[s][None]) @ np.linalg.inv(lattice)
    apart = (apart - np.round(apart)) @ lattice
    return f"{int((np.linalg.norm(apart, axis=2) < 2.6).sum())}_of_{4 * len(p)}"


def text(frame, group, trajectory, notes=""):
    lattice, species, positions, _ = frame
    cell = " ".join(f"{x:.6f}" for x in lattice.ravel())
    rows = [s + " " + " ".join(f"{x:.5f}" for x in r) for s, r in zip(species, positions)]
    return "\n".join([
        str(len(species)), f'Lattice="{cell}" Properties=species:S:1:pos:R:3 config_type={group} '
        f'traj={trajectory}{notes} pbc="T T T"'] + rows) + "\n"


def main():
    runs, crystals, lithium, out = sys.argv[1:]
    first, second, bulk, seen = [], [], [], {}
    for anion in ("Cl", "BH4", "BF4", "CN"):
        for number, picks, into in ((1, (2, 10, 60), first), (2, (8,), second)):
            name = f"{anion}_thin{number}_300"
            run = list(read(f"{runs}/{name}/trajectory.extxyz"))
            into += [text(run[k], "contact", name,
                          f" time_ps={k / 10} intact_PS={intact(*run[k][:3])}") for k in picks]
    for frame in read(crystals):
        seen[frame[3]] = seen.get(frame[3], 0) + 1
        if seen[frame[3]] == 2 or "Li6PS5" in frame[3]:
            bulk.append(text(frame, "crystal", frame[3]))
    bulk.append(text(next(read(lithium)), "crystal", "Li/300K"))
    pathlib.Path(out).write_text("".join(first + bulk + second))


main()
