"""Writes matches.json: the distinct matches that pymatgen's ZSLGenerator finds for pairs of surfaces.

Made with pymatgen 2026.10.24 and numpy. Run: python generate_matches.py

Each match is a pair of sublattices, both as Hermite normal forms [m, n, p] (rows m 0 and n p, with
0 <= n < m) of the transformations that pymatgen reports. Surfaces are given by [ax, bx, by]: the
reduced vectors (ax, 0) and (bx, by).
"""
import json
from pathlib import Path

import numpy as np
from pymatgen.analysis.interfaces.zsl import ZSLGenerator

PAIRS = [
    # The close-packed plane of an argyrodite's primitive cell on the plane (1 1 0) of bcc lithium.
    ("hexagonal on bcc (1 1 0)", [7.13, 3.52, 6.21], [2.979, 0.993, 2.8087], 400),
    # The densest plane of an argyrodite in its cube on (1 0 0) of bcc lithium.
    ("square on square", [7.15, 0.0, 7.31], [3.44, 0.0, 3.44], 300),
    ("oblique on oblique", [4.31, 1.07, 5.23], [3.02, -0.71, 3.87], 300),
]


def hermite(matrix):
    """The Hermite normal form of a whole 2 x 2 matrix, [m, n, p]."""
    u, v = [[int(round(x)) for x in row] for row in matrix]
    while u[1] != 0:
        q = v[1] // u[1]
        u, v = [v[0] - q * u[0], v[1] - q * u[1]], u
    m, p = abs(u[0]), abs(v[1])
    n = v[0] if v[1] > 0 else -v[0]
    return [m, n % m, p]


def vectors(plane):
    ax, bx, by = plane
    return np.array([[ax, 0.0, 0.0], [bx, by, 0.0]])


def main():
    cases = []
    for name, film, metal, area in PAIRS:
        generator = ZSLGenerator(
            max_area=area, max_length_tol=0.03, max_angle_tol=0.01, max_area_ratio_tol=0.12)
        found = {
            json.dumps([hermite(m.film_transformation), hermite(m.substrate_transformation)])
            for m in generator(vectors(film), vectors(metal))
        }
        cases.append({
            "name": name, "electrolyte": film, "metal": metal, "area": area,
            "matches": sorted(json.loads(x) for x in found),
        })
    text = json.dumps({"generator": "pymatgen 2026.10.24", "cases": cases})
    (Path(__file__).parent / "matches.json").write_text(text + "\n")
    for case in cases:
        print(case["name"], len(case["matches"]))


if __name__ == "__main__":
    main()
