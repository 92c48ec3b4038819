"""Reference for BarostatTests: the volume of 32 argon atoms at constant pressure and temperature.

Metropolis Monte Carlo, which knows nothing of velocities, thermostats or time steps:
p(s, V) ~ V^N exp(-(U + P V)/kT), moves of single atoms and of ln V. The potential is that of
Tests/DynamicsTests/Systems.swift: Lennard-Jones with the force shifted to zero at the cut-off.

Run: python generate_npt.py [sweeps]   (numpy 2.2.6; five to ten minutes for 100,000 sweeps)
Prints mean and standard deviation of V with their standard errors (block averages).
"""

import sys

import numpy as np

EPSILON, SIGMA, CUTOFF = 0.0104, 3.4, 7.0
KT = 8.617333262e-5 * 40.0
PRESSURE = 0.05 / 160.2176634
rng = np.random.default_rng(20261123)

plain_end = 4 * EPSILON * ((SIGMA / CUTOFF) ** 12 - (SIGMA / CUTOFF) ** 6)
slope_end = 4 * EPSILON * (-12 * (SIGMA / CUTOFF) ** 12 + 6 * (SIGMA / CUTOFF) ** 6) / CUTOFF
IMAGES = np.array([[i, j, k] for i in (-1, 0, 1) for j in (-1, 0, 1) for k in (-1, 0, 1)], float)


def pair_energy(squared):
    squared = squared[(squared < CUTOFF**2) & (squared > 0)]
    q = (SIGMA**2 / squared) ** 3
    return np.sum(4 * EPSILON * (q * q - q) - plain_end - (np.sqrt(squared) - CUTOFF) * slope_end)


def energy_of(s, atom, at, length):
    """Of one atom at `at` with all others and their images; its own images do not change."""
    d = np.delete(s, atom, axis=0) - at
    d -= np.rint(d)
    d = d[:, None, :] + IMAGES[None, :, :]
    return pair_energy(length**2 * np.einsum("ijk,ijk->ij", d, d))


def total(s, length):
    d = s[None, :, :] - s[:, None, :]
    d -= np.rint(d)
    d = d[:, :, None, :] + IMAGES[None, None, :, :]
    return 0.5 * pair_energy(length**2 * np.einsum("ijkl,ijkl->ijk", d, d))


def main(sweeps):
    basis = np.array([[0, 0, 0], [0, 0.5, 0.5], [0.5, 0, 0.5], [0.5, 0.5, 0]])
    corners = np.array([[i, j, k] for i in range(2) for j in range(2) for k in range(2)])
    s = ((basis[None] + corners[:, None]) / 2).reshape(-1, 3)
    n = len(s)
    length = 10.7
    energy = total(s, length)
    reach, stretch = 0.22, 0.03
    volumes = []
    taken = np.zeros(2)
    for sweep in range(sweeps):
        for atom in rng.integers(n, size=n):
            at = s[atom] + reach / length * (2 * rng.random(3) - 1)
            change = energy_of(s, atom, at, length) - energy_of(s, atom, s[atom], length)
            if change <= 0 or rng.random() < np.exp(-change / KT):
                s[atom] = at
                energy += change
                taken[0] += 1 / n
        for _ in range(2):
            growth = stretch * (2 * rng.random() - 1)
            longer = length * np.exp(growth / 3)
            new = total(s, longer)
            work = new - energy + PRESSURE * (longer**3 - length**3) - (n + 1) * KT * growth
            if work <= 0 or rng.random() < np.exp(-work / KT):
                length, energy = longer, new
                taken[1] += 0.5
        volumes.append(length**3)
    v = np.array(volumes[len(volumes) // 10 :])
    blocks = v[: len(v) // 50 * 50].reshape(50, -1)
    error = lambda x: np.std(x, ddof=1) / np.sqrt(len(x))
    deviations = np.sqrt(np.mean((blocks - v.mean()) ** 2, axis=1))
    print(f"accepted {taken / sweeps}, drift of the energy {energy - total(s, length):.1e} eV")
    print(f"mean {v.mean():.3f} +- {error(blocks.mean(axis=1)):.3f} A^3")
    print(f"deviation {v.std():.3f} +- {error(deviations):.3f} A^3")


main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
