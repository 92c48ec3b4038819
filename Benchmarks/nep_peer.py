"""calorine's C++ (the nep_cpu sources in its source archive), fetched and built here, never kept.

The sources are under GPL-3.0 and MPL-2.0; they are fetched with pip into the benches' environment and
built there with our driver `nep_driver.cpp`.
"""

import json
import shutil
import subprocess
import sys
import tarfile
import time
from pathlib import Path

import numpy as np

from bars import run

VERSION = "4.1"
FLAGS = ["-O3", "-march=native", "-ffast-math", "-std=c++17", "-w"]
HERE = Path(__file__).parent


def cache():
    """A folder of the environment that this Python runs in."""
    folder = Path(sys.prefix) / "nep-peer"
    folder.mkdir(exist_ok=True)
    return folder


def sources():
    """The folder with nep.cpp, fetched unless it is there."""
    folder = cache() / f"calorine-{VERSION}"
    if not (folder / "src/nepy/nep.cpp").exists():
        print(f"Fetching the sources of calorine {VERSION} ...", flush=True)
        run(
            sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check",
            "--no-deps", "--no-binary", "calorine", "-d", cache(), f"calorine=={VERSION}",
        )  # fmt: skip
        with tarfile.open(cache() / f"calorine-{VERSION}.tar.gz") as archive:
            archive.extractall(cache(), filter="data")
    return folder / "src/nepy"


def up_to_date(target, *inputs):
    return target.exists() and all(
        target.stat().st_mtime > Path(path).stat().st_mtime for path in inputs
    )


def drivers():
    """{compiler: program}, with every compiler that is there."""
    folder, driver = sources(), HERE / "nep_driver.cpp"
    files = [folder / name for name in ("nep.cpp", "neighbor_nep.cpp", "ewald_nep.cpp")]
    built = {}
    for compiler in ("g++", "clang++"):
        if shutil.which(compiler) is None:
            continue
        target = cache() / f"nep_driver-{compiler}"
        if not up_to_date(target, driver):
            print(f"Building it with {compiler} {' '.join(FLAGS)} ...", flush=True)
            run(compiler, *FLAGS, f"-I{folder}", driver, *files, "-o", target)
        built[compiler] = target
    if not built:
        raise RuntimeError("neither g++ nor clang++ is installed")
    return built


def timed(driver, model, frame, calls, repeats, folder):
    """What the driver found; forces as one row per atom."""
    output = Path(folder) / "driver.json"
    subprocess.run(
        [driver, model, frame, str(calls), str(repeats), output],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    found = json.loads(output.read_text())
    found["forces"] = np.array(found.pop("forces_xyz_eV_per_A")).reshape(3, -1).T
    return found


def cpunep(model, elements, lattice, positions, calls):
    """Microseconds of processor time per atom and call of CPUNEP under ASE, and its forces."""
    from ase import Atoms
    from calorine.calculators import CPUNEP

    atoms = Atoms(elements, positions=positions, cell=lattice, pbc=True)
    atoms.calc = CPUNEP(str(model))
    forces = atoms.get_forces()
    random = np.random.default_rng(1)
    moves = [random.uniform(-0.01, 0.01, np.shape(positions)) for _ in range(calls)]
    seconds = 0.0
    for move in moves:
        atoms.positions = positions + move
        start = time.process_time()
        atoms.get_forces()
        seconds += time.process_time() - start
    return 1e6 * seconds / (calls * len(atoms)), forces


def peak_program():
    """The program that measures the peak of one core."""
    source = HERE / "peak_fma.c"
    target = cache() / "peak_fma"
    if not up_to_date(target, source):
        compiler = shutil.which("gcc") or shutil.which("clang")
        run(compiler, "-O3", "-march=native", "-ffp-contract=fast", source, "-o", target)
    return target


def peak_gflops(processes=1):
    """Single-precision Gflop/s of each of some processes at once: by processor time, on the clock."""
    program = peak_program()
    started = [
        subprocess.Popen([program], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        for _ in range(processes)
    ]
    return [tuple(map(float, process.communicate()[0].split())) for process in started]
