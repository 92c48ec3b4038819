"""Kinks between two phases and chemical-potential ranges from pymatgen 2026.10.24.

Kinks: InterfacialReactivity (closed) and GrandPotentialInterfacialReactivity (open to Li), with the
hull's energies for the reactants, so that the energy is that of the contact alone. pymatgen also
lists compositions at which a line crosses the edge of a facet without a change of slope; these are
left out. Fractions are per atom that is not open. Ranges: the least and greatest value over the
vertices that getmu_vertices_stability_phase gives, for phases that hold every element, and linear
programs (scipy, HiGHS) for the others.

Run from this folder: python generate_reactivity.py ../../../Data/phases.csv > reactivity.json
"""

import csv
import json
import random
import sys
import warnings

import numpy as np
from pymatgen.analysis.interface_reactions import (
    GrandPotentialInterfacialReactivity,
    InterfacialReactivity,
)
from pymatgen.analysis.phase_diagram import GrandPotentialPhaseDiagram, PDEntry, PhaseDiagram
from pymatgen.core import Composition, Element
from scipy.optimize import linprog

warnings.simplefilter("ignore")
LI = Element("Li")
PAIRS = [
    ("Li3PS4", "Li"), ("Li3PS4", "LiCl"), ("Li6PS5Cl", "Li"), ("P2S5", "LiBH4"),
    ("LiBF4", "Li2S"), ("Li6PS5Cl", "LiBF4"), ("SCl", "Li3P"), ("P2S5", "Cl2"),
]
VOLTAGES = [0.0, 1.7, 2.2]


def bent(kinks):
    """Kinks at which the slope changes, and the ends."""
    kept = [kinks[0]]
    for i in range(1, len(kinks) - 1):
        (x0, e0), (x1, e1), (x2, e2) = kept[-1], kinks[i], kinks[i + 1]
        if abs(e0 + (e2 - e0) * (x1 - x0) / (x2 - x0) - e1) > 1e-10:
            kept.append(kinks[i])
    return kept + [kinks[-1]]


def sorted_kinks(reactivity, grand):
    found = []
    for _, x, energy, _, _ in reactivity.get_kinks():
        if grand:
            x = reactivity._reverse_convert(x, reactivity.factor1, reactivity.factor2)
        found.append((float(x), float(energy)))
    return [list(k) for k in bent(sorted(found))]


def closed(diagram, a, b):
    return sorted_kinks(
        InterfacialReactivity(Composition(a), Composition(b), diagram, use_hull_energy=True), False
    )


def opened(diagram, entries, voltage, a, b):
    grand = GrandPotentialPhaseDiagram(entries, {LI: diagram.el_refs[LI].energy_per_atom - voltage})
    return sorted_kinks(
        GrandPotentialInterfacialReactivity(Composition(a), Composition(b), grand, diagram), True
    )


def table_pairs(rows):
    result = []
    for a, b in PAIRS:
        for voltage in [None] + VOLTAGES:
            elements = set(Composition(a)) | set(Composition(b))
            if voltage is not None:
                if "Li" in (a, b):
                    continue
                elements |= {LI}
            entries = [
                PDEntry(Composition(r["formula"]),
                        float(r["formation_energy_mp2020_eV_per_atom"])
                        * Composition(r["formula"]).num_atoms)
                for r in rows if set(Composition(r["formula"])) <= elements
            ]
            diagram = PhaseDiagram(entries)
            kinks = (closed(diagram, a, b) if voltage is None
                     else opened(diagram, entries, voltage, a, b))
            result.append({"a": a, "b": b, "voltage": voltage, "kinks": kinks})
    return result


def random_systems():
    result = []
    for seed in range(30):
        rng = random.Random(seed)
        size = 2 + seed % 5
        symbols = ["Li", "P", "S", "Cl", "B", "F"][:size]
        energies = {s: 0.0 for s in symbols}
        while len(energies) < size + 6 * size:
            counts = [rng.randint(0, 4) for _ in symbols]
            if sum(c > 0 for c in counts) < 2:
                continue
            formula = "".join(f"{s}{c}" for s, c in zip(symbols, counts) if c)
            energies.setdefault(formula, round(rng.uniform(-1.5, 0.2), 6))
        entries = [PDEntry(Composition(f), e * Composition(f).num_atoms)
                   for f, e in energies.items()]
        diagram = PhaseDiagram(entries)
        names = [f for f in energies if len(Composition(f)) > 1]
        cases = []
        while len(cases) < 4:
            a, b = rng.sample(names + symbols[1:], 2)
            host = [{e: n / sum(m for k, m in Composition(f).items() if k != LI)
                     for e, n in Composition(f).items() if e != LI} for f in (a, b)]
            if any(abs(host[0].get(e, 0) - host[1].get(e, 0)) > 1e-6
                   for e in set(host[0]) | set(host[1])):
                voltage = [None, 0.0, 0.4, 1.3][len(cases)]
                kinks = (closed(diagram, a, b) if voltage is None
                         else opened(diagram, entries, voltage, a, b))
                cases.append({"a": a, "b": b, "voltage": voltage, "kinks": kinks})
            elif size == 2 and not Composition(a).fractional_composition.almost_equals(
                Composition(b).fractional_composition
            ):
                # Two elements open to one leave a point: closed only.
                cases.append({"a": a, "b": b, "voltage": None, "kinks": closed(diagram, a, b)})
        result.append({"seed": seed, "energies": energies, "cases": cases})
    return result


def ranges(rows):
    result = []
    for symbols, formula in [
        ("Li P S", "Li3PS4"), ("Li P S", "Li2S"), ("Li P S", "S"), ("Li P S Cl", "LiCl"),
        ("Li P S Cl", "Li5PS4Cl2"), ("Li B H", "LiBH4"), ("Li B F", "LiBF4"), ("Li C N", "LiCN"),
    ]:
        elements = [Element(s) for s in symbols.split()]
        chosen = [(Composition(r["formula"]), float(r["formation_energy_mp2020_eV_per_atom"]))
                  for r in rows if set(Composition(r["formula"])) <= set(elements)]
        entries = [PDEntry(c, e * c.num_atoms) for c, e in chosen]
        target = Composition(formula)
        a = np.array([[c[e] / c.num_atoms for e in elements] for c, _ in chosen])
        b = np.array([e for _, e in chosen])
        own = min(e for c, e in chosen
                  if c.fractional_composition.almost_equals(target.fractional_composition))
        row = np.array([[target[e] / target.num_atoms for e in elements]])
        found = {}
        for k, element in enumerate(elements):
            ends = []
            for sign in (1, -1):
                cost = np.zeros(len(elements))
                cost[k] = sign
                lp = linprog(cost, a, b, row, [own], bounds=(None, None), method="highs")
                ends.append(float(sign * lp.fun) if lp.status == 0 else None)
            found[element.symbol] = ends
        item = {"system": symbols.split(), "formula": formula, "linprog": found, "pymatgen": None}
        if len(target) == len(elements):
            diagram = PhaseDiagram(entries)
            vertices = diagram.getmu_vertices_stability_phase(target, elements[0], tol_en=1e-2)
            item["pymatgen"] = {
                e.symbol: [float(min(v[e] for v in vertices)), float(max(v[e] for v in vertices))]
                for e in elements
            } if vertices else None
        if own - float(PhaseDiagram(entries).get_hull_energy_per_atom(target)) < 1e-8:
            result.append(item)
    return result


rows = list(csv.DictReader(line for line in open(sys.argv[1]) if not line.startswith("#")))
json.dump({"table": table_pairs(rows), "random": random_systems(), "ranges": ranges(rows)},
          sys.stdout, indent=0)
