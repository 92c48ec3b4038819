"""Exact values from pymatgen 2026.10.24, elements as vertices, for the four argyrodites.

The li-uptake tables are rounded, and their decomposition energies come from rounded amounts; these
are not. Run from the root of the package: python generate_pymatgen.py Data/phases.csv > pymatgen.json
"""

import csv
import json
import sys

from pymatgen.analysis.phase_diagram import GrandPotentialPhaseDiagram, PDEntry, PhaseDiagram
from pymatgen.core import Composition, Element

ELECTROLYTES = {
    "Li6PS5Cl": ("LiCl", 0.026),
    "Li6PS5BH4": ("LiBH4", 0.0086),
    "Li6PS5BF4": ("LiBF4", 0.025),
    "Li6PS5CN": ("LiCN", 0.015),
}
LI = Element("Li")
rows = list(csv.DictReader(line for line in open(sys.argv[1]) if not line.startswith("#")))
result = {}
for scheme in ("mp2020", "legacy", "uncorrected"):
    for name, (salt, excess) in ELECTROLYTES.items():
        electrolyte = Composition(name)
        entries, energies = [], {}
        for row in rows:
            composition = Composition(row["formula"])
            if composition.reduced_formula != name and set(composition) <= set(electrolyte):
                energy = float(row[f"formation_energy_{scheme}_eV_per_atom"]) * composition.num_atoms
                entries.append(PDEntry(composition, energy))
                energies[row["formula"]] = energy
        energy = sum(energies[f] for f in ("Li3PS4", "Li2S", salt)) + excess * electrolyte.num_atoms
        diagram = PhaseDiagram(entries)
        own = PDEntry(electrolyte, energy)
        profile = diagram.get_element_profile(LI, electrolyte)
        host = Composition({e: n for e, n in electrolyte.items() if e != LI})
        decomposition = {}
        for voltage in (0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0):
            opened = GrandPotentialPhaseDiagram(entries, {LI: -voltage})
            decomposition[str(voltage)] = float(
                opened.get_hull_energy(host) - (energy + voltage * electrolyte[LI])
            )
        result[f"{name} {scheme}"] = {
            "hullDistance": float(diagram.get_e_above_hull(own, allow_negative=True)),
            "from_V": [float(-p["chempot"]) for p in profile],
            "uptake": [float(p["evolution"]) for p in profile],
            "decompositionEnergy_eV_per_formula": decomposition,
        }
json.dump(result, sys.stdout, indent=1)
