"""Entries as pymatgen saves them, with its own energies per atom.

Run with pymatgen 2026.10.24: python generate_pymatgen_entries.py
"""

import json
import pathlib
import warnings

from monty.json import MontyEncoder
from pymatgen.core import Composition, Lattice, Structure
from pymatgen.analysis.compatibility import MaterialsProject2020Compatibility
from pymatgen.entries.computed_entries import (
    ComputedEntry,
    ComputedStructureEntry,
    TemperatureEnergyAdjustment,
)

warnings.simplefilter("ignore")
HERE = pathlib.Path(__file__).parent


def entry(formula, energy, hubbards, name, **data):
    run = "GGA+U" if hubbards else "GGA"
    return ComputedEntry(
        formula, energy, entry_id=name, data=data,
        parameters={"run_type": run, "is_hubbard": bool(hubbards), "hubbards": hubbards},
    )


entries = [
    entry("Li2S", -12.1, {}, "a", oxidation_states={"Li": 1, "S": -2}, band_gap=3.4),
    entry("Fe4O6", -68.3, {"Fe": 5.3, "O": 0}, "b", oxidation_states={"Fe": 3, "O": -2}),
    entry("Li2", -3.8, {}, "c", band_gap=0.0),
    entry("Li2O2", -19.0, {}, "d", oxidation_states={"Li": 1, "O": -1}, oxide_type="peroxide"),
]
scheme = MaterialsProject2020Compatibility(check_potcar=False)
entries = scheme.process_entries(entries, clean=True)
salt = Structure.from_spacegroup(
    "Fm-3m", Lattice.cubic(5.14), ["Li+", "Cl-"], [[0, 0, 0], [0.5, 0.5, 0.5]])
entries += [
    ComputedStructureEntry(salt, -27.3, entry_id="e"),
    ComputedEntry(Composition({"Li+": 1, "Cl-": 1}), -6.9, correction=-0.614, entry_id="f"),
    ComputedEntry(
        "LiCl", -6.8, entry_id="g",
        energy_adjustments=[TemperatureEnergyAdjustment(-0.001, 298, 2, name="motion")]),
]
(HERE / "pymatgen_entries.json").write_text(json.dumps(entries, cls=MontyEncoder) + "\n")
golden = {e.entry_id: [e.energy_per_atom, e.correction_per_atom] for e in entries}
(HERE / "pymatgen_energies.csv").write_text(
    "id,energy_eV_per_atom,correction_eV_per_atom\n"
    + "".join(f"{k},{v[0]!r},{v[1]!r}\n" for k, v in golden.items()))
