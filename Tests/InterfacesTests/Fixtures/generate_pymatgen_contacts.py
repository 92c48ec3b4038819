"""Writes pymatgen_contacts.json: contacts that pymatgen's CoherentInterfaceBuilder builds, and terminations.

Made with pymatgen 2026.10.24. Run: python generate_pymatgen_contacts.py DATA_STRUCTURES > pymatgen_contacts.json
"""
import json
import sys
import warnings

import numpy as np
from ase.io import read
from pymatgen.analysis.interfaces.coherent_interfaces import CoherentInterfaceBuilder
from pymatgen.analysis.interfaces.zsl import ZSLGenerator
from pymatgen.core import Structure
from pymatgen.core.interface import label_termination
from pymatgen.core.surface import SlabGenerator
from pymatgen.io.ase import AseAtomsAdaptor

warnings.filterwarnings("ignore")
# Film and its face, substrate and its face, largest area, thicknesses, whether these are planes; every so
# many-th match is kept.
CASES = [
    ("LiCl.cif", (1, 0, 0), "Li.cif", (1, 0, 0), 150, 2, 3, True, 1),
    ("LiCl.cif", (1, 1, 1), "Li.cif", (1, 1, 1), 250, 1, 4, True, 2),
    ("Li.cif", (1, 1, 1), "LiCl.cif", (1, 1, 1), 250, 12, 8, False, 9),
    ("Li2S.cif", (1, 1, 0), "Li.cif", (1, 1, 0), 130, 2, 2, True, 1),
    ("LiBH4.cif", (1, 0, 1), "Li.cif", (1, 1, 0), 200, 1, 3, True, 1),
    ("Li3PS4.cif", (1, 0, 0), "Li.cif", (1, 1, 0), 330, 1, 2, True, 2),
    ("Li6PS5Cl.extxyz", (1, 1, 0), "Li.cif", (1, 1, 0), 150, 1, 6, True, 2),
    ("Li6PS5BF4.extxyz", (1, -1, 0), "Li.cif", (1, 0, 1), 250, 9, 9, False, 3),
    ("SiC.cif", (1, -1, 2), "Na.cif", (2, 1, 1), 200, 1, 1, True, 6),
]


def crystal(name):
    """A crystal with exact zeros in its cell.

    Of cell vectors that are equally steep SlabGenerator takes the one that rounding favours, in a cell
    from lengths and angles not the same from crystal to crystal; without rounding it is the first.
    """
    path = f"{sys.argv[1]}/{name}"
    if not path.endswith(".cif"):
        return AseAtomsAdaptor.get_structure(read(path))
    read_in = Structure.from_file(path)
    matrix = read_in.lattice.matrix
    exact = np.where(abs(matrix) < 1e-9, 0, matrix)
    for k in (1, 2):
        if abs(exact[k, k] - exact[0, 0]) < 1e-9:
            exact[k, k] = exact[0, 0]
    return Structure(exact, read_in.species, read_in.frac_coords)


def terminations(name, miller):
    generator = SlabGenerator(
        crystal(name), miller, min_slab_size=1, min_vacuum_size=3, in_unit_planes=True, center_slab=True,
        primitive=True, reorient_lattice=False)
    return [[shift, label_termination(generator.get_slab(shift=shift), 0.25)]
            for shift in generator.gen_possible_terminations(ftol=0.25)]


cases = []
for film, film_face, base, base_face, area, film_thick, base_thick, planes, step in CASES:
    builder = CoherentInterfaceBuilder(
        substrate_structure=crystal(base), film_structure=crystal(film), film_miller=film_face,
        substrate_miller=base_face, zslgen=ZSLGenerator(max_area=area, bidirectional=True))
    # The last: of equal labels it is the one that is kept.
    termination = builder.terminations[-1]
    contacts = []
    matches = list(builder.zsl_matches)
    builder.zsl_matches = matches[::step][:3]
    for match, contact in zip(builder.zsl_matches, builder.get_interfaces(
            termination, film_thickness=film_thick, substrate_thickness=base_thick, in_layers=planes)):
        contacts.append({
            "filmTransformation": np.array(match.film_transformation).astype(int).tolist(),
            "substrateTransformation": np.array(match.substrate_transformation).astype(int).tolist(),
            "lattice": [*contact.lattice.abc, contact.lattice.gamma],
            "species": [site.specie.symbol for site in contact],
            "isFilm": [label == "film" for label in contact.site_properties["interface_label"]],
            "fractional": np.round(contact.frac_coords, 9).tolist(),
        })
    shifts = builder._terminations[termination]
    cases.append({
        "film": film, "filmFace": film_face, "substrate": base, "substrateFace": base_face, "area": area,
        "filmThickness": film_thick, "substrateThickness": base_thick, "inPlanes": planes,
        "filmShift": float(shifts[0]), "substrateShift": float(shifts[1]), "label": list(termination),
        "filmTerminations": terminations(film, film_face),
        "substrateTerminations": terminations(base, base_face), "contacts": contacts})
    print(film, film_face, base, base_face, len(matches), termination, shifts,
          [len(c["species"]) for c in contacts], file=sys.stderr)
json.dump({"pymatgen": "2026.10.24", "cases": cases}, sys.stdout)
