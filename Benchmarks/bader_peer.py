"""One other program's Bader charges of one CHGCAR, timed: bader_peer.py NAME METHOD PATH THREADS.

Prints a JSON object. Compiling (numba) is not counted: the partition is done once before, on the grid
given as the fifth argument, which is small.
"""

import contextlib
import json
import os
import resource
import sys
import time
import warnings

name, method, path, threads, small = sys.argv[1:6]
os.environ["NUMBA_NUM_THREADS"] = threads
warnings.filterwarnings("ignore")


def baderkit(file):
    from baderkit import Bader

    start = time.perf_counter()
    bader = Bader.from_dynamic(file, method=method, vacuum_tol=0.001, format="vasp")
    read = time.perf_counter()
    electrons = [float(x) for x in bader.atom_charges]
    return read - start, time.perf_counter() - read, electrons


def pybader(file):
    from pybader.interface import Bader

    start = time.perf_counter()
    bader = Bader.from_file(file, file_type="vasp")
    read = time.perf_counter()
    # What its __call__ does, but for distances to surfaces and files.
    bader.apply_config(
        {"method": method, "refine_method": method, "vacuum_tol": 1e-3, "threads": int(threads),
         "refine_mode": ("changed", -1), "speed_flag": True}
    )
    bader.volumes_init()
    bader.bader_calc()
    bader.bader_to_atom_distance()
    bader.refine_volumes(bader.atoms_volumes)
    bader.sum_volumes()
    return read - start, time.perf_counter() - read, [float(x) for x in bader.atoms_charge]


with contextlib.redirect_stdout(sys.stderr):
    program = {"baderkit": baderkit, "pybader": pybader}[name]
    program(small)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    read, partition, electrons = program(path)
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(
    json.dumps(
        {"read_s": read, "partition_s": partition, "electrons": electrons,
         "peak_MB": peak / 1024, "before_MB": before / 1024}
    )
)
