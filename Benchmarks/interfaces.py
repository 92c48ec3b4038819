"""Matches of twelve pairs beside pymatgen's, and the time that both take for one of them.

    python interfaces.py INTERPHASE [--rounds N] [--write FILE]

Every distinct match of pymatgen must be among ours, and none of ours may be there twice. Matches are
compared as deformations of reduced two-dimensional lattices in whole numbers, worked out here from
the crystals alone: with A and B the superlattices on reduced bases of both planes, the matrix A^-1 B
holds the deformation whatever cell or basis it is written in, and the symmetries of both planes act
on it from either side. Exits with 1 if anything differs.
"""

import argparse
import itertools
import json
import platform
import subprocess
import sys
import tempfile
import time
import warnings
from datetime import date
from fractions import Fraction
from pathlib import Path

import numpy as np
from ase.io import read
from pymatgen.analysis.elasticity.strain import Deformation
from pymatgen.analysis.interfaces.coherent_interfaces import CoherentInterfaceBuilder
from pymatgen.analysis.interfaces.zsl import ZSLGenerator
from pymatgen.core.surface import get_symmetrically_distinct_miller_indices
from pymatgen.core import Structure
from pymatgen.io.ase import AseAtomsAdaptor
from pymatgen.symmetry.analyzer import SpacegroupAnalyzer

warnings.filterwarnings("ignore")
DATA = Path(__file__).parent.parent / "Data/Structures"
AREA = 300
PAIRS = [
    ("Li6PS5Cl.extxyz", "Li.cif"), ("Li6PS5BH4.extxyz", "Li.cif"), ("Li6PS5BF4.extxyz", "Li.cif"),
    ("Li6PS5CN.extxyz", "Li.cif"), ("Li3PS4.cif", "Li.cif"), ("Li7PS6.extxyz", "Li.cif"),
    ("LiCl.cif", "Li.cif"), ("Li2S.cif", "Li.cif"), ("LiF.cif", "Li.cif"), ("LiBH4.cif", "Li.cif"),
    ("NaCl.cif", "Na.cif"), ("SiC.cif", "Li.cif"),
]


def crystal(name):
    path = DATA / name
    if name.endswith(".cif"):
        return Structure.from_file(path)
    return AseAtomsAdaptor.get_structure(read(path))


class Plane:
    """A family of planes: the reduced lattice of the plane, by one of its members."""

    def __init__(self, structure, primitive, hkl):
        normal = np.array(hkl) @ structure.lattice.inv_matrix.T
        self.normal = normal / np.linalg.norm(normal)
        vectors = [
            v for n in itertools.product(range(-6, 7), repeat=3) if any(n)
            and abs((v := np.array(n) @ primitive) @ self.normal) < 1e-6
        ]
        vectors.sort(key=lambda v: (round(np.linalg.norm(v), 7), tuple(np.round(v, 6))))
        a = vectors[0]
        b = next(v for v in vectors if np.linalg.norm(np.cross(a, v)) > 1e-3)
        # Right-handed seen from outside.
        self.basis = np.array([a, b if np.cross(a, b) @ self.normal > 0 else -b])
        self.metric = self.basis @ self.basis.T
        self.area = np.sqrt(np.linalg.det(self.metric))
        self.maps = self.lattice_maps()

    def lattice_maps(self):
        """Integer matrices that leave the metric as it is."""
        maps = []
        for m in itertools.product((-1, 0, 1), repeat=4):
            m = np.array(m).reshape(2, 2)
            if abs(round(np.linalg.det(m))) == 1 and np.allclose(
                    m @ self.metric @ m.T, self.metric, rtol=0, atol=1e-6 * self.metric.max()):
                maps.append(m)
        return maps

    def whole(self, vectors, basis):
        """Vectors on a basis of this plane or another member of its family, in whole numbers on ours.

        Two bases of equal lattices by lengths and angle: what is left open is what `maps` holds.
        """
        target = basis @ basis.T
        reach = int(np.ceil(np.sqrt(target.diagonal().max() / np.linalg.eigvalsh(self.metric)[0])))
        grid = np.array(list(itertools.product(range(-reach, reach + 1), repeat=2)))
        squares = np.einsum("ni,ij,nj->n", grid, self.metric, grid)
        near = [grid[np.abs(squares - target[k, k]) < 1e-6 * target.max()] for k in (0, 1)]
        for p in near[0]:
            for q in near[1]:
                if abs(p @ self.metric @ q - target[0, 1]) < 1e-6 * target.max():
                    on_basis = np.linalg.lstsq(basis.T, vectors.T, rcond=None)[0].T
                    assert np.allclose(on_basis, np.round(on_basis), atol=1e-4), on_basis
                    return np.round(on_basis).astype(int) @ np.array([p, q])
        raise ValueError("not the lattice of this plane")

    def crystal_maps(self, structure, rotations):
        """Integer matrices of the crystal's own symmetries that keep the face."""
        maps = set()
        for rotation, shift in rotations:
            rise = (shift @ self.normal) / self.spacing
            if np.allclose(rotation @ self.normal, self.normal, atol=1e-4) and \
                    abs(rise - round(rise)) < 1e-2:
                image = self.basis @ rotation.T
                m = np.linalg.lstsq(self.basis.T, image.T, rcond=None)[0].T
                maps.add(tuple(int(x) for x in np.round(m).ravel()))
        return [np.array(m).reshape(2, 2) for m in maps]


def adjugate(m):
    return np.array([[m[1, 1], -m[0, 1]], [-m[1, 0], m[0, 0]]])


def key(a, b, film_maps, metal_maps, joint):
    """A^-1 B under the symmetries; exact. With `joint`, maps of either hand count only in pairs."""
    n = int(round(np.linalg.det(a)))
    raw = np.array(adjugate(a) @ b, dtype=object)
    best = None
    for h in film_maps:
        left = h @ raw
        for g in metal_maps:
            if joint and round(np.linalg.det(h)) != round(np.linalg.det(g)):
                continue
            found = tuple(Fraction(int(x), n) for x in (left @ g).ravel())
            best = found if best is None or found < best else best
    return best


def orbit(structure, hkl):
    """The smallest index of a family: the point group acts, and both faces belong to it."""
    group = SpacegroupAnalyzer(structure, symprec=0.01).get_point_group_operations()
    images = set()
    for op in group:
        m = np.linalg.inv(op.rotation_matrix)
        image = np.round(np.array(hkl) @ m).astype(int)
        images |= {tuple(map(int, image)), tuple(map(int, -image))}
    return max(images)


class Pair:
    def __init__(self, film_name, metal_name):
        self.names = film_name, metal_name
        self.sides = crystal(film_name), crystal(metal_name)
        self.planes = {}
        self.families = {}
        self.primitive = []
        self.operations = []
        for s in self.sides:
            p = s.get_primitive_structure(tolerance=0.01).lattice.matrix
            # The primitive cell keeps the orientation only if its vectors are sums of centrings.
            f = p @ s.lattice.inv_matrix
            if not np.allclose(f * 12, np.round(f * 12), atol=1e-2):
                raise ValueError(f"the primitive cell of {s.composition} is turned")
            self.primitive.append(p)
            ops = SpacegroupAnalyzer(s, symprec=0.01).get_symmetry_operations(cartesian=True)
            self.operations.append([(o.rotation_matrix, o.translation_vector) for o in ops])

    def family(self, side, hkl):
        if (side, hkl) not in self.families:
            self.families[side, hkl] = orbit(self.sides[side], hkl)
        return self.families[side, hkl]

    def plane(self, side, hkl):
        if (side, hkl) not in self.planes:
            plane = Plane(self.sides[side], self.primitive[side], hkl)
            plane.spacing = abs(np.linalg.det(self.primitive[side])) / plane.area
            self.planes[side, hkl] = plane
        return self.planes[side, hkl]

    def key(self, film, metal, film_vectors, metal_vectors, film_basis, metal_basis):
        """What tells the deformation of one family of planes onto another, of either hand."""
        families = self.family(0, film), self.family(1, metal)
        f, m = self.plane(0, families[0]), self.plane(1, families[1])
        return families, key(
            f.whole(film_vectors, film_basis), m.whole(metal_vectors, metal_basis), f.maps, m.maps, False)


def miller(text):
    return tuple(int(x) for x in text.strip("()").split())


def strain(film, metal):
    """Green-Lagrange strain of the metal's superlattice onto the film's, by the polar factor."""
    d = np.linalg.solve(metal, film)
    u, s, _ = np.linalg.svd(d)
    stretch = u @ np.diag(s**2) @ u.T
    return (stretch - np.eye(2)) / 2


def von_mises(e):
    full = np.zeros((3, 3))
    full[:2, :2] = e
    deviator = full - np.trace(full) / 3 * np.eye(3)
    return np.sqrt(2 / 3 * np.sum(deviator**2))


def theirs(pair, index, area):
    """pymatgen's matches for all pairs of faces, as keys, and how many there are with repeats."""
    film, metal = pair.sides
    found, count = {}, 0
    for f in get_symmetrically_distinct_miller_indices(film, index):
        for m in get_symmetrically_distinct_miller_indices(metal, index):
            builder = CoherentInterfaceBuilder(
                substrate_structure=metal, film_structure=film, film_miller=f, substrate_miller=m,
                zslgen=ZSLGenerator(max_area=area))
            for match in builder.zsl_matches:
                count += 1
                vectors = [np.array(v) for v in (match.film_sl_vectors, match.substrate_sl_vectors,
                                                 match.film_vectors, match.substrate_vectors)]
                e = Deformation(match.match_transformation).green_lagrange_strain
                found[pair.key(tuple(f), tuple(m), *vectors)] = float(e.von_mises_strain)
    return found, count


def ours(interphase, pair, index, area, folder):
    command = [interphase, "interface", DATA / pair.names[0], DATA / pair.names[1], "--matches",
               "--json", "--max-area", f"{area} Å^2", "--max-index", str(index), "--working-ion", "none"]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)["matches"]


def compare(interphase, pair, folder):
    """One row of the table, and what is wrong."""
    faults = []
    rows = ours(interphase, pair, 1, AREA, folder)
    keys, seen, strains = set(), {}, set()
    worst = 0.0
    for row in rows:
        faces = miller(row["electrolyteMiller"]), miller(row["anodeMiller"])
        sides = []
        for name in ("electrolyte", "anode"):
            surface = np.array(row[f"{name}Surface_A"])
            cell = np.array(row[f"{name}Supercell"])
            # From the slab's frame into the crystal's.
            q = np.array(row[f"{name}Rotation"])
            three = np.hstack([cell @ surface, np.zeros((2, 1))]) @ q
            basis = np.hstack([surface, np.zeros((2, 1))]) @ q
            sides.append((cell @ surface, three, basis))
        keys.add(pair.key(*faces, sides[0][1], sides[1][1], sides[0][2], sides[1][2]))
        # Lengths and area by the crystal's own vectors, not by what was printed.
        exact = []
        for side, (name, hkl) in enumerate(zip(("electrolyte", "anode"), faces)):
            plane = pair.plane(side, hkl)
            three = sides[side][1]
            whole = np.linalg.lstsq(plane.basis.T, three.T, rcond=None)[0].T
            if not np.allclose(whole, np.round(whole), atol=1e-5):
                faults.append(f"{row}: no superlattice of the plane")
            whole = np.round(whole)
            exact.append((whole @ plane.basis @ np.array(row[f"{name}Rotation"]).T)[:, :2])
        e = strain(*exact)
        area = abs(np.linalg.det(exact[0]))
        differences = [area / row["area_A2"] - 1, von_mises(e) - row["vonMisesStrain"],
                       e[0, 0] - row["strain"][0], e[1, 1] - row["strain"][1], e[0, 1] - row["strain"][2]]
        worst = max(worst, *np.abs(differences))
        # None twice: the same face, and a deformation that the crystals' symmetries carry over.
        planes = [pair.plane(side, hkl) for side, hkl in enumerate(faces)]
        whole = [np.round(np.linalg.lstsq(p.basis.T, s[1].T, rcond=None)[0].T).astype(int)
                 for p, s in zip(planes, sides)]
        maps = [p.crystal_maps(pair.sides[k], pair.operations[k]) for k, p in enumerate(planes)]
        own = (faces, key(*whole, *maps, True))
        if own in seen:
            faults.append(f"twice: {row['electrolyteMiller']} {row['anodeMiller']} {row['area_A2']}")
        seen[own] = row
        strains.add(round(row["vonMisesStrain"], 6))
    if worst > 1e-10:
        faults.append(f"differs by {worst:.1e} from the independent calculation")
    peers, listed = theirs(pair, 1, AREA)
    missing = set(peers) - keys
    for k in missing:
        faults.append(f"pymatgen's {k[0]} with strain {peers[k]:.5f} is missing")
    names = [n.split(".")[0] for n in pair.names]
    row = (f"| {names[0]} | {names[1]} | {len(rows)} | {len(keys)} | {len(strains)} | {listed} | {len(peers)} "
           f"| {len({round(v, 6) for v in peers.values()})} | {len(missing)} | {worst:.0e} |")
    return row, faults


def speed(interphase, rounds, folder):
    """All matches of Li6PS5Cl with lithium, indices up to 2, and ten contacts built, by both."""
    pair = Pair("Li6PS5Cl.extxyz", "Li.cif")
    film, metal = pair.sides
    lines, ratios = [], []
    for n in range(rounds):
        start = time.perf_counter()
        subprocess.run([interphase, "interface", DATA / pair.names[0], DATA / pair.names[1],
                        "--max-index", "2", "--count", "10", "--json", "-o", Path(folder) / f"built-{n}"],
                       check=True, capture_output=True)
        mine = time.perf_counter() - start
        start = time.perf_counter()
        found = []
        for f in get_symmetrically_distinct_miller_indices(film, 2):
            for m in get_symmetrically_distinct_miller_indices(metal, 2):
                builder = CoherentInterfaceBuilder(
                    substrate_structure=metal, film_structure=film, film_miller=f, substrate_miller=m,
                    zslgen=ZSLGenerator(max_area=AREA))
                if builder.zsl_matches and builder.terminations:
                    found.append(builder)
        built = 0
        for builder in found:
            for contact in builder.get_interfaces(
                    builder.terminations[0], film_thickness=2, substrate_thickness=6):
                contact.to(filename=str(Path(folder) / f"POSCAR-{built}"), fmt="poscar")
                built += 1
                if built == 10:
                    break
            if built == 10:
                break
        their = time.perf_counter() - start
        ratios.append(their / mine)
        lines.append(f"| {n + 1} | {mine:.2f} | {their:.1f} | {their / mine:.0f} |")
        print(lines[-1], flush=True)
    return lines, ratios


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("interphase")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--only", nargs="*", help="electrolytes, e.g. LiCl; all if left out")
    parser.add_argument("--write")
    arguments = parser.parse_args()
    head = ("| electrolyte | metal | matches | of lattices alone | strains | pymatgen lists | distinct "
            "| strains | missing | numpy |\n|---|---|---|---|---|---|---|---|---|---|")
    print(head)
    rows, faults, times, ratios = [], [], [], []
    with tempfile.TemporaryDirectory() as folder:
        for names in PAIRS:
            if arguments.only is not None and names[0].split(".")[0] not in arguments.only:
                continue
            row, wrong = compare(arguments.interphase, Pair(*names), folder)
            rows.append(row)
            faults += [f"{names[0]}: {w}" for w in wrong]
            print(row, flush=True)
        if arguments.rounds:
            print("\n| round | ours (s) | pymatgen (s) | ratio |\n|---|---|---|---|")
            times, ratios = speed(arguments.interphase, arguments.rounds, folder)
    for fault in faults:
        print("WRONG:", fault)
    if ratios and min(ratios) < 50:
        faults.append("slow")
        print(f"WRONG: only {min(ratios):.0f} times faster; expected 50")
    if arguments.write:
        body = Path(arguments.write).read_text()
        start, end = "<!-- made by Benchmarks/interfaces.py -->", "<!-- end -->"
        made = "\n".join([
            start, f"{date.today()}, {platform.machine()}, {len(__import__('os').sched_getaffinity(0))} cores, "
            "`./bench interfaces`.", "", head, *rows, "", "| round | ours (s) | pymatgen (s) | ratio |",
            "|---|---|---|---|", *times, end])
        before, rest = body.split(start)
        Path(arguments.write).write_text(before + made + rest.split(end)[1])
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
