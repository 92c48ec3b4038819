"""Time and memory of molecular dynamics beside calorine's C++, in one run and on one contact.

    python Benchmarks/dynamics.py .build/release/interphase .build/release/interphase-bench
        [--rounds 5] [--large-rounds 2] [--large-steps 100]

1. A contact of Li6PS5Cl and Li with about 212 atoms, on NEP89 and on NEP89 cut to nine species. Ours is
   an NVT run at 1 fs and 300 K with all that belongs to it; theirs is the class NEP of the nep_cpu
   sources in calorine's archive, built with -O3 -march=native -ffast-math by each compiler that is
   there and called without Python, and the same class as pip builds it, called by ASE through CPUNEP.
   The sides take turns. Both must give the same forces on the same frame, or no time counts.
2. Supercells of the contact with about 10,000 and 100,000 atoms: time per atom, memory.
3. The operations that the model needs, counted, against the most multiply-adds that one core does.

With one thread it is processor time that counts, which other programs on the machine disturb least; the
time on the clock stands beside it, and is what two threads are measured by. A ratio is of the least
times of all rounds; beside it stand the ratios of the single rounds. Leaves with 1 if a bar is missed.
"""

import argparse
import os
import sys
import tempfile
from pathlib import Path
from statistics import median

for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

import numpy as np

import contact
import nep_file
import nep_operations
import nep_peer
from bars import asked, bar, machine, missed, spread

NINE = ["H", "Li", "B", "C", "N", "F", "P", "S", "Cl"]
FORCES = 2e-4
LARGE = ("7x7x1", "22x21x1")
# How often both of ours are started beside each of theirs.
TURNS = 3
# Names of what is timed.
OURS = "ours, 1 thread"
ONE = "ours, 1 thread, on the clock"
TWO = "ours, 2 threads, on the clock"


class Sides:
    """Both programs on one model and one frame."""

    def __init__(self, options, name, model, frame, folder):
        self.options, self.name, self.model, self.frame = options, name, model, frame
        self.folder = Path(folder)
        self.xyz, self.plain = self.folder / "frame.extxyz", self.folder / "frame.txt"
        self.drivers = nep_peer.drivers()
        # Least microseconds per atom and step, a value per round; `turns` are those of one round.
        self.rounds, self.turns = {}, {}

    def ours(self, threads, cells="1x1x1", warm_up=200, steps=500, blocks=4):
        return asked(
            self.options.bench, "dynamics", self.xyz, self.model, threads, cells, warm_up, steps,
            blocks,
        )  # fmt: skip

    def agreement(self):
        """Largest differences of energies per atom and of forces; the operations' inputs."""
        found = asked(self.options.bench, "forces", self.xyz, self.model)
        own = np.array(found["forces_eV_per_A"])
        theirs = [
            nep_peer.timed(driver, self.model, self.plain, 1, 1, self.folder)
            for driver in self.drivers.values()
        ]
        energy = max(
            float(np.abs(np.array(found["energies_eV"]) - np.array(their["energies_eV"])).max())
            for their in theirs
        )
        total = max(
            abs(sum(found["energies_eV"]) - sum(their["energies_eV"])) / len(self.frame)
            for their in theirs
        )
        force = max(float(np.abs(own - their["forces"]).max()) for their in theirs)
        print(
            f"  same frame: energies differ by {total:.1e} eV/atom in all, {energy:.1e} eV in one "
            f"atom, forces by {force:.1e} eV/Å"
        )
        bar(force < FORCES, f"forces agree within {FORCES:.0e} eV/Å")
        self.found, self.own_forces, self.their_forces = found, own, theirs[0]["forces"]
        return force < FORCES

    def keep(self, key, value):
        self.turns[key] = min(value, self.turns.get(key, value))

    def own_turn(self, threads):
        own = self.ours(threads)
        if threads == 1:
            self.keep(OURS, min(own["cpu_us"]))
            self.keep("ours, median of blocks", median(own["cpu_us"]))
            self.keep(ONE, min(own["wall_us"]))
            self.lists = own["listsBuilt"], own["stepsCounted"]
        else:
            self.keep(TWO, min(own["wall_us"]))

    def round(self):
        """A turn of each: ours, theirs, ours with two threads, theirs by the other compiler, ASE."""
        turns = list(self.drivers.items())
        self.turns = {}
        for compiler, driver in turns:
            # One and two threads in turn, several times: what other programs take of either core, and
            # where the pages of a process lie, changes from one start to the next.
            for _ in range(TURNS):
                self.own_turn(1)
                self.own_turn(2)
            their = nep_peer.timed(driver, self.model, self.plain, 20, 3, self.folder)
            self.keep(compiler, min(their["cpu_us"]))
            self.keep(f"{compiler}, on the clock", min(their["wall_us"]))
            self.keep(f"{compiler}, its neighbour list", min(their["list_us"]))
        time, _ = nep_peer.cpunep(
            self.model, self.frame.elements, self.frame.lattice, self.frame.positions, 20
        )
        self.keep("CPUNEP", time)
        for key, value in self.turns.items():
            self.rounds.setdefault(key, []).append(value)

    def least(self, key):
        return min(self.rounds[key])

    def compiler(self):
        """The compiler that their code is faster with."""
        return min(self.drivers, key=self.least)

    def ratio(self, what, theirs, ours, least=None):
        each = [a / b for a, b in zip(self.rounds[theirs], self.rounds[ours])]
        best = self.least(theirs) / self.least(ours)
        text = f"{what}: {best:.2f} times (rounds {spread(each)})"
        if least:
            bar(best >= least, f"{text}; at least {least}")
        else:
            print(f"  {text}")
        return best

    def compare(self):
        print("  µs per atom and step, the least of all rounds; median of the rounds (range):")
        for key, values in self.rounds.items():
            print(f"    {key:28s} {min(values):6.2f}; {spread(values)}")
        built, steps = self.lists
        print(f"  our neighbour list was built {built} times in {steps} steps")
        best = self.compiler()
        self.speed = self.ratio(f"C++ ({best}) to ours, one thread", best, OURS, least=20)
        self.ratio("the same on the clock", f"{best}, on the clock", ONE)
        self.ratio("CPUNEP under ASE to ours", "CPUNEP", OURS)
        self.two = self.ratio("one thread to two, on the clock", ONE, TWO, least=1.8)
        list_time = self.least(f"{best}, its neighbour list")
        rest = (self.least(best) - list_time) / self.least(OURS)
        print(
            f"  of theirs {list_time:.1f} µs are the neighbour list, built in every call; without it "
            f"{rest:.1f} times ours"
        )

    def bound(self, peak):
        terms = nep_operations.operations(self.found)
        total = sum(terms.values())
        print(
            f"  {self.found['radialNeighbors']:.1f} radial and "
            f"{self.found['angularNeighbors']:.1f} angular neighbours of "
            f"{self.found['neighborSpecies']:.1f} species; operations per atom and step:"
        )
        for name, count in terms.items():
            print(f"    {name:28s} {count:8.0f}  {100 * count / total:4.1f} %")
        reached, theirs = (total / self.least(key) / 1e3 for key in (OURS, self.compiler()))
        print(
            f"    all {total:.0f}: {total / peak / 1e3:.3f} µs at the {peak:.0f} Gflop/s of one core "
            f"in single precision; ours {reached:.1f} Gflop/s, {100 * reached / peak:.1f} % of it; "
            f"theirs {theirs:.2f}, {100 * theirs / peak:.1f} %"
        )
        self.operations, self.fraction = total, reached / peak

    def row(self):
        compiler = self.compiler()
        return (
            f"| {self.name} | {len(self.frame)} | {self.least(compiler):.1f} ({compiler}) | "
            f"{self.least('CPUNEP'):.1f} | {self.least(OURS):.2f} | {self.least(TWO):.2f} | "
            f"{self.speed:.1f} | {self.two:.2f} | {self.operations / 1e3:.1f}e3 | "
            f"{100 * self.fraction:.1f} % |"
        )


def large(sides, options):
    """Time per atom and memory of supercells beside the contact's in the same round.

    A supercell's steps take seconds, in which other programs have their share; the contact is timed for as
    long before and after them, and means are compared, not the least of many short blocks with one long one.
    """
    sizes = ("1x1x1", *LARGE)
    times = {cells: [] for cells in sizes}
    ratios = {cells: [] for cells in sizes}
    memory, atoms = {}, {}
    for _ in range(options.large_rounds):
        for cells in LARGE:
            before, found, after = (
                sides.ours(1, *turn)
                for turn in (("1x1x1", 200, 500, 10), (cells, 20, options.large_steps, 1), ("1x1x1", 200, 500, 10))
            )
            contact = np.mean(before["cpu_us"] + after["cpu_us"])
            times[sizes[0]].append(contact)
            times[cells] += found["cpu_us"]
            ratios[cells].append(found["cpu_us"][0] / contact)
            atoms[sizes[0]], atoms[cells] = before["atoms"], found["atoms"]
            if found["peak_bytes"] and found["before_bytes"]:
                memory[cells] = (found["before_bytes"], found["peak_bytes"])
    ratios[sizes[0]] = [1.0]
    rows = []
    for cells in sizes:
        typical, ratio, text = median(times[cells]), median(ratios[cells]), "-"
        if cells in memory and cells != sizes[0]:
            before, peak = memory[cells]
            each = (peak - before) / atoms[cells]
            text = f"{each:.0f}"
        print(
            f"  {atoms[cells]:7d} atoms: {typical:.2f} µs per atom and step, {ratio:.2f} times that of the "
            f"contact (rounds {min(ratios[cells]):.2f} to {max(ratios[cells]):.2f}); {text} bytes per atom"
        )
        rows.append(
            f"| {sides.name} | {atoms[cells]:,} | {typical:.2f} | {ratio:.2f} | {text} |"
        )
    bar(median(ratios[LARGE[-1]]) <= 1.3, f"{atoms[LARGE[-1]]} atoms within 1.3 times")
    for cells in LARGE:
        if cells in memory:
            before, peak = memory[cells]
            bar(
                (peak - before) / atoms[cells] < 1000,
                f"under 1 kB per atom at {atoms[cells]} atoms: {peak / 2**20:.0f} MiB in all",
            )
    return rows


def peaks():
    (one,), two = nep_peer.peak_gflops(1), nep_peer.peak_gflops(2)
    clock = [wall for _, wall in two]
    print(
        f"Single-precision multiply-adds: {one[0]:.0f} Gflop/s on one core; on the clock two processes "
        f"at once {' and '.join(f'{x:.0f}' for x in clock)}, {sum(clock) / one[0]:.2f} times one core",
        flush=True,
    )
    return max(cpu for cpu, _ in [one, *two])


def table(title, head, rows):
    print(f"\n{title}\n\n{head}\n|{'---|' * (head.count('|') - 1)}")
    print("\n".join(rows))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("interphase", nargs="?", default=".build/release/interphase")
    parser.add_argument("bench", nargs="?", default=".build/release/interphase-bench")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--large-rounds", type=int, default=2, help="0 leaves the supercells out")
    parser.add_argument("--large-steps", type=int, default=100)
    options = parser.parse_args()
    machine()
    with tempfile.TemporaryDirectory() as folder:
        nep89 = contact.potential(options.interphase)
        nine = Path(folder) / "nine.txt"
        nep_file.cut(nep89, NINE, nine)
        frame = contact.build(options.interphase, nep89, folder)
        frame.write_xyz(Path(folder) / "frame.extxyz")
        frame.write_plain(Path(folder) / "frame.txt")
        models = {"NEP89": nep89, "nine species": nine}
        sides = [Sides(options, name, model, frame, folder) for name, model in models.items()]
        for each in sides:
            print(f"{each.name}: agreement with calorine's C++", flush=True)
            if not each.agreement():
                sys.exit("The two sides do not compute the same; no times were taken.")
        cut = float(np.abs(sides[0].their_forces - sides[1].their_forces).max())
        own = float(np.abs(sides[0].own_forces - sides[1].own_forces).max())
        bar(
            cut < 1e-9 and own < 2e-5,
            f"the cut model gives NEP89's forces: {cut:.1e} eV/Å (theirs), {own:.1e} (ours)",
        )
        peak = peaks()
        for _ in range(options.rounds):
            for each in sides:
                each.round()
        peak = max(peak, peaks())
        for each in sides:
            print(f"{each.name}: {len(frame)} atoms, {options.rounds} rounds", flush=True)
            each.compare()
            each.bound(peak)
        rows = []
        for each in sides if options.large_rounds else []:
            print(f"{each.name}: supercells, one thread", flush=True)
            rows += large(each, options)
    table(
        "Contact (µs per atom and step, the least of all rounds):",
        "| model | atoms | C++ | CPUNEP | ours, 1 thread | ours, 2 threads | C++ / ours | 1 / 2 "
        "threads | operations | of the peak |",
        [each.row() for each in sides],
    )
    if rows:
        table(
            "Supercells (one thread):",
            "| model | atoms | µs per atom and step | times the contact's | bytes per atom |",
            rows,
        )
    sys.exit(bool(missed))


if __name__ == "__main__":
    main()
