#!/usr/bin/env python3
"""Other programs as our calculator, against themselves: ASE's EMT always; CP2K, LAMMPS and Quantum
ESPRESSO where they are installed.

    Tests/Peers/run check_calculators

What comes over the socket is hartree and Bohr of CODATA 2018 both ways with our own client, so only
rounding is left. ASE's own client takes CODATA 2014, CP2K and LAMMPS have constants of their own.
"""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import uuid

import numpy as np
from ase import Atoms
from ase.build import bulk, fcc111, make_supercell
from ase.calculators.emt import EMT
from ase.calculators.lj import LennardJones
from ase.calculators.socketio import SocketClient
from ase.io import read, write

import peer

os.environ["INTERPHASE_PYTHON"] = sys.executable
EMT_CLIENT = "ase:ase.calculators.emt:EMT"
CLIENT = os.path.join(peer.ROOT, "Sources", "Engines", "Clients", "ase_client.py")


def structures():
    random = np.random.default_rng(3)
    alloy = make_supercell(bulk("Cu", cubic=True), [[2, 0, 0], [0, 1, 0], [0, 1, 1]])
    alloy.symbols[:3] = "Al"
    alloy.set_cell(alloy.cell[:] @ (np.eye(3) + random.normal(0, 0.03, (3, 3))), scale_atoms=True)
    alloy.rattle(0.1, rng=random)
    yield "CuAl, triclinic", alloy
    slab = fcc111("Pt", (2, 2, 3), vacuum=6)
    slab.pbc = (True, True, False)
    slab.rattle(0.1, rng=random)
    yield "Pt, periodic in two directions", slab
    yield "Cu3, no cell repeats", Atoms(
        "Cu3", [[5, 5, 5], [7.4, 5.2, 5], [6, 7, 5.3]], cell=[12, 12, 12])


def written(atoms, directory):
    """The file, and the atoms as it has them."""
    path = os.path.join(directory, f"{uuid.uuid4().hex[:8]}.extxyz")
    write(path, atoms, write_results=False)
    rounded = read(path)
    atoms = atoms.copy()
    atoms.set_cell(rounded.cell)
    atoms.set_positions(rounded.positions)
    return path, atoms


def ours(path, calculator, *more):
    run = subprocess.run(
        [peer.INTERPHASE, "energy", path, "--calculator", calculator, "--json", *more],
        capture_output=True, text=True, timeout=300)
    if run.returncode != 0:
        print(run.stderr)
        peer.failures.append(f"{calculator} left with {run.returncode}")
        return None
    return json.loads(run.stdout)


def compare(name, found, atoms, calculator, energy=1e-11, force=1e-10, stress=1e-11):
    """What came over the socket against the calculator called directly."""
    if found is None:
        return
    atoms = atoms.copy()
    atoms.calc = calculator
    peer.check(f"{name}: energy, of its value",
               abs(found["energy_eV"] / atoms.get_potential_energy() - 1), energy)
    peer.check("    forces", np.abs(found["forces_eV_per_A"] - atoms.get_forces()).max(), force)
    if all(atoms.pbc):
        peer.check("    stress", np.abs(found["stress_eV_per_A3"] - atoms.get_stress()).max(),
                   stress)


def ase_calculators(directory):
    print("ASE's EMT by our client")
    for name, atoms in structures():
        path, atoms = written(atoms, directory)
        found = ours(path, EMT_CLIENT)
        compare(name, found, atoms, EMT())
        if found and not np.isclose(sum(found["energies_eV"]), found["energy_eV"], rtol=1e-12):
            peer.failures.append("energies of atoms do not add up")


def by_hand(directory):
    """Clients that a person starts: our script and ASE's own client, TCP and unix."""
    print("clients started by hand")
    _, atoms = next(structures())
    path, atoms = written(atoms, directory)
    with socket.socket() as probe:
        probe.bind(("localhost", 0))
        port = probe.getsockname()[1]
    name = f"interphase-{uuid.uuid4().hex[:8]}"
    cases = [
        (f"socket:localhost:{port}", "our client, TCP", (1e-11, 1e-10, 1e-11),
         [CLIENT, "--socket", f"localhost:{port}", "--calculator", EMT_CLIENT[4:]]),
        (f"socket:unix:{name}", "ASE's own client, unix", (2e-8, 1e-6, 1e-8),
         [__file__, peer.INTERPHASE, "--ase-client", name, path]),
    ]
    for address, what, limits, words in cases:
        client = subprocess.Popen([sys.executable, *words], stderr=subprocess.DEVNULL)
        compare(what, ours(path, address, "--client-start", "60 s", "--quiet"), atoms, EMT(),
                *limits)
        client.wait(timeout=30)


def ase_client(name, path):
    """ASE's SocketClient, as its documentation has it; it retries until we listen."""
    atoms = read(path)
    atoms.calc = EMT()
    for _ in range(300):
        if os.path.exists(f"/tmp/ipi_{name}"):
            break
        time.sleep(0.1)
    try:
        SocketClient(unixsocket=name).run(atoms, use_stress=True)
    except (SystemExit, ConnectionError):
        pass


def dynamics(directory):
    """A client that is killed now and then, and a run that is resumed after one died for good."""
    print("dynamics")
    _, atoms = next(structures())
    path, _ = written(atoms, directory)

    def md(calculator, out, *more):
        return subprocess.run(
            [peer.INTERPHASE, "md", path, "--calculator", calculator, "--thermostat", "none",
             "--time", "0.1 ps", "--every", "10 fs", "--checkpoint", "20 fs", "-o",
             os.path.join(directory, out), "--quiet", *more],
            capture_output=True, text=True, timeout=300)

    maker = os.path.join(directory, "mortal.py")
    with open(maker, "w") as file:
        file.write(f"""
import os, signal
from ase.calculators.emt import EMT
LIVES = {directory!r} + "/lives"
class Mortal(EMT):
    steps = 0
    def calculate(self, *arguments, **more):
        Mortal.steps += 1
        lives = open(LIVES).read() if os.path.exists(LIVES) else ""
        if Mortal.steps == 31 and len(lives) < 2 or "dead" in lives:
            open(LIVES, "a").write("x")
            os.kill(os.getpid(), signal.SIGKILL)
        super().calculate(*arguments, **more)
""")
    straight = md(EMT_CLIENT, "straight")
    killed = md(f"ase:{maker}:Mortal", "killed")
    for run, what in (straight, "straight"), (killed, "killed twice"):
        if run.returncode != 0:
            print(run.stderr)
            peer.failures.append(f"md, {what}, left with {run.returncode}")
            return

    # EMT's sums follow the age of its neighbour list, which a new client does not have.
    def apart(one, other):
        frames = [read(os.path.join(directory, d, "trajectory.extxyz"), ":") for d in (one, other)]
        assert len(frames[0]) == len(frames[1]) == 11, "eleven frames"
        return max(np.abs(a.positions - b.positions).max() for a, b in zip(*frames))

    peer.check("Å apart after two clients were killed", apart("straight", "killed"), 1e-9)
    if open(os.path.join(directory, "lives")).read() != "xx":
        peer.failures.append("the clients did not die as they should have")
    # Dies for good, then lives.
    lives = os.path.join(directory, "lives")
    open(lives, "w").write("xx")
    stopped = subprocess.Popen(
        [peer.INTERPHASE, "md", path, "--calculator", f"ase:{maker}:Mortal", "--thermostat", "none",
         "--time", "0.1 ps", "--every", "10 fs", "--checkpoint", "20 fs", "-o",
         os.path.join(directory, "resumed"), "--quiet"], stderr=subprocess.PIPE, text=True)
    while stopped.poll() is None and not os.path.exists(
            os.path.join(directory, "resumed", "checkpoint.bin")):
        time.sleep(0.01)
    open(lives, "w").write("dead")
    message = stopped.communicate(timeout=120)[1]
    open(lives, "w").write("xx")
    ended = stopped.returncode == 69 and "ended by signal 9" in message
    peer.check("md whose clients all die: not 69 and the signal", float(not ended), 0)
    resumed = md(f"ase:{maker}:Mortal", "resumed", "--resume")
    if resumed.returncode != 0:
        print(resumed.stderr)
        peer.failures.append(f"md --resume left with {resumed.returncode}")
        return
    peer.check("Å apart after it was resumed", apart("straight", "resumed"), 1e-9)


def cp2k(directory):
    if not shutil.which("cp2k.psmp"):
        return print("CP2K: not installed, skipped")
    print("CP2K, H2 in a box")
    start = time.perf_counter()
    path, _ = written(Atoms("H2", [[0, 0, 0], [0.75, 0.1, 0]],
                            cell=[[5, 0, 0], [0.3, 5.2, 0], [0, -0.2, 5.1]], pbc=True), directory)
    # Our input without k-points.
    template = subprocess.check_output([peer.INTERPHASE, "calculator", "template"], text=True)
    own = os.path.join(directory, "gamma.inp")
    with open(own, "w") as file:
        file.write(template.replace("{kpoints}", ""))
    found = ours(path, f"cp2k:{own}", "--threads", "1")
    if found is None:
        return
    # The same by CP2K alone.
    atoms = read(path)
    text = template.replace("{kpoints}", "").replace("RUN_TYPE DRIVER", "RUN_TYPE ENERGY_FORCE")
    text = re.sub(r"&MOTION.*?&END MOTION", "", text, flags=re.S)
    text = text.replace("METHOD QUICKSTEP", "METHOD QUICKSTEP\n  &PRINT\n    &FORCES\n"
                        "      NDIGITS 12\n    &END FORCES\n    &STRESS_TENSOR\n"
                        "    &END STRESS_TENSOR\n  &END PRINT")
    cell = "\n".join(f"{k} {v[0]} {v[1]} {v[2]}" for k, v in zip("ABC", atoms.cell))
    places = {
        "{cell}": cell, "{added_mos}": "8", "{cutoff}": "600",
        "{coordinates}": "\n".join(
            f"{s} {p[0]} {p[1]} {p[2]}" for s, p in zip(atoms.symbols, atoms.positions)),
        "{kinds}": "&KIND H\nBASIS_SET DZVP-MOLOPT-SR-GTH\nPOTENTIAL GTH-PBE-q1\n&END KIND"}
    for place, value in places.items():
        text = text.replace(place, value)
    with open(os.path.join(directory, "alone.inp"), "w") as file:
        file.write(text)
    output = subprocess.run(
        ["cp2k.psmp", "-i", "alone.inp"], cwd=directory, capture_output=True, text=True,
        env={**os.environ, "OMP_NUM_THREADS": "1"}, timeout=300).stdout
    hartree, bohr = 27.211386245988, 0.529177210903
    energy = float(re.findall(r"ENERGY\| Total FORCE_EVAL.*?([-\d.]+)\s*$", output, re.M)[-1])
    forces = np.array([[float(x) for x in line.split()[3:6]] for line in re.findall(
        r"^\s+\d+\s+\d+\s+H\s+.*$", output[output.index("ATOMIC FORCES in"):], re.M)])
    rows = np.array([[float(x) for x in line.split()[2:5]] for line in re.findall(
        r"^ STRESS\|\s+[xyz]\s+[-\d].*$", output, re.M)][:3])
    stress = -np.array([rows[0, 0], rows[1, 1], rows[2, 2], rows[1, 2], rows[0, 2], rows[0, 1]])
    unit = {"bar": 1e-4, "GPa": 1.0}[re.findall(r"STRESS\| Analytical.*\[(\w+)\]", output)[0]]
    peer.check("energy, of its value", abs(found["energy_eV"] / (energy * hartree) - 1), 1e-7)
    peer.check("    forces", np.abs(
        found["forces_eV_per_A"] - forces * hartree / bohr).max(), 1e-5)
    peer.check("    stress", np.abs(
        found["stress_eV_per_A3"] - stress * unit / 160.21766340).max(), 1e-6)
    peer.check("seconds that it took", time.perf_counter() - start, 120)


def lammps(directory):
    if not shutil.which("lmp"):
        return print("LAMMPS: not installed, skipped")
    print("LAMMPS, a Lennard-Jones potential")
    commands = os.path.join(directory, "lj.txt")
    with open(commands, "w") as file:
        file.write("pair_style lj/cut 8.0\npair_coeff * * 0.0104 3.4\npair_modify shift yes\n")
    _, atoms = next(structures())
    path, atoms = written(atoms, directory)
    # LAMMPS's hartree is that of CODATA 2010 to seven digits.
    compare("CuAl, triclinic", ours(path, f"lammps:{commands}"), atoms,
            LennardJones(sigma=3.4, epsilon=0.0104, rc=8.0), 2e-7, 1e-5, 1e-6)


def espresso(directory):
    pseudo = "/usr/share/espresso/pseudo"
    if not shutil.which("pw.x") or not os.path.exists(f"{pseudo}/Si.pz-vbc.UPF"):
        return print("Quantum ESPRESSO: not installed with its example data, skipped")
    print("Quantum ESPRESSO, silicon")
    template = os.path.join(directory, "pw.template")
    with open(template, "w") as file:
        file.write(f"""&control
  calculation = 'scf', tprnfor = .true., tstress = .true., pseudo_dir = '{pseudo}'
  outdir = './out'
/
&system
  ibrav = 0, nat = {{nat}}, ntyp = {{ntyp}}, ecutwfc = 16, nosym = .true.
/
&electrons
  conv_thr = 1e-10
/
ATOMIC_SPECIES
Si 28.086 Si.pz-vbc.UPF
CELL_PARAMETERS angstrom
{{cell}}
ATOMIC_POSITIONS angstrom
{{coordinates}}
K_POINTS automatic
2 2 2 0 0 0
""")
    atoms = bulk("Si")
    atoms.positions[1] += [0.05, -0.03, 0.02]
    atoms.set_cell(atoms.cell[:] * [[1.01], [1], [0.99]], scale_atoms=True)
    path, atoms = written(atoms, directory)
    found = ours(path, f"espresso:{template}", "--threads", "1")
    if found is None:
        return
    text = open(template).read().format(
        nat=2, ntyp=1, cell="\n".join(" ".join(map(str, row)) for row in atoms.cell),
        coordinates="\n".join("Si " + " ".join(map(str, p)) for p in atoms.positions))
    output = subprocess.run(["pw.x"], input=text, cwd=directory, capture_output=True, text=True,
                            env={**os.environ, "OMP_NUM_THREADS": "1"}, timeout=120).stdout
    rydberg, bohr = 27.211386245988 / 2, 0.529177210903
    energy = float(re.findall(r"^!\s+total energy\s+=\s+([-\d.]+)", output, re.M)[-1])
    forces = np.array([[float(x) for x in m] for m in re.findall(
        r"atom\s+\d+ type\s+\d+\s+force =\s+(\S+)\s+(\S+)\s+(\S+)", output)[:2]])
    lines = output[output.index("total   stress"):].splitlines()[1:4]
    rows = -np.array([[float(x) for x in line.split()[:3]] for line in lines]) * rydberg / bohr**3
    stress = [rows[0, 0], rows[1, 1], rows[2, 2], rows[1, 2], rows[0, 2], rows[0, 1]]
    peer.check("energy, of its value", abs(found["energy_eV"] / (energy * rydberg) - 1), 1e-8)
    peer.check("    forces", np.abs(
        found["forces_eV_per_A"] - forces * rydberg / bohr).max(), 1e-5)
    peer.check("    stress", np.abs(np.array(found["stress_eV_per_A3"]) - stress).max(), 2e-6)


if len(sys.argv) > 2 and sys.argv[2] == "--ase-client":
    ase_client(*sys.argv[3:5])
    sys.exit(0)
with tempfile.TemporaryDirectory() as scratch:
    for part in ase_calculators, by_hand, dynamics, cp2k, lammps, espresso:
        part(scratch)
peer.finish()
