"""Writes the small NEP models of the tests and the golden values of calorine's CPU calculator.

Needs calorine 4.1, ASE 3.29 and NumPy 2.2. Run in this directory:

    python3 generate_nep.py [path of nep89.txt]

The models are random numbers (seeded), of every kind that the reader knows; they describe no
material. calorine 4.1 refuses nep3 files, so those are handed to it as the nep4 model with the
same network for every species, which is what nep3 means. With the path of NEP89 (from the PyPI
sdist neptrainkit 3.1.5) its golden values are written as well; the model itself is not kept.
"""

import json
import os
import sys
import tempfile

import numpy as np
from calorine.calculators import CPUNEP

from nep_structures import twenty

# name: first word, species, zbl, cutoff, n_max, basis_size, l_max, neurons, seed
MODELS = {
    "nep3": ("nep3", "Li S", None, "5.5 4.2 100 60", (3, 2), (5, 4), "4 2 1", 6, 1),
    "nep3_zbl": ("nep3_zbl", "P Cl H", "0.9 1.8", "5 4.5", (2, 3), (4, 4), "4 2 0", 5, 2),
    "nep4": ("nep4", "Li P S", None, "6 4 100 60", (4, 4), (6, 6), "4 2 1", 7, 3),
    "nep4_three_body": ("nep4", "C", None, "4.5 4.5 100 60", (5, 4), (8, 7), "4 0 0", 10, 4),
    "nep4_low_l": ("nep4", "B F", None, "5 4 100 60", (3, 3), (4, 4), "3 0 0", 5, 5),
    "nep4_zbl": ("nep4_zbl", "Li F B", "1 2", "5 4 100 60", (3, 3), (4, 5), "4 2 0", 6, 6),
    "nep4_zbl_flexible": ("nep4_zbl", "S Li N", "0 0", "5 4 100 60", (3, 2), (4, 3), "4 2 1", 5, 7),
    "nep4_zbl_covalent": ("nep4_zbl", "Li P F", "1 2.4 0.8", "5 4 100 60", (3, 2), (4, 3), "4 2 1", 5, 10),
    "nep4_cutoffs": ("nep4", "Li K", None, "4.4 3.6 6.5 5.1 100 60", (3, 3), (5, 5), "4 2 1", 5, 8),
    "nep4_high_l": ("nep4", "Si O", None, "5 4 100 60", (2, 2), (4, 4), "8 1 1", 5, 9),
}


def write_model(name, spec, path, as_nep4=False):
    word, symbols, zbl, cutoff, n_max, basis, l_max, neurons, seed = spec
    rng = np.random.default_rng(seed)
    types = len(symbols.split())
    fields = [int(x) for x in l_max.split()] + [0, 0]
    blocks = fields[0] + (fields[1] > 0) + (fields[2] > 0)
    dim = n_max[0] + 1 + (n_max[1] + 1) * blocks
    networks = types if word.startswith("nep4") else 1
    network = rng.normal(0, 0.7, (networks, neurons * (dim + 2)))
    bias = rng.normal(0, 1, 1)
    if as_nep4 and networks == 1:
        network = np.repeat(network, types, axis=0)
        word = word.replace("nep3", "nep4")
    pairs = types * types
    radial = rng.normal(0, 0.5, (n_max[0] + 1) * (basis[0] + 1) * pairs)
    angular = rng.normal(0, 0.5, (n_max[1] + 1) * (basis[1] + 1) * pairs)
    scaler = rng.uniform(0.1, 0.9, dim)
    flexible = []
    if zbl == "0 0":
        for _ in range(types * (types + 1) // 2):
            inner = rng.uniform(0.5, 1.0)
            flexible += [inner, inner * rng.uniform(1.5, 2.2)]
            flexible += list(np.array([0.18, 3.2, 0.51, 0.94, 0.28, 0.4, 0.03, 0.2])
                             * rng.uniform(0.7, 1.3, 8))
    with open(path, "w") as f:
        f.write(f"{word} {types} {symbols}\n")
        if zbl:
            f.write(f"zbl {zbl}\n")
        if len(cutoff.split()) == 2:
            cutoff += " 100 60"
        f.write(f"cutoff {cutoff}\nn_max {n_max[0]} {n_max[1]}\n")
        f.write(f"basis_size {basis[0]} {basis[1]}\nl_max {l_max}\nANN {neurons} 0\n")
        for v in np.concatenate([network.ravel(), bias, radial, angular, scaler, flexible]):
            f.write(f"{v:15.7e}\n")


def golden(model, structures):
    rows = []
    for name, atoms in structures:
        calculated = atoms.copy()
        calculated.calc = CPUNEP(model)
        rows.append({
            "name": name,
            "lattice": atoms.cell.array.tolist(),
            "periodic": [bool(p) for p in atoms.pbc],
            "symbols": atoms.get_chemical_symbols(),
            "positions": atoms.positions.tolist(),
            "energies": calculated.get_potential_energies().tolist(),
            "forces": calculated.get_forces().tolist(),
            "stress": calculated.get_stress().tolist(),
        })
    return rows


def write_golden(path, source, rows):
    with open(path, "w") as f:
        json.dump({"source": source, "structures": rows}, f, separators=(",", ":"))
        f.write("\n")


def main():
    source = "calorine 4.1, CPUNEP; generate_nep.py"
    for name, spec in MODELS.items():
        write_model(name, spec, f"{name}.nep.txt")
        with tempfile.TemporaryDirectory() as folder:
            reference = os.path.join(folder, "nep.txt")
            write_model(name, spec, reference, as_nep4=True)
            # All twenty structures for one model, some of them for the others.
            structures = twenty(spec[1].split(), spec[-1])
            chosen = structures if name == "nep4_zbl" else structures[1::3]
            write_golden(f"{name}.golden.json", source, golden(reference, chosen))
    if len(sys.argv) > 1:
        species = "Li P S Cl B H F C N".split()
        write_golden("nep89.golden.json", source + "; NEP89 of neptrainkit 3.1.5",
                     golden(sys.argv[1], twenty(species, 89)))


if __name__ == "__main__":
    main()
