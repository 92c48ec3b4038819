"""Bader charges beside pybader and baderkit on one grid: bader.py INTERPHASE PEERS_PYTHON.

The density is a superposition of ions with the contrasts of an all-electron density of rock salt; all
sides read the same CHGCAR. Times are of the partition for the others (compiled before), and of the
whole program for ours, once with reading the file and once without.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time

import numpy as np
from bars import bar, machine, missed, spread

EDGE = 5.64  # Å, of the conventional cell
# Electrons and exponents (Å⁻²) of the shells of each ion.
SHELLS = {"Na": [(2, 40.0), (8, 6.0), (0.15, 0.6)], "Cl": [(10, 12.0), (7.85, 1.2)]}
SITES = {
    "Na": [(0, 0, 0), (0, 0.5, 0.5), (0.5, 0, 0.5), (0.5, 0.5, 0)],
    "Cl": [(0.5, 0, 0), (0, 0.5, 0), (0, 0, 0.5), (0.5, 0.5, 0.5)],
}
OFF = 0.0137  # no nucleus on a grid point


def density(n):
    """The density in e/Å³, [a, b, c]. A Gaussian's sum over images is a product of sums along axes."""
    rho = np.zeros((n, n, n))
    x = np.arange(n) / n
    for element, sites in SITES.items():
        for site in sites:
            for electrons, alpha in SHELLS[element]:
                axes = []
                for s in site:
                    d = EDGE * (x - s - OFF)
                    axes.append(sum(np.exp(-alpha * (d + EDGE * k) ** 2) for k in range(-3, 4)))
                rho += electrons * (alpha / np.pi) ** 1.5 * np.einsum("i,j,k->ijk", *axes)
    return rho


def write(path, n):
    rho = density(n)
    with open(path, "w") as file:
        file.write(f"NaCl\n1.0\n{EDGE} 0 0\n0 {EDGE} 0\n0 0 {EDGE}\nNa Cl\n4 4\nDirect\n")
        for sites in SITES.values():
            for site in sites:
                file.write(" ".join(f"{s + OFF:.6f}" for s in site) + "\n")
        file.write(f"\n{n} {n} {n}\n")
        values = (rho * EDGE**3).transpose(2, 1, 0).reshape(-1)
        for first in range(0, values.size, 500_000):
            part = values[first : first + 500_000]
            lines = [
                " ".join("%.11E" % v for v in part[k : k + 5]) for k in range(0, part.size, 5)
            ]
            file.write("\n".join(lines) + "\n")
    return float(rho.sum() * EDGE**3 / n**3)


def ours(interphase, method, path, threads):
    """Time on the clock, the most memory and what the program prints."""
    with tempfile.TemporaryFile() as out:
        start = time.perf_counter()
        child = subprocess.Popen(
            [interphase, "bader", path, "--method", method, "--threads", str(threads), "--json", "--quiet"],
            stdout=out,
        )
        _, status, usage = os.wait4(child.pid, 0)
        elapsed = time.perf_counter() - start
        if status != 0:
            raise RuntimeError(f"interphase bader left with {status}")
        out.seek(0)
        return elapsed, usage.ru_maxrss / 1024, json.loads(out.read())


def theirs(python, name, method, path, threads, small, patience):
    script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "bader_peer.py")
    try:
        done = subprocess.run(
            [python, script, name, method, path, str(threads), small],
            capture_output=True, text=True, timeout=patience,
        )
    except subprocess.TimeoutExpired:
        print(f"  {name} {method} had not ended after {patience} s", flush=True)
        return None
    if done.returncode != 0:
        print(f"  {name} {method} left with {done.returncode}: {done.stderr.strip()[-600:]}")
        return None
    return json.loads(done.stdout.strip().splitlines()[-1])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("interphase")
    parser.add_argument("peers")
    parser.add_argument("--points", type=int, default=200, help="along each edge")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--patience", type=float, default=900, help="seconds for one run of a peer")
    options = parser.parse_args()
    machine()
    n, threads = options.points, options.threads
    peers = [
        ("baderkit", "weight", "weight"),
        ("baderkit", "neargrid", "near-grid"),
        ("pybader", "neargrid", "near-grid"),
    ]
    with tempfile.TemporaryDirectory() as folder:
        path, small = os.path.join(folder, "CHGCAR"), os.path.join(folder, "CHGCAR_small")
        total = write(path, n)
        write(small, 24)
        size = os.path.getsize(path) / 1e6
        print(
            f"{n}^3 points, {size:.0f} MB, {threads} threads, {total:.6f} electrons on the grid", flush=True
        )
        own = {"weight": [], "near-grid": []}
        other = {peer: [] for peer in peers}
        for _ in range(options.rounds):
            for method in own:
                own[method].append(ours(options.interphase, method, path, threads))
                print(f"  ours {method}: {own[method][-1][0]:.2f} s", flush=True)
            for peer in peers:
                found = theirs(options.peers, peer[0], peer[1], path, threads, small, options.patience)
                if found:
                    other[peer].append(found)
                    print(
                        f"  {peer[0]} {peer[1]}: read {found['read_s']:.2f} s, partition "
                        f"{found['partition_s']:.2f} s, {found['peak_MB']:.0f} MB",
                        flush=True,
                    )
        print("| program | method | read and partition, s | partition, s | memory, MB | Na electrons |")
        print("|---|---|---|---|---|---|")
        for method, runs in own.items():
            sodium = runs[0][2]["atoms"][0]["electrons"]
            print(
                f"| ours | {method} | {spread([r[0] for r in runs])} | | "
                f"{max(r[1] for r in runs):.0f} | {sodium:.5f} |"
            )
        for (name, method, _), runs in other.items():
            if runs:
                print(
                    f"| {name} | {method} | {spread([r['read_s'] + r['partition_s'] for r in runs])} | "
                    f"{spread([r['partition_s'] for r in runs])} | "
                    f"{max(r['peak_MB'] for r in runs):.0f} | {runs[0]['electrons'][0]:.5f} |"
                )
        for (name, method, same), runs in other.items():
            if not runs:
                continue
            least = min(r["read_s"] + r["partition_s"] for r in runs)
            mine = min(r[0] for r in own[same])
            bar(
                least >= 8 * mine,
                f"{least / mine:.1f} times as fast as {name} {method}, reading the file and "
                f"partitioning, ours as a whole program (8 asked for)",
            )
            sodium = own[same][0][2]["atoms"][0]["electrons"]
            apart = abs(runs[0]["electrons"][0] - sodium)
            bar(apart < 0.01, f"electrons of Na agree with {name} {method} within 0.01: {apart:.5f}")
        for method, runs in own.items():
            bytes_per_point = max(r[1] for r in runs) * 2**20 / n**3
            bar(bytes_per_point < 40, f"{method}: {bytes_per_point:.1f} bytes a point (below 40)")
            result = runs[0][2]
            apart = abs(
                sum(a["electrons"] for a in result["atoms"]) + result["vacuumElectrons"]
                - result["electrons"]
            ) / result["electrons"]
            bar(apart < 1e-9, f"{method}: basins and vacuum sum to the electrons within {apart:.1e}")
    sys.exit(1 if missed else 0)


main()
