"""Layer charges from counted bonds beside numpy on the frames that ASE reads.

    python charges.py INTERPHASE CONTACT [--metal 0]

CONTACT is extended XYZ with a contact along z, whose integer column `region` says which atoms are of
the metal (0 by default). Wants ASE. Both sides count the bonds of P, find the contact plane, follow
the atoms and take means by layer; nothing is shared but the cut-offs, which our result states. Prints
the largest differences, and leaves with 1 where one is above what is stated.
"""

import argparse
import gzip
import shutil
import subprocess
import sys
import tempfile

import numpy as np

import bars

THICKNESS = 2.0


def states(frames, cutoffs):
    """2 n_X + n_P - 3 of each P in each frame, from all distances to nearest images."""
    symbols = np.array(frames[0].get_chemical_symbols())
    centres = np.flatnonzero(symbols == "P")
    result = np.empty((len(frames), len(centres)))
    for k, frame in enumerate(frames):
        inverse = np.linalg.inv(frame.cell.array)
        for j, centre in enumerate(centres):
            scaled = (frame.positions - frame.positions[centre]) @ inverse
            scaled -= np.round(scaled)
            distance = np.linalg.norm(scaled @ frame.cell.array, axis=1)
            distance[centre] = np.inf
            count = {
                pair.split("-")[1]: np.sum(distance[symbols == pair.split("-")[1]] < reach)
                for pair, reach in cutoffs.items()}
            own = count.pop("P")
            result[k, j] = min(5, 2 * sum(count.values()) + own - 3)
    return result


def followed(frames):
    """Fractional heights of all atoms, unwrapped, with the centre of mass held where it began."""
    scaled = np.array([f.get_scaled_positions(wrap=False)[:, 2] for f in frames])
    steps = np.diff(scaled, axis=0)
    scaled = np.concatenate([scaled[:1], scaled[0] + np.cumsum(steps - np.round(steps), axis=0)])
    masses = frames[0].get_masses()
    centre = scaled @ masses / masses.sum()
    return scaled - (centre - centre[0])[:, None]


def by_layer(depths, values, bins):
    """Means and numbers of different atoms, a dictionary by layer and bin."""
    layers = np.floor(depths / THICKNESS).astype(int)
    mean, atoms = {}, {}
    for b, chosen in enumerate(bins):
        for layer in np.unique(layers):
            inside = layers[chosen] == layer
            if inside.any():
                mean[layer, b] = values[chosen][inside].mean()
                atoms[layer, b] = int(inside.any(axis=0).sum())
    return mean, atoms


def compare(name, found, mean, atoms):
    lowest = round(found["depth_A"][0] / THICKNESS)
    cells = {
        (lowest + i, b): (value, found["atomsCounted"][i][b])
        for i, row in enumerate(found["mean"]) for b, value in enumerate(row) if value is not None}
    bars.bar(cells.keys() == mean.keys(),
             f"{name}: the same {len(mean)} of {len(found['mean']) * len(found['times_ps'])} cells have atoms")
    shared = cells.keys() & mean.keys()
    worst = max(abs(cells[c][0] - mean[c]) for c in shared)
    bars.bar(worst <= 1e-12, f"{name}: means differ by {worst:.1e} at most (1e-12)")
    bars.bar(all(cells[c][1] == atoms[c] for c in shared), f"{name}: the same numbers of atoms")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("interphase")
    parser.add_argument("contact")
    parser.add_argument("--metal", type=int, default=0)
    options = parser.parse_args()
    import ase
    from ase.io import read

    bars.machine()
    print(f"ASE {ase.__version__}, numpy {np.__version__}")
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/contact.extxyz"
        opened = gzip.open if options.contact.endswith(".gz") else open
        with opened(options.contact, "rb") as packed, open(path, "wb") as out:
            shutil.copyfileobj(packed, out)
        frames = read(path, index=":", format="extxyz")
        metal = frames[0].arrays["region"] == options.metal
        # The first frame with the sides by name, as our formats have them.
        sides = f"{folder}/sides.extxyz"
        with open(sides, "w") as out:
            rows = " ".join(repr(float(x)) for x in frames[0].cell.array.ravel())
            out.write(f'{len(metal)}\nLattice="{rows}" Properties=species:S:1:pos:R:3:region:S:1\n')
            for symbol, r, m in zip(frames[0].get_chemical_symbols(), frames[0].positions, metal):
                out.write(f"{symbol} {r[0]} {r[1]} {r[2]} {'metal' if m else 'electrolyte'}\n")

        def ours(*extra):
            return bars.asked(options.interphase, "analyze", "charges", path, "--species", "P",
                              "--from-bonds", "--json", "--quiet", *extra)

        fine = ("--time-bins", str(len(frames)))
        heights = ours(*fine)
        depths = ours(*fine, "--structure", sides)
        merged = ours("--structure", sides)
        narrow = ours(*fine, "--structure", sides, "--bond", "P-S=2.15 Å")

    print(f"{len(frames)} frames of {len(metal)} atoms; {heights['title']}; {heights['bondCutoffs_A']}")
    bars.bar(heights["bondCutoffs_A"]["P-S"] == 2.9, "the cut-off of P-S is 2.9 Å")
    values = states(frames, heights["bondCutoffs_A"])
    s = followed(frames)
    phosphorus = np.array(frames[0].get_chemical_symbols()) == "P"
    height = frames[0].cell.array[2, 2]
    each = [[k] for k in range(len(frames))]
    # The slab in one piece: cut in the widest stretch without atoms.
    place = np.sort(s[0] % 1)
    gaps = np.diff(np.append(place, place[0] + 1))
    cut = place[gaps.argmax()] + gaps.max() / 2
    cut -= np.round(cut)
    whole = s - np.floor(s[0] - cut)
    compare("heights", heights, *by_layer(whole[:, phosphorus] * height, values, each))
    # One contact where the cell has a vacuum, else the nearer of two.
    low, high = whole[0, ~metal].min(), whole[0, ~metal].max()
    below, above = whole[0, metal].max(), whole[0, metal].min() + 1
    planes = [(low + below) / 2, (high + above) / 2]
    near = [(low - below) * height < 5, (above - high) * height < 5]
    d = np.min([sign * (whole - plane) for sign, plane, is_near
                in zip((1, -1), planes, near) if is_near], axis=0)[:, phosphorus] * height
    print(f"contacts: {sum(near)}; oxidation states from {values.min():g} to {values.max():g}, "
          f"mean {values[0].mean():.3f} at the start and {values[-1].mean():.3f} at the end")
    bars.bar(depths["contacts"] == sum(near), "as many contacts")
    compare("depths", depths, *by_layer(d, values, each))
    size = max(merged["framesInBin"])
    bins = [list(range(k, min(k + size, len(frames)))) for k in range(0, len(frames), size)]
    compare(f"depths, bins of {size} frames", merged, *by_layer(d, values, bins))
    # A cut-off within the vibration of the bond, so that the states change all the time.
    compare("P-S within 2.15 Å", narrow,
            *by_layer(d, states(frames, narrow["bondCutoffs_A"]), each))
    sys.exit(1 if bars.missed else 0)


if __name__ == "__main__":
    main()
