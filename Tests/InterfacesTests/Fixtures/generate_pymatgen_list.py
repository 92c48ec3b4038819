"""Writes pymatgen_list.json: the matches of pymatgen's CoherentInterfaceBuilder, all of them.

Made with pymatgen 2026.10.24. Run: python generate_pymatgen_list.py DATA_STRUCTURES > pymatgen_list.json
The film is the electrolyte. Each match is [area of the film, von Mises strain, film a, b, angle,
substrate a, b, angle], as ZSLGenerator orders them but for the order within one product of areas.
"""
import json
import sys
import warnings

import numpy as np
from ase.io import read
from pymatgen.analysis.elasticity.strain import Deformation
from pymatgen.analysis.interfaces.coherent_interfaces import CoherentInterfaceBuilder
from pymatgen.analysis.interfaces.zsl import ZSLGenerator, fast_norm, vec_angle
from pymatgen.core import Structure
from pymatgen.io.ase import AseAtomsAdaptor

warnings.filterwarnings("ignore")
CASES = [
    ("LiCl.cif", (1, 0, 0), (1, 0, 0), 150, True), ("LiCl.cif", (1, 1, 1), (1, 1, 0), 150, False),
    ("Li2S.cif", (1, 1, 0), (1, 1, 0), 150, True), ("LiBH4.cif", (1, 0, 1), (1, 1, 0), 200, True),
    ("Li6PS5Cl.extxyz", (1, 0, 0), (1, 1, 0), 300, True),
    ("Li6PS5Cl.extxyz", (1, -1, 0), (1, 1, 1), 300, False),
]


def crystal(path):
    return Structure.from_file(path) if path.endswith(".cif") else AseAtomsAdaptor.get_structure(read(path))


def shape(vectors):
    a, b = vectors
    return [float(fast_norm(a)), float(fast_norm(b)), float(np.degrees(vec_angle(a, b)))]


result = []
for name, film, metal, area, both in CASES:
    builder = CoherentInterfaceBuilder(
        substrate_structure=crystal(f"{sys.argv[1]}/Li.cif"),
        film_structure=crystal(f"{sys.argv[1]}/{name}"), film_miller=film, substrate_miller=metal,
        zslgen=ZSLGenerator(max_area=area, bidirectional=both))
    matches = []
    for match in builder.zsl_matches:
        strain = Deformation(match.match_transformation).green_lagrange_strain
        matches.append([float(match.match_area), float(strain.von_mises_strain),
                        *shape(match.film_sl_vectors), *shape(match.substrate_sl_vectors)])
    result.append({"electrolyte": name, "film": film, "substrate": metal, "area": area,
                   "bidirectional": both, "matches": matches})
    print(name, film, metal, len(matches), file=sys.stderr)
json.dump({"pymatgen": "2026.10.24", "cases": result}, sys.stdout)
