"""What pymatgen 2026.10.24 says of 60 small random systems of 2 to 8 elements.

The systems are those of Benchmarks/random_systems.py, ten to forty entries each; where the answer is
not unique, the rules of Benchmarks/peer.py say what is kept. `stable` names the lowest entry of each
composition whose hull distance is below 1e-9 eV/atom. Kinks: atomic fraction of A, eV per atom; open
ones are at the voltage given against the ion, eV per atom that is not the ion's, with the reactants'
own energies.

Run from the root of the package:

    python Tests/ThermodynamicsTests/Fixtures/generate_random_systems.py > random-systems.json
"""

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "Benchmarks"))
import peer
import random_systems

result = []
for index in range(60):
    system = random_systems.make_system(
        2, index, count=10 + index // 2, kind=random_systems.CLASSES[index % 5]
    )
    entries = peer.entries_of(system)
    diagram = peer.PhaseDiagram(entries)
    distances = [float(diagram.get_e_above_hull(e)) for e in entries]
    lowest = {}
    for entry in system.entries:
        if entry.key not in lowest or entry.energy_per_atom < lowest[entry.key].energy_per_atom:
            lowest[entry.key] = entry
    on_hull = {e.key for e, d in zip(system.entries, distances) if d < 1e-9}
    steps = peer.merged(peer.profile(diagram, system.ion, system.target), 1e-8)
    closed = peer.bends(peer.closed_kinks(diagram, *system.pair))
    opened = peer.open_kinks(diagram, entries, system.ion, system.voltage, *system.pair)
    opened = None if opened is None else peer.bends(opened, peer.hosts(*system.pair, system.ion))
    result.append(
        {
            "name": f"{index} {system.kind}",
            "elements": system.elements,
            "formulas": [e.formula for e in system.entries],
            "energies_eV_per_atom": [e.energy_per_atom for e in system.entries],
            "hullDistances_eV_per_atom": distances,
            "stable": [e.formula for key, e in lowest.items() if key in on_hull],
            "ion": system.ion,
            "target": system.target_formula,
            "from_V": [s[0] for s in steps],
            "uptake": [s[1] for s in steps],
            "A": system.pair[0],
            "B": system.pair[1],
            "kinkFractions": [k[0] for k in closed],
            "kinkEnergies_eV_per_atom": [k[1] for k in closed],
            "voltage": system.voltage,
            "openKinkFractions": None if opened is None else [k[0] for k in opened],
            "openKinkEnergies_eV_per_atom": None if opened is None else [k[1] for k in opened],
        }
    )
print("[\n" + ",\n".join(json.dumps(r, separators=(",", ":")) for r in result) + "\n]")
