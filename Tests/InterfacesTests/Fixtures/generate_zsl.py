"""Matches of pymatgen's ZSLGenerator (pymatgen 2026.10.24), each distinct one once.

Usage: python generate_zsl.py DATA_STRUCTURES > zsl.json
The plane's lattice is that of the primitive cell, by its two shortest vectors.
"""
import itertools
import json
import sys

import numpy as np
from pymatgen.analysis.interfaces.zsl import ZSLGenerator, fast_norm, vec_angle
from pymatgen.core import Structure


def read(path):
    if path.endswith(".cif"):
        return Structure.from_file(path)
    lines = open(path).read().splitlines()
    cell = np.array(lines[1].split('"')[1].split(), float).reshape(3, 3)
    rows = [line.split() for line in lines[2:]]
    return Structure(
        cell, [r[0] for r in rows], [[float(x) for x in r[1:4]] for r in rows],
        coords_are_cartesian=True)


def plane(structure, hkl):
    normal = np.array(hkl) @ structure.lattice.inv_matrix.T
    primitive = structure.get_primitive_structure(tolerance=0.01).lattice.matrix
    # The primitive cell keeps the orientation only if its vectors are sums of the cell's centrings.
    fractional = primitive @ structure.lattice.inv_matrix
    assert np.allclose(fractional * 4, np.round(fractional * 4), atol=1e-3), fractional
    found = []
    for n in itertools.product(range(-5, 6), repeat=3):
        v = np.array(n) @ primitive
        if any(n) and abs(v @ normal) < 1e-6:
            found.append(v)
    found.sort(key=lambda v: (round(np.linalg.norm(v), 6), tuple(np.round(v, 6))))
    a = found[0]
    b = next(v for v in found if np.linalg.norm(np.cross(a, v)) > 1e-3)
    return [a, b]


folder = sys.argv[1]
metal = read(f"{folder}/Li.cif")
result = []
for name, film_hkl, metal_hkl, area in [
    ("LiCl.cif", (1, 0, 0), (1, 0, 0), 120), ("LiCl.cif", (1, 1, 0), (1, 1, 0), 150),
    ("Li2S.cif", (1, 1, 0), (1, 1, 0), 150), ("Li2S.cif", (1, 1, 1), (1, 0, 0), 200),
    ("Li6PS5Cl.extxyz", (1, 0, 0), (1, 1, 0), 300), ("Li6PS5Cl.extxyz", (1, -1, 0), (1, 1, 0), 300),
    ("Li6PS5Cl.extxyz", (0, 0, 1), (1, 1, 1), 300),
]:
    generator = ZSLGenerator(max_area=area, max_length_tol=0.03, max_angle_tol=0.01)
    film, base = plane(read(f"{folder}/{name}"), film_hkl), plane(metal, metal_hkl)
    matches = set()
    for match in generator(film, base):
        f, s = match.film_sl_vectors, match.substrate_sl_vectors
        matches.add(tuple(round(float(x), 4) + 0.0 for x in (
            fast_norm(f[0]), fast_norm(f[1]), np.degrees(vec_angle(f[0], f[1])),
            fast_norm(s[0]), fast_norm(s[1]), np.degrees(vec_angle(s[0], s[1])))))
    result.append({
        "electrolyte": name, "electrolyteMiller": film_hkl, "metal": "Li.cif",
        "metalMiller": metal_hkl, "maximumArea": area, "matches": sorted(matches)})
    print(name, film_hkl, metal_hkl, len(matches), file=sys.stderr)
json.dump({"pymatgen": "2026.10.24", "pairs": result}, sys.stdout, indent=1)
