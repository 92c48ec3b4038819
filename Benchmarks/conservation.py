"""Energy and momentum at constant energy: bulk Li6PS5Cl on NEP89, started at 300 K.

    python Benchmarks/conservation.py .build/release/interphase .build/release/interphase-bench
        [--scaling-ps 2] [--drift-ps 100] [--threads 2]

All runs go from one start, equilibrated with a Nose-Hoover chain in the relaxed crystal's 52-atom cell
doubled along each axis (416 atoms).

1. The standard deviation of the total energy over the same time with steps of 0.25, 0.5 and 1 fs,
   sampled at the same instants: the slope of its logarithm is 2 +- 0.2.
2. The drift at 1 fs: slope of a least-squares line through the means of blocks, with the standard error
   that the scatter of the means about the line gives; below 1e-6 eV/atom/ps over 100 ps.
3. The total momentum stays below 1e-4 of what it would be on average if the centre of mass had its
   share of the heat, sqrt(3 M k_B T).

Leaves with 1 if a bar is missed.
"""

import argparse
import os
import sys
import tempfile
from pathlib import Path

import numpy as np

import contact
from bars import asked, bar, machine, missed

TIMESTEPS = (0.25, 0.5, 1.0)
TEMPERATURE = 300.0
BOLTZMANN = 8.617333262e-5  # eV/K
MASS_VELOCITY_SQUARED = 103.642697  # eV in u Å^2/fs^2
BLOCKS = 20
# Energies are sampled every fs.
WINDOW_FS = 100


def within(energy):
    """The standard deviation about the means of windows: what the energy does but for slow wandering,
    which does not go by the step."""
    count = len(energy) // WINDOW_FS
    return np.sqrt(energy[: count * WINDOW_FS].reshape(count, WINDOW_FS).var(axis=1).mean())


def slope_of(runs, spreads):
    return np.polyfit(np.log([run["timestep_fs"] for run in runs]), np.log(spreads), 1)[0]


def scaling(runs, atoms):
    """The slope of log std(E) against log of the time step; that of fast changes alone is printed too."""
    spreads, fast = [], []
    for run in runs:
        energy = np.array(run["totalEnergy_eV"])
        spreads.append(energy.std())
        fast.append(within(energy))
        print(
            f"  {run['timestep_fs']:4.2f} fs: standard deviation {1e3 * energy.std() / atoms:.3e} "
            f"meV/atom, {1e3 * fast[-1] / atoms:.3e} within {WINDOW_FS} fs ({len(energy)} samples), "
            f"{np.mean(run['temperature_K']):.0f} K, {run['wall_s']:.0f} s",
            flush=True,
        )
    slope = slope_of(runs, spreads)
    print(f"  slope within {WINDOW_FS} fs: {slope_of(runs, fast):.3f}")
    bar(abs(slope - 2) <= 0.2, f"slope {slope:.3f}: 2 +- 0.2")
    return slope, [1e3 * s / atoms for s in spreads]


def drift(run, atoms):
    """The slope of the total energy and its standard error, eV/atom/ps."""
    energy = np.array(run["totalEnergy_eV"][1:]) / atoms
    size = len(energy) // BLOCKS
    means = energy[: size * BLOCKS].reshape(BLOCKS, size).mean(axis=1)
    times = 1e-3 * run["interval_fs"] * size * (np.arange(BLOCKS) + 0.5)
    (slope, _), covariance = np.polyfit(times, means, 1, cov=True)
    return slope, float(np.sqrt(covariance[0, 0]))


def momentum(runs, mass):
    """The longest total momentum, in units of the thermal one."""
    thermal = np.sqrt(3 * mass * BOLTZMANN * TEMPERATURE / MASS_VELOCITY_SQUARED)
    return max(run["largestMomentum_u_A_per_fs"] for run in runs) / thermal


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("interphase", nargs="?", default=".build/release/interphase")
    parser.add_argument("bench", nargs="?", default=".build/release/interphase-bench")
    parser.add_argument("--scaling-ps", type=float, default=2)
    parser.add_argument("--drift-ps", type=float, default=100)
    parser.add_argument("--equilibrate-ps", type=float, default=4)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    options = parser.parse_args()
    machine()
    sections = [f"{dt}:{1e3 * options.scaling_ps}:1" for dt in TIMESTEPS]
    sections.append(f"1:{1e3 * options.drift_ps}:10")
    with tempfile.TemporaryDirectory() as folder:
        model = contact.potential(options.interphase)
        crystal = contact.crystal(options.interphase, "Li6PS5Cl.extxyz", model, Path(folder))
        found = asked(
            options.bench, "conservation", crystal, model, options.threads, 52, TEMPERATURE,
            1e3 * options.equilibrate_ps, *sections,
        )  # fmt: skip
    atoms, runs = found["atoms"], found["runs"]
    print(f"Li6PS5Cl, {atoms} atoms, NEP89; {options.scaling_ps:g} ps at constant energy")
    slope, spreads = scaling(runs[: len(TIMESTEPS)], atoms)
    last = runs[-1]
    value, error = drift(last, atoms)
    print(f"Drift at 1 fs over {options.drift_ps:g} ps ({last['wall_s']:.0f} s)")
    bar(
        abs(value) < 1e-6,
        f"{value:.1e} +- {error:.1e} eV/atom/ps; below 1e-6"
        + ("" if options.drift_ps >= 100 else " (asked for over 100 ps)"),
    )
    share = momentum(runs, found["mass_u"])
    bar(share < 1e-4, f"total momentum at most {share:.1e} of the thermal one; below 1e-4")
    print("\n| atoms | std at 0.25, 0.5, 1 fs (meV/atom) | slope | drift (eV/atom/ps) | momentum |")
    print("|---|---|---|---|---|")
    print(
        f"| {atoms} | {', '.join(f'{s:.2e}' for s in spreads)} | {slope:.3f} | {value:.1e} ± "
        f"{error:.1e} over {options.drift_ps:g} ps | {share:.1e} |"
    )
    sys.exit(bool(missed))


if __name__ == "__main__":
    main()
