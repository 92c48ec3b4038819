#!/usr/bin/env python3
"""What limits a neuroevolution potential on our labels: over-fits a few frames with one architecture.

    PYTHON Benchmarks/nep_capacity.py TRAIN.extxyz.gz VALID.extxyz.gz OUT --arch big --epochs 480

Needs torchnep 1.0.7, ase and numpy. 48 frames of every group of TRAIN (--times 4 takes 192, those 48
among them), energies less a shift per element, are trained on from random weights; forces of the
best model are then held against the labels by group. A model that cannot bring few frames far below
the error that is wanted lacks capacity (or its form does); one that can lacks steps or data.
Documentation/Benchmarks/nep-capacity.md has results.
"""

import argparse
import collections
import gzip
import json
import os
import time

import numpy as np

os.environ.setdefault("OMP_NUM_THREADS", "1")
ELEMENTS = "H Li B C N F P S Cl".split()
GROUPS = dict(crystal_key=7, crystal_sec=7, eos=6, al_bulk=2, md_bulk=5, al_prod=2, md_salt=6,
              md_mix=5, al_mix=2, slab_Li=1, slab_SE=1, iface_md=1, al_iface=1, stretched_mol=2)
VALID = dict(al_iface=1, al_mix=4, crystal_key=5, crystal_sec=6, iface_md=2, md_bulk=6, md_mix=7,
             md_salt=6, slab_Li=2, slab_SE=1)
# cutoff, n_max, basis_size, l_max, neuron
ARCHITECTURES = {
    "small": ("6 5", "4 4", "6 6", "4 0 0", 30),
    "nep89": ("6 5", "4 4", "8 8", "4 2 1", 80),
    "ang6": ("6 6", "4 4", "8 8", "4 2 1", 80),
    "big": ("6 5", "10 8", "12 10", "4 2 1", 80),
    "bigx": ("6 5", "8 8", "10 10", "4 1 0 1 1 1 1", 80),
}


def counts(atoms):
    return np.array([atoms.get_chemical_symbols().count(e) for e in ELEMENTS], float)


def pick(frames, wanted, seed, most=80):
    """Frames of each group by turns from its trajectories, those of few atoms first; more are the
    same and others."""
    groups = collections.defaultdict(list)
    for i, atoms in enumerate(frames):
        groups[atoms.info["config_type"]].append(i)
    chosen = []
    for name in sorted(groups):
        random = np.random.default_rng([seed, sum(map(ord, name))])
        trajectories = collections.defaultdict(list)
        for i in np.array(groups[name])[random.permutation(len(groups[name]))]:
            trajectories[frames[i].info["traj"]].append(i)
        names = sorted(trajectories)
        names = [names[j] for j in random.permutation(len(names))]
        order = []
        while any(trajectories.values()):
            order += [trajectories[t].pop(0) for t in names if trajectories[t]]
        order.sort(key=lambda i: len(frames[i]) > most)
        if all(len(frames[i]) > most for i in order):
            order.sort(key=lambda i: len(frames[i]))
        chosen += order[:wanted.get(name, 0)]
    return sorted(int(i) for i in chosen)


def write(path, frames, shift):
    """The file, and what each frame is."""
    about = []
    with open(path, "w") as file:
        for atoms in frames:
            forces, cell = atoms.get_forces(), atoms.cell.array
            weight = 1 / (1 + (np.sqrt((forces**2).mean()) / 1.5) ** 2)
            virial = np.ravel(atoms.info["virial"])
            file.write(f"{len(atoms)}\nLattice=\"{' '.join('%.10f' % x for x in cell.ravel())}\" "
                       "Properties=species:S:1:pos:R:3:forces:R:3 "
                       f"energy={atoms.get_potential_energy() - counts(atoms) @ shift:.8f} "
                       f"weight={weight:.5f} virial=\"{' '.join('%.8f' % x for x in virial)}\" "
                       "pbc=\"T T T\"\n")
            for symbol, position, force in zip(atoms.symbols, atoms.positions, forces):
                values = " ".join("%.8f" % x for x in (*position, *force))
                file.write(f"{symbol} {values}\n")
            about.append((len(atoms), atoms.info["config_type"]))
    return about


def report(folder, about):
    """Force RMSE (eV/Å, per component) of all, its quantiles, and by group with the energy's."""
    forces = np.loadtxt(f"{folder}/force_train.out")
    energies = np.loadtxt(f"{folder}/energy_train.out")
    square = ((forces[:, :3] - forces[:, 3:]) ** 2).mean(1)
    frame = np.repeat(np.arange(len(about)), [n for n, _ in about])
    kinds = np.array([kind for _, kind in about])
    groups = {}
    for kind in sorted(set(kinds)):
        there = kinds == kind
        groups[kind] = (float(np.sqrt(square[there[frame]].mean())),
                        float(1e3 * np.sqrt(((energies[there, 0] - energies[there, 1])**2).mean())))
    median, most = np.quantile(np.sqrt(square), [0.5, 0.99])
    return {"force": float(np.sqrt(square.mean())), "median": float(median), "p99": float(most),
            "groups": groups}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("train")
    parser.add_argument("valid")
    parser.add_argument("out")
    parser.add_argument("--arch", choices=ARCHITECTURES, default="big")
    parser.add_argument("--epochs", type=int, default=240)
    parser.add_argument("--times", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--lr", type=float, default=1e-2)
    parser.add_argument("--zbl", default="zbl 2\nuse_typewise_cutoff_zbl 0.7")
    options = parser.parse_args()
    from ase.io import read
    import torch
    torch.set_num_threads(1)
    # Equal numbers to the default, about 1.5 times as fast on a CPU with nine elements.
    import torchnep.ops
    torchnep.ops.resolve_backend = lambda *_, **__: "bmm"
    from torchnep import predict_dataset, train_nep

    frames = [read(gzip.open(path, "rt"), ":", format="extxyz")
              for path in (options.train, options.valid)]
    rows = np.array([counts(a) / len(a) for a in frames[0]])
    per_atom = np.array([a.get_potential_energy() / len(a) for a in frames[0]])
    shift = np.linalg.lstsq(rows, per_atom, rcond=1e-6)[0]
    os.makedirs(options.out, exist_ok=True)
    wanted = {name: options.times * n for name, n in GROUPS.items()}
    about = [
        write(f"{options.out}/{name}.xyz", [f[i] for i in pick(f, w, seed)], shift)
        for name, f, w, seed in zip(("train", "valid"), frames, (wanted, VALID), (1, 2))]
    cutoff, n_max, basis, l_max, neurons = ARCHITECTURES[options.arch]
    every = max(1, options.epochs // 50)
    with open(f"{options.out}/nep.in", "w") as file:
        file.write(f"type {len(ELEMENTS)} {' '.join(ELEMENTS)}\nversion 4\n{options.zbl}\n"
                   f"cutoff {cutoff}\nn_max {n_max}\nbasis_size {basis}\nl_max {l_max}\n"
                   f"neuron {neurons}\nlambda_e 3\nlambda_f 1\nlambda_v 0.2\nbatch 4\n"
                   f"epoch {options.epochs}\nlr {options.lr}\nlr_scheduler step\n"
                   f"scheduler_patience {every}\n"
                   f"scheduler_factor {0.01 ** (every / options.epochs):.8f}\nstop_lr 1e-7\n"
                   "max_grad_norm 10\nweight_decay 0\n")
    start = time.process_time()
    train_nep(f"{options.out}/nep.in", f"{options.out}/train.xyz", output_dir=options.out,
              device="cpu", print_interval=max(1, options.epochs // 20), restart=False,
              checkpoint_interval=10**9, prediction_interval=0, run_seed=options.seed)
    seconds = time.process_time() - start
    predict_dataset(f"{options.out}/nep_best.txt", f"{options.out}/valid.xyz",
                    output_dir=f"{options.out}/valid", device="cpu", batch_size=4, verbose=False)
    result = {
        "arch": options.arch, "frames": len(about[0]), "seconds": seconds,
        "steps": options.epochs * -(-len(about[0]) // 4),
        "train": report(options.out, about[0]), "valid": report(f"{options.out}/valid", about[1])}
    with open(f"{options.out}/report.json", "w") as file:
        json.dump(result, file, indent=1)
    print(json.dumps(result, indent=1))


main()
