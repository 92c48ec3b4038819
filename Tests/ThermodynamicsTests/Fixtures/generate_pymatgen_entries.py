"""Entries as pymatgen saves them, with its own energies per atom.

Run with pymatgen 2026.10.24: python generate_pymatgen_entries.py
"""

import json
import pathlib
import warnings

from monty.json import MontyEncoder
from pymatgen.core import Composition, Lattice, Structure
from pymatgen.analysis.compatibility import (
    MaterialsProject2020Compatibility,
    MaterialsProjectCompatibility,
)
from pymatgen.analysis.compatibility.mixing_scheme import MaterialsProjectDFTMixingScheme
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


def save(entries, name):
    """The entries as JSON, and pymatgen's energies and corrections per atom as CSV."""
    (HERE / f"{name}_entries.json").write_text(json.dumps(entries, cls=MontyEncoder) + "\n")
    rows = [f"{e.entry_id},{e.energy_per_atom!r},{e.correction_per_atom!r}" for e in entries]
    (HERE / f"{name}_energies.csv").write_text(
        "\n".join(["id,energy_eV_per_atom,correction_eV_per_atom"] + rows) + "\n")


save(entries, "pymatgen")


def legacy_entry(formula, energy, symbols, hubbards, name):
    run = "GGA+U" if hubbards else "GGA"
    return ComputedEntry(
        formula, energy, entry_id=name,
        parameters={
            "run_type": run, "is_hubbard": bool(hubbards), "hubbards": hubbards,
            "potcar_symbols": ["PBE " + symbol for symbol in symbols],
        },
    )


legacy = MaterialsProjectCompatibility(check_potcar_hash=False)
save(
    legacy.process_entries([
        legacy_entry("Li2S", -12.0, ["Li_sv", "S"], {}, "Li2S"),
        legacy_entry("Li", -1.9, ["Li_sv"], {}, "Li"),
        legacy_entry("O8", -39.0, ["O"], {}, "O2"),
        legacy_entry("Li2O", -14.3, ["Li_sv", "O"], {}, "Li2O"),
        legacy_entry("Fe4O6", -68.3, ["Fe_pv", "O"], {"Fe": 5.3, "O": 0}, "Fe2O3"),
    ]), "legacy")

cells = {
    "Li": Structure.from_spacegroup("Im-3m", Lattice.cubic(3.4), ["Li"], [[0, 0, 0]]),
    "Cl": Structure(Lattice.orthorhombic(6, 4.5, 8), ["Cl"] * 2, [[0, 0, 0], [0, 0, 0.25]]),
    "LiCl": Structure.from_spacegroup(
        "Fm-3m", Lattice.cubic(5.1), ["Li", "Cl"], [[0, 0, 0], [0.5, 0.5, 0.5]]),
    "LiCl-b": Structure.from_spacegroup(
        "Pm-3m", Lattice.cubic(3.2), ["Li", "Cl"], [[0, 0, 0], [0.5, 0.5, 0.5]]),
}


def cell_entry(cell, energy_per_atom, run):
    structure = cells[cell]
    states = {"Li": 1, "Cl": -1} if len(structure.composition) > 1 else {}
    return ComputedStructureEntry(
        structure, energy_per_atom * len(structure), entry_id=f"{cell} {run}",
        parameters={"run_type": run, "is_hubbard": False, "hubbards": {}},
        data={"oxidation_states": states},
    )


gga = [cell_entry(*pair, "GGA")
       for pair in [("Li", -1.9), ("Cl", -1.8), ("LiCl", -3.4), ("LiCl-b", -3.2)]]
r2scan = [cell_entry(*pair, "R2SCAN") for pair in [("Li", -2.3), ("Cl", -3.7), ("LiCl", -5.2)]]
mixing = MaterialsProjectDFTMixingScheme(
    compat_1=MaterialsProject2020Compatibility(check_potcar=False), check_potcar=False)
# All of GGA's stable phases are in R2SCAN: its hull is kept, and GGA's entries are moved.
save(mixing.process_entries([e.copy() for e in gga + r2scan], verbose=False), "mixed-r2scan")
# Only LiCl is: GGA's hull is kept, and R2SCAN's entry is moved.
save(mixing.process_entries([e.copy() for e in gga + r2scan[2:]], verbose=False), "mixed-gga")
