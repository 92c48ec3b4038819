"""Tie lines from pymatgen 2026.10.24: all pairs of phases that share a facet of its hull.

Systems of the phases table, with elements as vertices, and seeded random systems of three and four
elements without degeneracy (random compositions and energies). Run from the root of the package:
python generate_tie_lines.py Data/phases.csv > tie-lines.json
"""

import csv
import itertools
import json
import random
import sys

from pymatgen.analysis.phase_diagram import PDEntry, PhaseDiagram
from pymatgen.core import Composition, Element

rows = list(csv.DictReader(line for line in open(sys.argv[1]) if not line.startswith("#")))


def lines(entries):
    diagram = PhaseDiagram([PDEntry(Composition(f), e * Composition(f).num_atoms) for f, e in entries])
    pairs = set()
    for facet in diagram.facets:
        names = [diagram.qhull_entries[i].name for i in facet]
        pairs |= {tuple(sorted(p)) for p in itertools.combinations(names, 2)}
    return sorted(pairs)


result = {}
for system in ("Li-P-S", "Li-B-H", "Li-P-S-Cl", "Li-C-N", "P-S-Cl", "Li-P-B-H", "Li-B-F-S"):
    elements = {Element(e) for e in system.split("-")}
    chosen = [
        (r["formula"], float(r["formation_energy_mp2020_eV_per_atom"]))
        for r in rows
        if set(Composition(r["formula"])) <= elements
    ]
    result[system] = {"elements": system.split("-"), "entries": [], "lines": lines(chosen)}

generator = random.Random(20231)
for number in range(24):
    elements = ["Li", "P", "S", "Cl"][: 3 + number % 2]
    chosen = {e: 0.0 for e in elements}
    while len(chosen) < 8 + number:
        formula = "".join(f"{e}{generator.randint(1, 12)}" for e in elements if generator.random() < 0.75)
        if formula and len(Composition(formula)) > 1:
            name = Composition(formula).reduced_formula
            if name not in chosen:
                chosen[name] = -1.5 * generator.random() ** 0.5
    result[f"random {number}"] = {
        "elements": elements,
        "entries": [[f, e] for f, e in chosen.items()],
        "lines": lines(list(chosen.items())),
    }
json.dump(result, sys.stdout, separators=(",", ":"))
