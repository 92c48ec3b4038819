"""Writes the structures of this folder from the facts they rest on.

    python generate.py FOLDER_OF_P1_CIFS FOLDER_OF_MODEL_CELLS

The first folder holds the Materials Project's structures as P 1 CIF files named *_mp-NUMBER.cif,
the second the relaxed model cells as extended XYZ. Made with spglib 2, pymatgen 2026.10.24 and
ASE 3.29.
"""

import glob
import sys

import numpy as np
from ase.geometry import cellpar_to_cell
from ase.io import read
from pymatgen.core import Structure
from pymatgen.symmetry.analyzer import SpacegroupAnalyzer

CRYSTALS = {
    "Li": ("mp-135", "lithium, body-centred cubic"),
    "Li2S": ("mp-1153", "lithium sulfide, antifluorite"),
    "Li3P": ("mp-736", "lithium phosphide"),
    "LiCl": ("mp-22905", "lithium chloride, rock salt"),
    "LiF": ("mp-1138", "lithium fluoride, rock salt"),
    "LiBH4": ("mp-30209", "lithium borohydride"),
    "LiBF4": ("mp-12403", "lithium tetrafluoroborate"),
    "LiCN": ("mp-30057", "lithium cyanide"),
    "SCl": ("mp-28096", "disulfur dichloride S2Cl2, written SCl in tables of phases"),
    "SCl2": ("mp-28128", "sulfur dichloride"),
    "Li3PS4": ("mp-985583", "lithium thiophosphate"),
}
# Formula order of each model.
MODELS = {
    "Li6PS5Cl": "Li P S Cl", "Li6PS5BH4": "Li P S B H", "Li6PS5BF4": "Li P S B F",
    "Li6PS5CN": "Li P S C N",
}


def cif(name, folder):
    number, what = CRYSTALS[name]
    (path,) = glob.glob(f"{folder}/*_{number}.cif")
    analyzer = SpacegroupAnalyzer(Structure.from_file(path), symprec=0.01)
    crystal = SpacegroupAnalyzer(analyzer.get_refined_structure(), symprec=0.01)
    symmetric = crystal.get_symmetrized_structure()
    lattice = symmetric.lattice
    lines = [
        f"# {name}: {what}.",
        f"# Source: Materials Project {number} (PBE-relaxed), CC BY 4.0; cite Jain et al.,",
        "# APL Mater. 1, 011002 (2013), doi 10.1063/1.4812323.",
        "# Conventional cell and asymmetric unit found by spglib, rounded to 5 decimals.",
        f"data_{name}",
    ]
    for label, value in zip(("length_a", "length_b", "length_c"), lattice.abc):
        lines.append(f"_cell_{label} {value:.5f}")
    for label, value in zip(("angle_alpha", "angle_beta", "angle_gamma"), lattice.angles):
        lines.append(f"_cell_{label} {value:.5g}")
    lines += [
        f"_space_group_name_H-M_alt '{hermann_mauguin(crystal)}'",
        f"_space_group_IT_number {crystal.get_space_group_number()}",
        "loop_", "_atom_site_label", "_atom_site_type_symbol",
        "_atom_site_site_symmetry_multiplicity", "_atom_site_Wyckoff_symbol",
        "_atom_site_fract_x", "_atom_site_fract_y", "_atom_site_fract_z",
        "_atom_site_occupancy",
    ]
    counts = {}
    for sites, wyckoff in zip(symmetric.equivalent_sites, symmetric.wyckoff_symbols):
        symbol = sites[0].specie.symbol
        counts[symbol] = counts.get(symbol, 0) + 1
        xyz = " ".join(f"{x:.5f}" for x in np.round(sites[0].frac_coords % 1, 5) % 1)
        lines.append(
            f"{symbol}{counts[symbol]} {symbol} {len(sites)} {wyckoff[-1]} {xyz} 1")
    return "\n".join(lines) + "\n"


def hermann_mauguin(analyzer):
    full = {
        "Im-3m": "I m -3 m", "Fm-3m": "F m -3 m", "P6_3/mmc": "P 63/m m c", "Pnma": "P n m a",
        "P3_121": "P 31 2 1", "P3_221": "P 32 2 1", "Fdd2": "F d d 2",
        "P2_12_12_1": "P 21 21 21",
    }
    return full[analyzer.get_space_group_symbol()]


def model(name, folder):
    atoms = read(f"{folder}/{name}.extxyz")
    if np.linalg.det(atoms.cell) < 0:
        # The same crystal in a right-handed cell.
        scaled = atoms.get_scaled_positions(wrap=False)[:, [1, 0, 2]]
        atoms.set_cell(np.array(atoms.cell)[[1, 0, 2]])
        atoms.set_scaled_positions(scaled)
    cell = cellpar_to_cell(atoms.cell.cellpar())
    positions = atoms.get_scaled_positions(wrap=True) @ cell
    elements = MODELS[name].split()
    order = sorted(range(len(atoms)), key=lambda i: (elements.index(atoms.symbols[i]), i))
    lattice = " ".join(f"{x:.5f}" for x in np.round(cell, 5).ravel() + 0.0)
    lines = [
        str(len(atoms)),
        f'Lattice="{lattice}" Properties=species:S:1:pos:R:3 pbc="T T T" '
        f'name={name} origin="model, not experiment; relaxed with SevenNet-l3i5 '
        '(sevenn 0.13.0, MIT)"',
    ]
    for i in order:
        xyz = " ".join(f"{x:.5f}" for x in np.round(positions[i], 5) + 0.0)
        lines.append(f"{atoms.symbols[i]} {xyz}")
    return "\n".join(lines) + "\n"


for name in CRYSTALS:
    open(f"{name}.cif", "w").write(cif(name, sys.argv[1]))
for name in MODELS:
    open(f"{name}.extxyz", "w").write(model(name, sys.argv[2]))
