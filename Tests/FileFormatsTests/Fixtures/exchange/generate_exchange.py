"""Golden files for the exchange with LAMMPS and GPUMD, and checks by independent readers.

Usage: python generate_exchange.py INTERPHASE   (the built program; needs `lmp` in the PATH)

Made with LAMMPS 29 Sep 2021 - Update 2 (Debian 20220106), ASE 3.29.0, calorine 4.1; MDAnalysis
2.11.0 is used where it is installed. LAMMPS runs what `interphase export lammps` writes of a
left-handed, rotated, triclinic cell; ASE runs the same atoms as they are, with the same
Lennard-Jones potential. expected.json holds ASE's positions, velocities and forces: reading
LAMMPS's dumps back has to give these. GPUMD needs a GPU and was not run: gpumd_*.xyz are written
here as its documentation (5.6) has them.
"""
import gzip
import json
import os
import re
import subprocess
import sys
import tempfile

import ase.io
import numpy as np
from ase import Atoms, units
from ase.calculators.lj import LennardJones
from ase.io.lammpsdata import read_lammps_data
from ase.md.verlet import VelocityVerlet
from calorine.gpumd import read_runfile, read_xyz

HERE = os.path.dirname(os.path.abspath(__file__))
EPSILON, SIGMA, CUTOFF = 0.05, 2.4, 5.0
STEPS, EVERY = 40, 20


def make_cell():
    """A left-handed cell in general orientation, atoms at least 2.3 Å apart, some outside."""
    random = np.random.default_rng(5)
    cell = np.array([[7.9, 0.4, -0.7], [1.6, 8.3, 0.9], [-0.8, 2.1, -9.4]])
    q, _ = np.linalg.qr(random.normal(size=(3, 3)))
    if np.linalg.det(q) < 0:
        q[:, 0] *= -1
    cell = cell @ q
    assert np.linalg.det(cell) < 0
    placed = []
    while len(placed) < 12:
        s = random.uniform(size=3)
        far = True
        for other in placed:
            d = s - other
            d -= np.round(d)
            shifts = np.array(np.meshgrid([-1, 0, 1], [-1, 0, 1], [-1, 0, 1])).reshape(3, -1).T
            far = far and np.min(np.linalg.norm((d + shifts) @ cell, axis=1)) > 2.3
        if far:
            placed.append(s)
    scaled = np.array(placed)
    scaled[[0, 3, 7]] += [[1, 0, -1], [0, -2, 0], [0, 0, 1]]
    symbols = ["S", "Li", "P", "Li", "P", "S", "Li", "Li", "S", "P", "Li", "Li"]
    atoms = Atoms(symbols, cell=cell, positions=scaled @ cell, pbc=True)
    # Å/fs; standard atomic weights as the program has them.
    atoms.set_masses([{"Li": 6.94, "P": 30.9738, "S": 32.06}[s] for s in symbols])
    velocities = random.normal(size=(12, 3)) * 0.004
    velocities -= velocities.mean(axis=0)
    atoms.set_velocities(velocities / units.fs)
    return atoms


def write_ours(path, atoms):
    regions = ["metal" if i in (1, 3, 6, 7) else "electrolyte" for i in range(12)]
    layers = [-1 if r == "metal" else i % 3 for i, r in enumerate(regions)]
    lattice = " ".join(repr(float(x)) for x in atoms.cell.array.ravel())
    with open(path, "w") as f:
        f.write(f'12\nLattice="{lattice}" pbc="T T T" velocity_unit=A/fs '
                "Properties=species:S:1:pos:R:3:vel:R:3:region:S:1:layer:I:1\n")
        for i, atom in enumerate(atoms):
            numbers = list(atom.position) + list(atoms.get_velocities()[i] * units.fs)
            f.write(atom.symbol + " " + " ".join(repr(float(x)) for x in numbers)
                    + f" {regions[i]} {layers[i]}\n")


def lj(atoms):
    atoms.calc = LennardJones(epsilon=EPSILON, sigma=SIGMA, rc=CUTOFF)


def ase_frames(atoms):
    atoms = atoms.copy()
    lj(atoms)
    frames = []
    dynamics = VelocityVerlet(atoms, 1.0 * units.fs)

    def keep():
        frames.append({"positions": atoms.positions.tolist(),
                       "velocities": (atoms.get_velocities() * units.fs).tolist(),
                       "forces": atoms.get_forces().tolist(),
                       "energy": atoms.get_potential_energy()})
    keep()
    for _ in range(STEPS // EVERY):
        dynamics.run(EVERY)
        keep()
    return frames


def run_lammps(folder, name, lines):
    with open(f"{folder}/{name}", "w") as f:
        f.write("\n".join(lines) + "\n")
    done = subprocess.run(["lmp", "-in", name], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-3000:]


def lammps_dumps(folder):
    """The exported script as it is, with more dumps put in, and a run at constant pressure."""
    with open(f"{folder}/cell.pair", "w") as f:
        f.write(f"pair_style lj/cut {CUTOFF}\npair_coeff * * {EPSILON} {SIGMA}\n")
    script = open(f"{folder}/in.cell").read().splitlines()
    at = next(i for i, line in enumerate(script) if line.startswith("run "))
    more = [
        f"dump wrapped all custom {EVERY} wrapped.dump vz iy type y ix x id iz z vx vy fz fx fy",
        "dump_modify wrapped format float %.12g",
        f"dump scaled all atom {EVERY} scaled.dump",
        "dump_modify scaled image yes sort -1",
        f"dump metal metal custom {EVERY} metal.dump id xsu ysu zsu type",
        "dump_modify metal units yes time yes format float %.12g",
    ]
    run_lammps(folder, "in.more", script[:at] + more + script[at:])
    pressure = [line for line in script[:at] if not line.startswith(("fix ", "dump"))]
    pressure += [
        "fix ensemble all npt temp 300 300 0.05 tri 0 0 0.1 flip no",
        f"dump npt all custom {EVERY} npt.dump id element x y z ix iy iz",
        "dump_modify npt element S Li P format float %.12g",
        f"run {STEPS}"]
    run_lammps(folder, "in.npt", pressure)


def check_ase_reads(folder, atoms, frames):
    """ASE's readers on the data file and the dumps: the same distances as the original."""
    want = atoms.get_all_distances(mic=True)
    data = read_lammps_data(f"{folder}/cell.data", units="metal", atom_style="atomic")
    error = np.abs(data.get_all_distances(mic=True) - want).max()
    assert error < 1e-9, error
    assert data.get_chemical_symbols() == atoms.get_chemical_symbols()
    speeds = np.linalg.norm(data.get_velocities(), axis=1) - np.linalg.norm(atoms.get_velocities(), axis=1)
    assert np.abs(speeds).max() < 1e-9, speeds
    print(f"ASE reads cell.data: distances within {error:.1e} Å")
    dump = ase.io.read(f"{folder}/cell.lammpstrj", index=":", format="lammps-dump-text")
    assert len(dump) == len(frames)
    for got, expected in zip(dump, frames):
        other = atoms.copy()
        other.positions = expected["positions"]
        error = np.abs(got.get_all_distances(mic=True) - other.get_all_distances(mic=True)).max()
        assert error < 2e-5, error
    print(f"LAMMPS after {STEPS} fs against ASE's dynamics: distances within {error:.1e} Å")


def ase_positions(path):
    frames = ase.io.read(path, index=":", format="lammps-dump-text")
    return [{"cell": frame.cell.array.tolist(),
             "positions": (frame.positions - frame.get_celldisp().reshape(3)).tolist()}
            for frame in frames]


def check_mdanalysis(folder):
    try:
        import MDAnalysis
    except ImportError:
        print("MDAnalysis is not installed here: not checked")
        return
    # Its reader does not take the items UNITS and TIME, so the frames without them are compared.
    universe = MDAnalysis.Universe(
        f"{folder}/npt.dump", format="LAMMPSDUMP", lammps_coordinate_convention="unscaled")
    dump = ase.io.read(f"{folder}/npt.dump", index=":", format="lammps-dump-text")
    for step, frame in zip(universe.trajectory, dump):
        assert np.allclose(step.triclinic_dimensions, frame.cell.array, atol=1e-3)
        ours = frame.positions - frame.get_celldisp().reshape(3)
        images = (step.positions - ours) @ np.linalg.inv(frame.cell.array)
        assert np.abs(images - images.round()).max() < 1e-4, images
    print("MDAnalysis and ASE agree on npt.dump")


def general(path, atoms, frames):
    """General triclinic, as the LAMMPS manual describes it; LAMMPS 2021 cannot write it."""
    corner = np.array([1.0, -2.0, 3.0])
    cell = atoms.cell.array.copy()
    with open(path, "w") as f:
        for k, frame in enumerate(frames):
            f.write(f"ITEM: TIMESTEP\n{k * EVERY}\nITEM: NUMBER OF ATOMS\n12\n"
                    "ITEM: BOX BOUNDS abc origin pp pp pp\n")
            for d in range(3):
                f.write(" ".join(repr(float(x)) for x in cell[d]) + f" {float(corner[d])!r}\n")
            f.write("ITEM: ATOMS id element xu yu zu\n")
            for i in reversed(range(12)):
                x = np.array(frame["positions"][i]) + corner
                f.write(f"{i + 1} {atoms[i].symbol} " + " ".join(f"{v:.12g}" for v in x) + "\n")


def gpumd(folder, atoms, frames):
    """dump.xyz as dump_xyz and dump_exyz write it, movie.xyz as old dump_position did."""
    lattice = " ".join(f"{x:.9g}" for x in atoms.cell.array.ravel())
    with open(f"{folder}/gpumd_dump.xyz", "w") as dump, open(f"{folder}/gpumd_movie.xyz", "w") as movie:
        for k, frame in enumerate(frames):
            unwrapped = np.array(frame["positions"])
            s = unwrapped @ np.linalg.inv(atoms.cell.array)
            wrapped = (s - np.floor(s)) @ atoms.cell.array
            zeros = " ".join(["0"] * 9)
            dump.write(f'12\nTime={k * EVERY:.8f} pbc="T T T" Lattice="{lattice}" '
                       f'energy={frame["energy"]:.9g} virial="{zeros}" stress="{zeros}" '
                       "Properties=species:S:1:pos:R:3:mass:R:1:vel:R:3:forces:R:3:"
                       "unwrapped_position:R:3:virial:R:9:group:I:2\n")
            movie.write(f"12\n{k}\n")
            for i, atom in enumerate(atoms):
                numbers = [*wrapped[i], atoms.get_masses()[i], *frame["velocities"][i],
                           *frame["forces"][i], *unwrapped[i], *([0] * 9)]
                dump.write(atom.symbol + "".join(f" {x:.9g}" for x in numbers) + " 0 1\n")
                movie.write(atom.symbol + "".join(f" {x:.9g}" for x in wrapped[i]) + "\n")


def check_calorine(folder, atoms):
    model = read_xyz(f"{folder}/gpumd/model.xyz")
    assert np.abs(model.positions - atoms.positions).max() == 0
    assert np.abs(model.cell.array - atoms.cell.array).max() == 0
    assert np.abs(model.get_velocities() - atoms.get_velocities()).max() < 1e-12
    assert np.abs(model.arrays["mass"] - atoms.get_masses()).max() == 0
    assert model.arrays["group"].shape == (12, 2)
    keys = [key for key, _ in read_runfile(f"{folder}/gpumd/run.in") if key != "#"]
    assert keys[:3] == ["potential", "velocity", "time_step"] and keys[-1] == "run", keys
    print("calorine reads model.xyz and run.in:", keys)


def main():
    program = os.path.abspath(sys.argv[1])
    nep = os.path.join(HERE, "../../../PotentialsTests/Fixtures/nep4.nep.txt")
    atoms = make_cell()
    frames = ase_frames(atoms)
    with tempfile.TemporaryDirectory() as folder:
        write_ours(f"{folder}/cell.extxyz", atoms)
        common = ["--ensemble", "nve", "--equilibrate", "0 ps", "--time", f"{STEPS} fs",
                  "--every", f"{EVERY} fs", "--seed", "3"]
        subprocess.run([program, "export", "lammps", "cell.extxyz", "-o", "cell", *common],
                       cwd=folder, check=True)
        lammps_dumps(folder)
        check_ase_reads(folder, atoms, frames)
        check_mdanalysis(folder)
        general(f"{folder}/general.dump", atoms, frames)
        gpumd(folder, atoms, frames)
        expected = {"frames": frames, "npt": ase_positions(f"{folder}/npt.dump"),
                    "wrapped": ase_positions(f"{folder}/cell.lammpstrj")}
        subprocess.run([program, "export", "gpumd", "cell.extxyz", "-o", "gpumd",
                        "--potential", nep], cwd=folder, check=True)
        check_calorine(folder, atoms)
        for name in ("cell.extxyz", "cell.data", "cell.lammpstrj", "scaled.dump", "metal.dump",
                     "npt.dump", "general.dump", "gpumd_dump.xyz", "gpumd_movie.xyz"):
            with open(f"{folder}/{name}", "rb") as source, open(f"{HERE}/{name}", "wb") as target:
                target.write(source.read())
        with open(f"{folder}/wrapped.dump", "rb") as source, \
                gzip.GzipFile(f"{HERE}/wrapped.dump.gz", "wb", mtime=0) as target:
            target.write(source.read())
        with open(f"{HERE}/expected.json", "w") as f:
            f.write(re.sub(r"(\d\.\d{10})\d+", r"\1", json.dumps(expected)) + "\n")


main()
