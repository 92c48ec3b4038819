"""The contact that dynamics is timed on: Li6PS5Cl against lithium, made as a study makes it."""

from pathlib import Path

import numpy as np

from bars import asked, run

DATA = Path(__file__).parent.parent / "Data/Structures"


class Frame:
    """Atoms of an extended XYZ file, the last frame, wrapped into the cell."""

    def __init__(self, path):
        lines = Path(path).read_text().splitlines()
        start = 0
        while start + int(lines[start]) + 2 < len(lines):
            start += int(lines[start]) + 2
        count = int(lines[start])
        lattice = lines[start + 1].split('Lattice="')[1].split('"')[0]
        self.lattice = np.array([float(x) for x in lattice.split()]).reshape(3, 3)
        rows = [line.split() for line in lines[start + 2 : start + 2 + count]]
        self.elements = [row[0] for row in rows]
        positions = np.array([[float(x) for x in row[1:4]] for row in rows])
        fractional = positions @ np.linalg.inv(self.lattice)
        self.positions = (fractional - np.floor(fractional)) @ self.lattice

    def __len__(self):
        return len(self.elements)

    def rows(self):
        for element, r in zip(self.elements, self.positions):
            yield f"{element} {float(r[0])!r} {float(r[1])!r} {float(r[2])!r}"

    def write_xyz(self, path):
        lattice = " ".join(repr(float(x)) for x in self.lattice.flat)
        head = f'Lattice="{lattice}" Properties=species:S:1:pos:R:3 pbc="T T T"'
        Path(path).write_text("\n".join([str(len(self)), head, *self.rows()]) + "\n")

    def write_plain(self, path):
        """What `nep_driver.cpp` reads."""
        box = " ".join(repr(float(x)) for x in self.lattice.T.flat)
        Path(path).write_text("\n".join([str(len(self)), box, *self.rows()]) + "\n")


def place(interphase, name):
    """The path of an installed potential."""
    return next(
        item["path"]
        for item in asked(interphase, "potential", "list", "--json")["potentials"]
        if item["name"] == name
    )


def potential(interphase):
    """The path of NEP89, fetched unless it is there."""
    run(interphase, "potential", "install", "nep89")
    return place(interphase, "nep89")


def carried(interphase):
    """The path of the potential that the program carries."""
    return place(interphase, "argyrodite-1")


def crystal(interphase, name, model, folder):
    """A crystal of Data/Structures, cell and atoms relaxed."""
    target = Path(folder) / f"{name.split('.')[0]}.extxyz"
    run(interphase, "relax", DATA / name, "--potential", model, "--cell", "-o", target)
    return target


def relaxed(interphase, name, atoms, model, folder):
    """The least strained contact of a crystal and lithium, relaxed, and its match."""
    electrolyte, metal = (
        crystal(interphase, file, model, folder) for file in (name, "Li.cif")
    )
    match = asked(
        interphase, "interface", electrolyte, metal, "--max-atoms", atoms, "--count", "1", "-o",
        Path(folder) / "contacts", "--json",
    )["matches"][0]  # fmt: skip
    target = Path(folder) / "relaxed.extxyz"
    run(interphase, "relax", match["file"], "--potential", model, "--fmax", "0.05", "-o", target)
    return target, match


def build(interphase, model, folder):
    """The least strained contact with at most 240 atoms after 0.5 ps at 300 K."""
    folder = Path(folder)
    structure, match = relaxed(interphase, "Li6PS5Cl.extxyz", 240, model, folder)
    run(
        interphase, "md", structure, "--potential", model, "--temperature", "300 K", "--time",
        "0.5 ps", "--every", "0.5 ps", "-o", folder / "md", "--quiet",
    )  # fmt: skip
    frame = Frame(folder / "md/trajectory.extxyz")
    print(
        f"Contact of {len(frame)} atoms: Li6PS5Cl {match['electrolyteMiller']} on Li "
        f"{match['anodeMiller']}, {match['area_A2']:.0f} Å^2, 0.5 ps at 300 K",
        flush=True,
    )
    return frame
