"""Trains a neuroevolution potential with torchnep in the current directory, from where it was:
nep.in, train.xyz and valid.xyz in; torchnep/nep_best.txt, loss.out and checkpoint.pt out.

    python torchnep_train.py --seed 1 --threads 2 [--device cpu|cuda]
"""

import argparse
import os
import sys


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--device", default=None)
    options = parser.parse_args()
    # Libraries read it when they are loaded.
    os.environ["OMP_NUM_THREADS"] = str(options.threads)
    try:
        import torch
        import torchnep
        import torchnep.ops
    except ImportError as error:
        print(f"torchnep_train: a package is missing ({error}): {sys.executable} -m pip install "
              "torchnep torch", file=sys.stderr)
        sys.exit(69)
    torch.set_num_threads(options.threads)
    device = options.device or ("cuda" if torch.cuda.is_available() else "cpu")
    if device == "cpu":
        # Equal numbers; 1.5 times as fast as the default with nine elements.
        torchnep.ops.resolve_backend = lambda *_, **__: "bmm"
    torchnep.train_nep(
        "nep.in", "train.xyz", output_dir="torchnep", device=device, valid_file="valid.xyz",
        restart=True, checkpoint_interval=1, prediction_interval=0, run_seed=options.seed)


main()
