"""Analyses of a long trajectory beside MDAnalysis and freud, from the file to the result.

    python analysis.py INTERPHASE [--frames 10000] [--rounds 3] [--keep FILE]

The trajectory is made here: 416 atoms of Li6PS5Cl (twice the cubic cell of our model), every atom
bound to its site by a spring and moved by Brownian steps, wrapped, as extended XYZ, which every side
reads. Timed is, in turns:

- g(r) of P and S and of Li and S up to 8 Å, 160 bins. `interphase analyze rdf` as a process; MDAnalysis's
  `InterRDF` and freud's `RDF`, both fed by MDAnalysis's reader; imports are not counted.
- survival of the P-S bonds of the first frame with two cut-offs. `interphase analyze bonds` as a process;
  with MDAnalysis its reader and `distance_array` for each frame, the rule in numpy. freud has no such
  analysis.

Results are compared before any time is told. The memory of our process is measured on a tenth of the
frames and on all of them.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
import warnings
from pathlib import Path

import numpy as np
from ase.build import make_supercell
from ase.geometry import get_distances
from ase.io import read

import bars

warnings.filterwarnings("ignore")
R_MAX, BINS, INNER, OUTER, LIFETIME = 8.0, 160, 2.5, 2.9, 0.2
MODEL = Path(__file__).parent.parent / "Data/Structures/Li6PS5Cl.extxyz"


def make(path, frames, seed=1):
    """Brownian atoms on springs: x += -x/20 + noise, so that neighbours stay and bonds vibrate."""
    random = np.random.default_rng(seed)
    unit = read(MODEL)
    cell = make_supercell(unit, 2 * np.array([[-1, 1, 1], [1, -1, 1], [1, 1, -1]]))
    # MDAnalysis and freud know a cell by lengths and angles, a along x.
    cell.set_cell(cell.cell.standard_form()[0], scale_atoms=True)
    symbols = np.array(cell.get_chemical_symbols())
    box = np.array(cell.cell)
    inverse = np.linalg.inv(box)
    size = np.where(symbols == "Li", 0.10, 0.035)[:, None]
    away = np.zeros((len(cell), 3))
    # A tenth of the P-S bonds break for good somewhere in the middle.
    phosphorus, sulfur = np.flatnonzero(symbols == "P"), np.flatnonzero(symbols == "S")
    vectors, distances = get_distances(
        cell.positions[phosphorus], cell.positions[sulfur], cell=box, pbc=True)
    bonds = np.argwhere(distances < INNER)
    leaving = {int(random.integers(frames)): bonds[k]
               for k in random.choice(len(bonds), len(bonds) // 10, replace=False)}
    lattice = " ".join(f"{v:.10f}" for v in box.flatten())
    with open(path, "w") as out:
        for frame in range(frames):
            away += -away / 20 + size * random.standard_normal(away.shape)
            if frame in leaving:
                p, q = leaving[frame]
                cell.positions[sulfur[q]] += 1.5 * vectors[p, q] / distances[p, q]
            positions = ((cell.positions + away) @ inverse % 1.0) @ box
            rows = "\n".join(
                f"{s} {x:.6f} {y:.6f} {z:.6f}" for s, (x, y, z) in zip(symbols, positions))
            out.write(
                f'{len(cell)}\nLattice="{lattice}" pbc="T T T" time_fs={100 * frame} '
                f"Properties=species:S:1:pos:R:3\n{rows}\n")
    return len(cell), symbols, box


def ours(binary, *arguments):
    """Seconds and the JSON of a process of ours."""
    before = time.perf_counter()
    text = subprocess.run(
        [binary, "analyze", *arguments, "--json", "--quiet"], check=True, capture_output=True).stdout
    return time.perf_counter() - before, json.loads(text)


def memory(binary, *arguments):
    """The largest memory in MB of a process of ours that prints a short table, looked at 50 times a second.

    What the system keeps of a finished process counts our own memory at its start, too.
    """
    process = subprocess.Popen([binary, "analyze", *arguments, "--quiet"], stdout=subprocess.DEVNULL)
    largest = 0
    while process.poll() is None:
        try:
            with open(f"/proc/{process.pid}/status") as lines:
                name, *values = lines.read().split("\n")
            if "interphase" in name:
                largest = max([largest] + [int(v.split()[1]) for v in values if v.startswith("VmHWM")])
        except (FileNotFoundError, ProcessLookupError):
            pass
        time.sleep(0.02)
    if process.returncode != 0:
        raise RuntimeError(f"analyze {' '.join(arguments)} failed")
    return largest / 1024


def universe(path, box):
    import MDAnalysis as mda
    from MDAnalysis import transformations
    from ase.geometry import cell_to_cellpar

    found = mda.Universe(str(path), format="XYZ", topology_format="XYZ")
    found.trajectory.add_transformations(
        transformations.boxdimensions.set_dimensions(cell_to_cellpar(box)))
    return found


def mdanalysis_rdf(path, box, first, second):
    from MDAnalysis.analysis.rdf import InterRDF

    atoms = universe(path, box)
    # Over the same edges; an atom is not its own partner.
    exclusion = (1, 1) if first == second else None
    found = InterRDF(
        atoms.select_atoms(f"name {first}"), atoms.select_atoms(f"name {second}"), nbins=BINS,
        range=(0.0, R_MAX), exclusion_block=exclusion)
    found.run()
    return found.results.bins, found.results.rdf


def freud_rdf(path, box, first, second):
    import freud

    atoms = universe(path, box)
    centers, partners = atoms.select_atoms(f"name {first}"), atoms.select_atoms(f"name {second}")
    simulation = freud.box.Box.from_matrix(np.asarray(box).T)
    found = freud.density.RDF(bins=BINS, r_max=R_MAX)
    for _ in atoms.trajectory:
        found.compute(
            (simulation, partners.positions), query_points=centers.positions, reset=False)
    return found.bin_centers, found.rdf


def survival(path, box):
    """The rule of `analyze bonds` in numpy on MDAnalysis's distances."""
    from MDAnalysis.lib.distances import distance_array

    atoms = universe(path, box)
    centers, ligands = atoms.select_atoms("name P"), atoms.select_atoms("name S")
    distances = []
    bonds = None
    for step in atoms.trajectory:
        d = distance_array(centers.positions, ligands.positions, box=step.dimensions)
        if bonds is None:
            bonds = np.nonzero(d < INNER)
        distances.append(d[bonds])
    distances = np.array(distances)
    times = 0.1 * np.arange(len(distances))
    intact = np.ones(distances.shape, bool)
    for bond in range(distances.shape[1]):
        whole, since = True, None
        for k, d in enumerate(distances[:, bond]):
            if whole:
                since = (k if since is None else since) if d > OUTER else None
                if since is not None and times[k] - times[since] >= LIFETIME - 1e-6:
                    whole, intact[since:k, bond] = False, False
            elif d < INNER:
                whole, since = True, None
            intact[k, bond] = whole
    return intact.mean(axis=1)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("interphase")
    parser.add_argument("--frames", type=int, default=10000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--keep", help="write the trajectory here and leave it")
    options = parser.parse_args()
    bars.machine()
    import freud
    import MDAnalysis

    print(f"MDAnalysis {MDAnalysis.__version__}, freud {freud.__version__}")
    with tempfile.TemporaryDirectory() as folder:
        path = options.keep or f"{folder}/run.extxyz"
        count, symbols, box = make(path, options.frames)
        tenth = f"{folder}/tenth.extxyz"
        with open(path) as all_frames, open(tenth, "w") as part:
            for _ in range(options.frames // 10 * (count + 2)):
                part.write(all_frames.readline())
        print(f"{options.frames} frames of {count} atoms, {os.path.getsize(path) / 1e6:.0f} MB")

        def rdf(pair, file=path):
            return ["rdf", file, "--pair", pair, "--r-max", f"{R_MAX} Å", "--bin", f"{R_MAX / BINS} Å",
                    "--normalisation", "cell"]

        def bonds(file=path):
            return ["bonds", file, "--pair", "P-S", "--inner", f"{INNER} Å", "--outer", f"{OUTER} Å",
                    "--lifetime", f"{LIFETIME} ps"]

        for pair in ("P-S", "Li-S"):
            first, second = pair.split("-")
            mine, theirs, freuds = [], [], []
            for _ in range(options.rounds):
                seconds, result = ours(options.interphase, *rdf(pair))
                mine.append(seconds)
                for times, work in ((theirs, mdanalysis_rdf), (freuds, freud_rdf)):
                    before = time.perf_counter()
                    _, g = work(path, box, first, second)
                    times.append(time.perf_counter() - before)
                    difference = np.abs(np.array(result["g"]) - g)
                    # Positions are single precision there: a pair at the edge of a bin may count beside it.
                    mean = difference.mean() / np.mean(g)
                    if mean > 1e-3:
                        bars.bar(False, f"g(r) of {pair} agrees with {work.__name__}: {mean:.1e}")
            print(f"g(r) {pair}: ours {bars.spread(mine)} s, MDAnalysis {bars.spread(theirs)} s, "
                  f"freud {bars.spread(freuds)} s")
            for name, times in (("MDAnalysis", theirs), ("freud", freuds)):
                ratio = min(times) / min(mine)
                bars.bar(ratio >= 3, f"g(r) {pair} at least 3 times as fast as {name}: {ratio:.1f}")
        mine, theirs = [], []
        for _ in range(options.rounds):
            seconds, result = ours(options.interphase, *bonds())
            mine.append(seconds)
            before = time.perf_counter()
            intact = survival(path, box)
            theirs.append(time.perf_counter() - before)
            worst = np.abs(np.array(result["intactFraction"]) - intact).max()
            if worst > 1e-9:
                bars.bar(False, f"survival agrees: {worst:.1e}")
        print(f"survival P-S: ours {bars.spread(mine)} s, MDAnalysis {bars.spread(theirs)} s, "
              f"{100 * intact[-1]:.1f} % intact at the end")
        ratio = min(theirs) / min(mine)
        bars.bar(ratio >= 10, f"survival at least 10 times as fast as with MDAnalysis: {ratio:.1f}")
        for name, work in (("rdf", lambda file: rdf("P-S", file)), ("bonds", bonds)):
            few, many = (memory(options.interphase, *work(file)) for file in (tenth, path))
            print(f"memory of {name}: {few:.0f} MB for {options.frames // 10} frames, {many:.0f} MB for "
                  f"{options.frames}")
            bars.bar(many < 1.2 * few + 2, f"memory of {name} does not grow with the frames")
    sys.exit(1 if bars.missed else 0)


if __name__ == "__main__":
    main()
