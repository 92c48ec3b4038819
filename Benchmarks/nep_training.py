#!/usr/bin/env python3
"""How fast `interphase learn train` and torchnep go through the same labelled frames.

    PYTHON Benchmarks/nep_training.py LABELS.extxyz.gz --interphase .build/release/interphase --rounds 3

Both train a NEP of NEP89's shape (and with --large one of twice its functions) on the same frames
with the same input and one thread. The time of an epoch is the difference of a longer and a shorter
training, so that reading frames, starting Python and writing the model do not count. Rounds alternate
the two. Needs torchnep (`interphase calculator install torchnep`, or INTERPHASE_PYTHON).
Documentation/Benchmarks/nep-training.md has results.
"""

import argparse
import pathlib
import shutil
import statistics
import subprocess
import tempfile
import time

SHAPE = """version 4
zbl 2
use_typewise_cutoff_zbl 0.7
cutoff 6 5
n_max {n} {n}
basis_size {b} {b}
l_max 4 2 1
neuron 79
lambda_e 3
lambda_f 1
lambda_v 0.2
batch 4
lr 0.002
"""
EPOCHS = {"interphase": (3, 15), "torchnep": (1, 3)}


def seconds(program, labels, trainer, text, epochs, where):
    """Of a whole training."""
    where = pathlib.Path(where)
    shutil.rmtree(where, ignore_errors=True)
    source = where.with_suffix(".in")
    source.write_text(text + f"epoch {epochs}\n")
    command = [program, "learn", "train", *labels, "--trainer", trainer, "--input", str(source),
               "--threads", "1", "-o", str(where), "--quiet"]
    begin = time.monotonic()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.monotonic() - begin


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("labels", nargs="+")
    parser.add_argument("--interphase", default=".build/release/interphase")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--large", action="store_true")
    options = parser.parse_args()
    n, b = (8, 10) if options.large else (4, 8)
    text = SHAPE.format(n=n, b=b)
    ratios = []
    with tempfile.TemporaryDirectory() as folder:
        for number in range(options.rounds):
            each = {}
            for trainer, (short, long) in EPOCHS.items():
                times = [seconds(options.interphase, options.labels, trainer, text, count,
                                 f"{folder}/{trainer}-{count}") for count in (short, long)]
                each[trainer] = (times[1] - times[0]) / (long - short)
            ratios.append(each["torchnep"] / each["interphase"])
            print(f"round {number + 1}: torchnep {each['torchnep']:.2f} s an epoch, "
                  f"interphase {each['interphase']:.3f} s, ratio {ratios[-1]:.1f}", flush=True)
    print(f"ratio: median {statistics.median(ratios):.1f}, "
          f"{min(ratios):.1f} to {max(ratios):.1f}")


if __name__ == "__main__":
    main()
