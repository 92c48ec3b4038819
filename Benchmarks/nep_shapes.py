#!/usr/bin/env python3
"""What a NEP of another shape costs and is worth: errors after equal epochs, time of a step.

    python3 Benchmarks/nep_shapes.py TRAIN.extxyz VALID.extxyz CONTACT.extxyz OUT --epochs 60

Trains each shape with `interphase learn train` (one thread, the same seed and schedule) in a folder
of OUT, or takes it from there, then runs CONTACT at 50 K with each model and with NEP89, in turns,
--rounds times: processor time of 8,000 steps less that of 1,600, so that starting and reading do not
count. Prints a row per shape. Documentation/Benchmarks/nep-training.md has results.
"""

import argparse
import csv
import pathlib
import resource
import statistics
import subprocess
import tempfile

# cutoff, n_max, basis_size, l_max, neuron
SHAPES = {
    "large, 6 5": ("6 5", "8 8", "10 10", "4 2 1", 79),
    "large, 5.5 4.5": ("5.5 4.5", "8 8", "10 10", "4 2 1", 79),
    "large, 5 4": ("5 4", "8 8", "10 10", "4 2 1", 79),
    "large, 5.5 4.5, l 3, 48 neurons": ("5.5 4.5", "8 8", "10 10", "3 2 1", 47),
    "middle, 5.5 4.5, 48 neurons": ("5.5 4.5", "8 6", "10 8", "4 2 1", 47),
    "few angular, 5.5 4.5, 48 neurons": ("5.5 4.5", "8 4", "10 8", "4 2 1", 47),
    "as NEP89, 6 5": ("6 5", "4 4", "8 8", "4 2 1", 79),
    "as NEP89, 6 4.5": ("6 4.5", "4 4", "8 8", "4 2 1", 79),
    "as NEP89, 5.5 4.5, 48 neurons": ("5.5 4.5", "4 4", "8 8", "4 2 1", 47),
}


def text(shape, epochs):
    cutoff, n, basis, l, neurons = shape
    return (f"version 4\nzbl 2\nuse_typewise_cutoff_zbl 0.7\ncutoff {cutoff}\nn_max {n}\n"
            f"basis_size {basis}\nl_max {l}\nneuron {neurons}\nlambda_e 3\nlambda_f 1\n"
            f"lambda_v 0.2\nbatch 4\nepoch {epochs}\nlr 0.002\nstop_lr 2e-5\n")


def cpu(command):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime


def step_time(program, contact, potential, atoms):
    """Microseconds per atom and step."""
    def run(ps):
        with tempfile.TemporaryDirectory() as where:
            return cpu([program, "md", contact, "--potential", potential, "--temperature", "50 K",
                        "--time", f"{ps} ps", "--timestep", "0.5 fs", "--every", "0.8 ps",
                        "--threads", "1", "--quiet", "-o", where + "/run"])
    return 1e6 * (run(4) - run(0.8)) / (6400 * atoms)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("train", "valid", "contact", "out"):
        parser.add_argument(name)
    parser.add_argument("--interphase", default=".build/release/interphase")
    parser.add_argument("--epochs", type=int, default=60)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", nargs="*", default=list(SHAPES))
    options = parser.parse_args()
    out = pathlib.Path(options.out)
    out.mkdir(parents=True, exist_ok=True)
    atoms = int(open(options.contact).readline())
    models, rows = {"NEP89": "nep89"}, {}
    for name in options.only:
        where = out / name.replace(",", "").replace(" ", "-")
        source = where.with_suffix(".in")
        source.write_text(text(SHAPES[name], options.epochs))
        seconds = cpu([options.interphase, "learn", "train", options.train, "--valid", options.valid,
                       "--input", str(source), "--threads", "1", "--quiet", "-o", str(where)])
        models[name] = str(where / "nep.txt")
        rows[name] = (seconds, list(csv.DictReader(open(where / "errors.csv"))))
    times = {name: [] for name in models}
    for _ in range(options.rounds):
        for name, potential in models.items():
            times[name].append(step_time(options.interphase, options.contact, potential, atoms))
    print("shape | CPU s | train meV/atom | train eV/A | held out eV/A | us per atom and step | / NEP89")
    base = min(times["NEP89"])
    print(f"NEP89 | - | - | - | - | {base:.2f} | 1")
    for name, (seconds, errors) in rows.items():
        whole = {row["set"]: row for row in errors if row["group"] == "all"}
        ratio = statistics.median(a / b for a, b in zip(times[name], times["NEP89"]))
        trained = f"{seconds:.0f}" if seconds > 5 else "-"  # it was there already
        print(f"{name} | {trained} | {float(whole['train']['energy_meV_per_atom']):.1f} | "
              f"{float(whole['train']['force_eV_per_A']):.4f} | "
              f"{float(whole['valid']['force_eV_per_A']):.4f} | {min(times[name]):.2f} | {ratio:.2f}")


if __name__ == "__main__":
    main()
