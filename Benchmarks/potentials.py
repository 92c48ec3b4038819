#!/usr/bin/env python3
"""Time of molecular dynamics with the carried potential, NEP89 and SevenNet, in one run on the contacts.

    python Benchmarks/potentials.py .build/release/interphase .build/release/interphase-bench
        [--rounds 2] [--calculator sevennet-l3i5] [--contacts FILE ...]

Without --contacts they are made here: Li6PS5Cl, Li6PS5BH4, Li6PS5BF4 and Li6PS5CN on lithium, relaxed
cells, at most 400 atoms, the least strained match; a study may choose others. The three take turns, one thread each. Of the
potentials it is the processor time of an NVT step of 1 fs that counts, the least of all blocks; of
SevenNet, which runs behind a socket, the time on the clock by which a longer run exceeds a shorter one,
so that starting it does not count. Leaves with 1 if a bar is missed.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

import contact
from bars import asked, bar, machine, missed, run, spread

ANIONS = ("Cl", "BH4", "BF4", "CN")
ATOMS = 400
ALLOWED = 1.2
# Steps of SevenNet: it takes seconds for one.
SHORT, LONG = 1, 3
# How often the potentials are timed in a round.
TURNS = 3
# Steps of a block, some lives of a neighbour list, and how many: a block of 40 ms in which another
# program has no part of the core is more often to be had than a long one.
STEPS, BLOCKS = 100, 20


def potential(options, structure, model):
    """Least microseconds of processor time per atom and step."""
    found = asked(options.bench, "dynamics", structure, model, 1, "1x1x1", 200, STEPS, BLOCKS)
    return min(found["cpu_us"])


def seconds(options, structure, steps):
    with tempfile.TemporaryDirectory() as folder:
        start = time.monotonic()
        run(
            options.interphase, "md", structure, "--calculator", options.calculator, "--threads", "1",
            "--temperature", "300 K", "--timestep", "1 fs", "--time", f"{steps} fs", "-o",
            Path(folder) / "md", "--quiet",
        )  # fmt: skip
        return time.monotonic() - start


def external(options, structure, atoms):
    """Microseconds on the clock per atom and step."""
    short, long = (seconds(options, structure, steps) for steps in (SHORT, LONG))
    return (long - short) / (LONG - SHORT) / atoms * 1e6


def contacts(options, model, folder):
    for anion in ANIONS:
        name = f"Li6PS5{anion}"
        place = Path(folder) / name
        place.mkdir()
        yield name, contact.relaxed(options.interphase, f"{name}.extxyz", ATOMS, model, place)[0]


def compare(name, structure, options, models):
    atoms = len(contact.Frame(structure))
    times = {key: [] for key in (*models, options.calculator)}
    for _ in range(options.rounds):
        for key, model in list(models.items()) * TURNS:
            times[key].append(potential(options, structure, model))
        times[options.calculator].append(external(options, structure, atoms))
    print(f"{name}, {atoms} atoms: µs per atom and step, median (least to most) of the rounds")
    for key, values in times.items():
        print(f"  {key:16s} {spread(values)}")
    ours = times["argyrodite-1"]
    ratios = [b / a for a, b in zip(ours, times["nep89"])]
    print(f"  nep89 to argyrodite-1: {spread(ratios)}")
    ratios = [b / a for a, b in zip(ours[::TURNS], times[options.calculator])]
    print(f"  {options.calculator} to argyrodite-1: {spread(ratios)}")
    bar(min(ours) <= ALLOWED, f"argyrodite-1 {min(ours):.2f} µs per atom and step, at most {ALLOWED}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("interphase")
    parser.add_argument("bench")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--calculator", default="sevennet-l3i5")
    parser.add_argument("--contacts", nargs="+", type=Path)
    options = parser.parse_args()
    machine()
    models = {
        "argyrodite-1": contact.carried(options.interphase),
        "nep89": contact.potential(options.interphase),
    }
    with tempfile.TemporaryDirectory() as folder:
        given = [(str(path), path) for path in options.contacts or []]
        for name, structure in given or contacts(options, models["argyrodite-1"], folder):
            compare(name, structure, options, models)
    machine()
    sys.exit(1 if missed else 0)


main()
