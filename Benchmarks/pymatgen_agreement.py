"""Agreement with pymatgen on random systems of 2 to 8 elements.

    python Benchmarks/pymatgen_agreement.py .build/release/interphase [--systems 300] [--seed 1]

For every system of `random_systems.py` pymatgen runs in this process and `interphase` as a program,
on one table. Compared are

- the hull distance of every entry: 1e-9 eV/atom;
- the set of stable phases;
- the uptake profile of a random composition with a random working ion: voltages 1e-7 V, uptake 1e-7;
- the kinks of the mixing line between two phases, closed, and open to the working ion in every third
  system: fractions 1e-7, energies 1e-9 eV/atom (if the program has the verb).

Where the answer is not unique, or pymatgen's is not exact, a rule says what is compared:

1. A stable phase may be no vertex of the hull: it lies exactly on the straight line or flat piece
   between others. Qhull takes such a phase as a vertex or not, as its rounding has it, so
   `stable_entries` is arbitrary there. Compared is which compositions have a hull distance below
   1e-9 eV/atom in pymatgen; `stable_entries` must hold nothing else, and what it lacks must lie on the
   hull of the other entries, which HiGHS decides.
2. Of the entries of one composition with one energy either may be named.
3. A profile lists a voltage several times where equilibria are not unique: see `merged` in `peer.py`.
4. On the mixing line the same: see `bends` in `peer.py`.
Where a profile differs, HiGHS is asked for the uptake just below and just above each of our voltages, and
the message says whether it agrees with us; it counts as a disagreement all the same.

Leaves with 1 on any disagreement.
"""

import argparse
import json
import multiprocessing
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import peer
import random_systems

ENERGY, VOLTAGE, UPTAKE, FRACTION = 1e-9, 1e-7, 1e-7, 1e-7


def ours(program, verb, *arguments):
    done = subprocess.run([program, verb, *arguments, "--json"], capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"interphase {verb}: {done.stderr.strip()}")
    return json.loads(done.stdout)


def has_reactivity(program):
    verbs = subprocess.run([program, "--help"], capture_output=True, text=True, check=True).stdout
    return any(line.split()[:1] == ["reactivity"] for line in verbs.splitlines())


class Comparison:
    """One system: what differs, and by how much."""

    def __init__(self, system, program, table):
        self.system, self.program, self.table = system, program, table
        self.entries = peer.entries_of(system)
        self.diagram = peer.PhaseDiagram(self.entries)
        self.judge = peer.Judge(system)
        self.problems = []
        self.worst = {"hull": 0.0, "voltage": 0.0, "uptake": 0.0, "fraction": 0.0, "kink": 0.0}
        self.counts = {"stable": 0, "ties": 0, "steps": 0, "kinks": 0}

    def near(self, name, a, b, tolerance, what):
        difference = abs(a - b)
        self.worst[name] = max(self.worst[name], difference)
        if not difference <= tolerance:
            self.problems.append(f"{what}: ours {a!r}, pymatgen {b!r}")

    def hull(self):
        system = self.system
        found = ours(
            self.program, "hull", "--entries", self.table, "--system", "-".join(system.elements)
        )
        if [e["formula"] for e in found["entries"]] != [e.formula for e in system.entries]:
            self.problems.append("hull: not the entries of the table in its order")
            return
        on_hull = set()
        for entry, own, theirs in zip(system.entries, found["entries"], self.entries):
            distance = float(self.diagram.get_e_above_hull(theirs))
            self.near("hull", own["hullDistance_eV_per_atom"], distance, ENERGY, entry.formula)
            if distance < ENERGY:
                on_hull.add(entry.key)
        self.stable(found["stable"], on_hull)

    def stable(self, formulas, on_hull):
        by_formula = {}
        for e in self.system.entries:
            by_formula.setdefault(e.formula, e)
        keys = [by_formula[f].key for f in formulas]
        self.counts["stable"] = len(keys)
        if len(set(keys)) != len(keys):
            self.problems.append("stable: a composition occurs twice")
        if set(keys) != on_hull:
            self.problems.append(f"stable: {set(keys) ^ on_hull} in one list only")
        lowest = {}
        for e in self.system.entries:
            lowest[e.key] = min(lowest.get(e.key, e.energy_per_atom), e.energy_per_atom)
        for f, key in zip(formulas, keys):
            energy = min(e.energy_per_atom for e in self.system.entries if e.formula == f)
            if energy - lowest[key] > 1e-12:
                self.problems.append(f"stable: {f} is not the lowest of its composition")
        theirs = {self.key(e) for e in self.diagram.stable_entries}
        if theirs - set(keys):
            self.problems.append(f"stable: only pymatgen has {theirs - set(keys)}")
        for key in set(keys) - theirs:
            self.counts["ties"] += 1
            others = self.judge.hull(dict(key), without=key)
            if others is None or abs(others - lowest[key]) > ENERGY:
                self.problems.append(f"stable: only we have {key}, a vertex of the hull")

    @staticmethod
    def key(entry):
        amounts = {e.symbol: round(n) for e, n in entry.composition.items()}
        return random_systems.Entry(amounts, 0).key

    def profile(self):
        system = self.system
        found = ours(
            self.program, "window", system.target_formula, "--entries", self.table,
            "--working-ion", system.ion,
        )  # fmt: skip
        own = [(s["from_V"], s["uptake"]) for s in found["steps"]]
        theirs = peer.merged(peer.profile(self.diagram, system.ion, system.target), 1e-8)
        self.counts["steps"] = len(own)
        same = len(own) == len(theirs) and all(
            abs(a[0] - b[0]) <= VOLTAGE and abs(a[1] - b[1]) <= UPTAKE for a, b in zip(own, theirs)
        )
        if same:
            for a, b in zip(own, theirs):
                self.near("voltage", a[0], b[0], VOLTAGE, "voltage")
                self.near("uptake", a[1], b[1], UPTAKE, "uptake")
            return
        what = f"profile of {system.target_formula}, {system.ion}: ours {own}, pymatgen {theirs}"
        wrong = self.judged(own)
        verdict = f"is against us: {wrong}" if wrong else "agrees with us"
        self.problems.append(f"{what}; HiGHS {verdict}")

    def judged(self, steps):
        """Where HiGHS does not find our uptake; empty if it does below and above every voltage."""
        wrong = []
        for i, (start, uptake) in enumerate(steps):
            end = steps[i + 1][0] if i + 1 < len(steps) else start + 1
            for voltage in (start + min(1e-7, (end - start) / 4), end - min(1e-7, (end - start) / 4)):
                found = self.judge.uptake(self.system.ion, self.system.target, voltage)
                if abs(found - uptake) > 1e-6:
                    wrong.append((voltage, uptake, found))
        return wrong

    def reactivity(self):
        system, (first, second) = self.system, self.system.pair
        arguments = [first, second, "--entries", self.table]
        found = ours(self.program, "reactivity", *arguments)
        self.kinks(found, peer.closed_kinks(self.diagram, first, second), "closed")
        if system.index % 3 != 0:
            return
        theirs = peer.open_kinks(
            self.diagram, self.entries, system.ion, system.voltage, first, second
        )
        if theirs is not None:
            voltage = ["--working-ion", system.ion, "--voltage", repr(system.voltage)]
            found = ours(self.program, "reactivity", *arguments, *voltage)
            self.kinks(found, theirs, "open", peer.hosts(first, second, system.ion))

    def kinks(self, found, theirs, kind, hosts=(1, 1)):
        own = [(k["fraction_of_A"], k["energy_eV_per_atom"]) for k in found["kinks"]]
        own, theirs = peer.bends(own, hosts), peer.bends(theirs, hosts)
        self.counts["kinks"] += len(own)
        what = f"{kind} kinks of {' and '.join(self.system.pair)}"
        if len(own) != len(theirs):
            self.problems.append(f"{what}: ours {own}, pymatgen {theirs}")
            return
        for a, b in zip(own, theirs):
            self.near("fraction", a[0], b[0], FRACTION, what)
            self.near("kink", a[1], b[1], ENERGY, what)


def compare(job):
    index, seed, program, kinks = job
    system = random_systems.make_system(seed, index, largest=index % 10 == 9)
    start = time.time()
    with tempfile.TemporaryDirectory() as folder:
        table = str(Path(folder) / "entries.csv")
        Path(table).write_text(system.csv())
        comparison = Comparison(system, program, table)
        steps = [comparison.hull, comparison.profile] + ([comparison.reactivity] if kinks else [])
        for step in steps:
            try:
                step()
            except Exception as error:  # told with its system; the run goes on
                comparison.problems.append(f"{step.__name__}: {type(error).__name__}: {error}")
    return {
        "index": index, "kind": system.kind, "dimension": len(system.elements),
        "entries": len(system.entries), "facets": len(comparison.diagram.facets),
        "problems": comparison.problems, "worst": comparison.worst, "counts": comparison.counts,
        "seconds": time.time() - start,
    }  # fmt: skip


def summary(name, results):
    def worst(what):
        return max(r["worst"][what] for r in results)

    def total(what):
        return sum(r["counts"][what] for r in results)

    sizes, dimensions = [r["entries"] for r in results], [r["dimension"] for r in results]
    print(
        f"{name:<11}{len(results):>4} systems  {min(dimensions)}-{max(dimensions)} elements  "
        f"{min(sizes):>3}-{max(sizes):<4} entries  {sum(sizes):>6} distances {worst('hull'):.1e} eV/atom  "
        f"{total('stable'):>5} stable ({total('ties')} ties)  "
        f"{total('steps'):>4} steps {worst('voltage'):.1e} V {worst('uptake'):.1e}  "
        f"{total('kinks'):>4} kinks {worst('fraction'):.1e} {worst('kink'):.1e} eV/atom  "
        f"{sum(bool(r['problems']) for r in results)} disagree"
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("program", nargs="?", default=".build/release/interphase")
    parser.add_argument("--systems", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", type=int, help="one system by its number")
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args()
    kinks = has_reactivity(options.program)
    if not kinks:
        print(f"{options.program} has no verb reactivity: KINKS ARE NOT COMPARED")
    indexes = range(options.systems) if options.only is None else [options.only]
    jobs = [(i, options.seed, options.program, kinks) for i in indexes]
    start = time.time()
    results = []
    with multiprocessing.Pool(options.processes) as pool:
        for result in pool.imap_unordered(compare, jobs):
            results.append(result)
            for text in result["problems"]:
                print(f"DISAGREES system {result['index']} ({result['kind']}): {text}", flush=True)
    for kind in random_systems.CLASSES + ["largest"]:
        if chosen := [r for r in results if r["kind"] == kind]:
            summary(kind, chosen)
    summary("all", results)
    slowest = max(results, key=lambda r: r["seconds"])
    print(
        f"{time.time() - start:.0f} s; slowest: system {slowest['index']} with {slowest['entries']} "
        f"entries, {slowest['facets']} facets, {slowest['seconds']:.0f} s"
    )
    sys.exit(any(r["problems"] for r in results))


if __name__ == "__main__":
    main()
