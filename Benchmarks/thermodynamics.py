"""Speed of the hull and of the uptake profile beside pymatgen's, in one run and on one table.

    python Benchmarks/thermodynamics.py .build/release/interphase-bench [--repeats 5]

1. 1,500 entries in 5 components: building and all hull distances; an uptake profile, with and without
   building. Both sides have the table in memory, run on one thread, and must agree to 1e-9 eV/atom,
   1e-7 V and 1e-7 in uptake.
2. 20,000 entries in 9 components: building and all hull distances within 60 s and 1 GiB. pymatgen has
   no part in it: listing the facets of such a hull is not practical.

Leaves with 1 if a result differs or a bar is missed.
"""

import argparse
import gc
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

import peer
import random_systems
from bars import bar, machine, missed

TARGET = {"Li": 6, "P": 1, "S": 5, "Cl": 1}


def measured(program, *arguments):
    """The program's JSON and the most memory that it held, in MiB."""
    process = subprocess.Popen([program, *arguments], stdout=subprocess.PIPE)
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        raise RuntimeError(f"{program} {' '.join(arguments)} left with {status}")
    return json.loads(output), usage.ru_maxrss / 1024


def timed(repeats, work):
    seconds = []
    for _ in range(repeats):
        gc.collect()
        start = time.perf_counter()
        result = work()
        seconds.append(time.perf_counter() - start)
    return seconds, result


def spread(seconds):
    scale, unit = (1e3, "ms") if statistics.median(seconds) < 1 else (1, "s")
    low, middle, high = (scale * f(seconds) for f in (min, statistics.median, max))
    return f"{middle:.4g} {unit} ({low:.4g} to {high:.4g})"


def ratio(name, theirs, own, least=None):
    value = statistics.median(theirs) / statistics.median(own)
    print(f"  {name}: pymatgen {spread(theirs)}, Interphase {spread(own)}: {value:.0f} times")
    if least:
        bar(value >= least, f"at least {least} times faster")


def side_by_side(program, table, system, repeats):
    entries = peer.entries_of(system)
    own, _ = measured(program, "hull", table, str(repeats))

    def all_distances():
        diagram = peer.PhaseDiagram(entries)
        return diagram, [float(diagram.get_e_above_hull(e)) for e in entries]

    seconds, (diagram, distances) = timed(repeats, all_distances)
    building, _ = timed(repeats, lambda: peer.PhaseDiagram(entries))
    print(
        f"{len(entries)} entries in {len(system.elements)} components, {own['stable']} on the hull, "
        f"{len(diagram.facets)} facets; {repeats} runs, median (least to most)"
    )
    ratio("building", building, own["building_s"])
    ratio("building and all hull distances", seconds, own["all_s"], least=100)
    worst = max(abs(a - b) for a, b in zip(own["hullDistances_eV_per_atom"], distances))
    bar(worst < 1e-9, f"hull distances agree: {worst:.1e} eV/atom")

    formula = "".join(f"{e}{n}" for e, n in TARGET.items())
    own, _ = measured(program, "profile", table, "Li", formula, str(max(repeats, 20)))
    alone, steps = timed(repeats, lambda: peer.profile(diagram, "Li", TARGET))
    both, _ = timed(
        repeats, lambda: peer.profile(peer.PhaseDiagram(entries), "Li", TARGET)
    )
    steps = peer.merged(steps, 1e-8)
    ratio(f"uptake profile of {formula}, diagram built before", alone, own["profile_s"], least=30)
    ratio(f"uptake profile of {formula}, building included", both, own["all_s"], least=30)
    same = len(steps) == len(own["from_V"])
    volts = max([abs(a[0] - b) for a, b in zip(steps, own["from_V"])])
    uptake = max([abs(a[1] - b) for a, b in zip(steps, own["uptake"])])
    bar(
        same and volts < 1e-7 and uptake < 1e-7,
        f"{len(own['from_V'])} steps agree: {volts:.1e} V, {uptake:.1e} in uptake",
    )


def large(program, table, system):
    own, memory = measured(program, "hull", table, "1")
    print(
        f"{own['entries']} entries in {own['components']} components, {own['stable']} on the hull: "
        f"building {spread(own['building_s'])}, building and all hull distances "
        f"{spread(own['all_s'])}, {memory:.0f} MiB"
    )
    bar(own["all_s"][0] < 60, "under 60 s on one core")
    bar(memory < 1024, "under 1 GiB")
    bar(min(own["hullDistances_eV_per_atom"]) > -1e-9, "no entry below the hull")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("program", nargs="?", default=".build/release/interphase-bench")
    parser.add_argument("--repeats", type=int, default=5)
    options = parser.parse_args()
    machine()
    with tempfile.TemporaryDirectory() as folder:
        table = str(Path(folder) / "entries.csv")
        elements = ["Li", "P", "S", "Cl", "O"]
        system = random_systems.table_of_phases(1, elements, 1500, scatter=2.0)
        Path(table).write_text(system.csv())
        side_by_side(options.program, table, system, options.repeats)
        system = random_systems.table_of_phases(1, elements + ["Na", "F", "B", "H"], 20000, 2.0)
        Path(table).write_text(system.csv())
        large(options.program, table, system)
    sys.exit(bool(missed))


if __name__ == "__main__":
    main()
