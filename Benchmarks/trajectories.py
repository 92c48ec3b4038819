"""Trajectories as we read them beside ASE: displacements beside MDAnalysis, pairs by distance beside freud,
P-S counts beside ASE.

    python trajectories.py INTERPHASE XDATCAR CONTACT [--species Li]

XDATCAR is a run of a bulk, CONTACT extended XYZ with a contact. Wants ASE, freud and MDAnalysis. Prints the
largest difference of each kind, and leaves with 1 where one is above what is stated.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import warnings

import numpy as np

import bars

warnings.filterwarnings("ignore")


def unwrapped(frames):
    """Positions of ASE's frames, each atom followed to its nearest image."""
    scaled = np.array([f.get_scaled_positions(wrap=False) for f in frames])
    steps = np.diff(scaled, axis=0)
    steps -= np.round(steps)
    scaled = np.concatenate([scaled[:1], scaled[0] + np.cumsum(steps, axis=0)])
    return np.array([s @ f.cell.array for s, f in zip(scaled, frames)])


def mdanalysis_msd(positions, cell):
    """`EinsteinMSD` over all pairs of frames, without its FFT."""
    import MDAnalysis as mda
    from MDAnalysis.analysis.msd import EinsteinMSD
    from MDAnalysis.coordinates.memory import MemoryReader

    universe = mda.Universe.empty(positions.shape[1], trajectory=True)
    universe.load_new(positions.astype(np.float64), format=MemoryReader)
    found = EinsteinMSD(universe, select="all", msd_type="xyz", fft=False)
    found.run()
    return found.results.timeseries


def direct_msd(positions):
    n = len(positions)
    return np.array([
        np.mean(np.sum((positions[m:] - positions[: n - m]) ** 2, axis=2)) for m in range(1, n)])


def freud_pairs(frames, first, second, r_max, bins):
    """Partners of a centre in each bin of radii, mean over the frames; r_max below half the cell."""
    import freud

    symbols = np.array(frames[0].get_chemical_symbols())
    a, b = np.flatnonzero(symbols == first), np.flatnonzero(symbols == second)
    counts = np.zeros(bins)
    for frame in frames:
        # freud's box has its first edge along x.
        cell, turn = frame.cell.standard_form()
        box = freud.box.Box.from_matrix(np.array(cell).T)
        points = box.wrap(frame.positions @ np.array(turn).T)
        query = freud.locality.AABBQuery(box, points[b])
        pairs = query.query(points[a], {"r_max": r_max, "exclude_ii": False}).toNeighborList()
        distances = np.array(pairs.distances)
        if first == second:
            distances = distances[distances > 1e-6]
        counts += np.histogram(distances, bins=bins, range=(0, r_max))[0]
    return counts / (len(frames) * len(a))


def ase_pairs(frames, first, second, cutoff):
    """Pairs nearer than the cut-off in each frame."""
    from ase.neighborlist import neighbor_list

    return [len(neighbor_list("i", frame, {(first, second): cutoff})) // 2 for frame in frames]


def ours(binary, *arguments):
    text = subprocess.run(
        [binary, "analyze", *arguments, "--json", "--quiet"], check=True, capture_output=True).stdout
    return json.loads(text)


def close(name, ours, theirs, tolerance):
    ours, theirs = np.array(ours, float), np.array(theirs, float)
    worst = np.max(np.abs(ours - theirs) / np.maximum(1, np.abs(theirs)))
    bars.bar(ours.shape == theirs.shape and worst <= tolerance,
             f"{name}: {worst:.1e} (at most {tolerance:.0e}), {ours.size} values")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("interphase")
    parser.add_argument("xdatcar")
    parser.add_argument("contact")
    parser.add_argument("--species", default="Li")
    options = parser.parse_args()
    import gzip
    import ase
    import freud
    import MDAnalysis
    from ase.io import read

    bars.machine()
    print(f"ASE {ase.__version__}, MDAnalysis {MDAnalysis.__version__}, freud {freud.__version__}")
    with tempfile.TemporaryDirectory() as folder:
        def plain(path):
            if not path.endswith(".gz"):
                return path
            name = f"{folder}/{path.split('/')[-1][:-3]}"
            with gzip.open(path) as packed, open(name, "wb") as out:
                out.write(packed.read())
            return name

        bulk = read(plain(options.xdatcar), index=":", format="vasp-xdatcar")
        contact = read(plain(options.contact), index=":", format="extxyz")
    for name, path, frames, extra in (
        ("XDATCAR", options.xdatcar, bulk, ["--timestep-between-frames", "0.1 ps"]),
        ("contact", options.contact, contact, []),
    ):
        print(f"{name}: {len(frames)} frames of {len(frames[0])} atoms")
        chosen = np.flatnonzero(np.array(frames[0].get_chemical_symbols()) == options.species)
        positions = unwrapped(frames)
        masses = frames[0].get_masses()[:, None]
        for keeps in (True, False):
            u = positions
            # ASE's atomic weights differ from ours in the last digits.
            tolerance = 1e-9 if keeps else 1e-7
            if not keeps:
                center = (positions * masses).sum(axis=1) / masses.sum()
                u = positions - (center - center[0])[:, None, :]
            found = ours(options.interphase, "msd", path, "--species", options.species, *extra,
                         *(["--keep-drift"] if keeps else []))
            what = "drift kept" if keeps else "centre of mass held"
            close(f"MSD, {what}, numpy on ASE's frames", found["msd_A2"], direct_msd(u[:, chosen]), tolerance)
            reference = mdanalysis_msd(u[:, chosen], frames[0].cell)
            close(f"MSD, {what}, MDAnalysis", found["msd_A2"], reference[1:], 1e-5)
            normal = np.cross(frames[0].cell[0], frames[0].cell[1])
            normal /= np.linalg.norm(normal)
            close(f"MSD across, {what}", found["msdNormal_A2"],
                  direct_msd((u[:, chosen] @ normal)[:, :, None]), tolerance)
        # Single precision in freud: a pair at the edge of a bin may count beside it.
        r_max = 0.999 * min(frames[0].cell.volume / np.linalg.norm(np.cross(*frames[0].cell[[i, j]]))
                            for i, j in ((0, 1), (1, 2), (2, 0))) / 2
        r_max = min(8.0, np.floor(r_max / 0.05) * 0.05)
        bins = round(r_max / 0.05)
        for pair in ("P-S", "Li-S", "P-P"):
            first, second = pair.split("-")
            found_rdf = ours(options.interphase, "rdf", path, "--pair", pair, "--r-max", f"{r_max} Å", *extra)
            theirs = np.cumsum(freud_pairs(frames, first, second, r_max, bins))
            close(f"coordination n(r) {pair} to {r_max:.2f} Å, freud", found_rdf["coordination"], theirs, 1e-3)
        bonds = ours(options.interphase, "bonds", path, "--pair", "P-S", "--cutoff", "2.5 Å", *extra)
        close("P-S pairs within 2.5 Å, ASE", bonds["pairsWithinCutoff"],
              ase_pairs(frames, "P", "S", 2.5), 0)
        fit = found["fit"]
        print(f"  D = {fit['total']['value_cm2_per_s']:.3e} +- "
              f"{fit['total']['standardError_cm2_per_s']:.1e} cm2/s, exponent {fit['exponent']:.2f}")
        sigma = ours(options.interphase, "spread", path, "--species", options.species, *extra)
        heights = np.array([f.cell.volume / np.linalg.norm(np.cross(f.cell[0], f.cell[1]))
                            for f in frames])
        scaled = np.array([p @ np.linalg.inv(f.cell.array) for p, f in zip(positions, frames)])[:, chosen, 2]
        # Cut open in the widest stretch without atoms of the first frame.
        s = np.sort(scaled[0] % 1)
        gaps = np.diff(np.append(s, s[0] + 1))
        cut = s[gaps.argmax()] + gaps.max() / 2
        scaled = scaled - np.floor(scaled[0] - cut)
        close("sigma(t)", sigma["sigma_A"], (scaled * heights[:, None]).std(axis=1), 1e-9)
    sys.exit(1 if bars.missed else 0)


if __name__ == "__main__":
    main()
