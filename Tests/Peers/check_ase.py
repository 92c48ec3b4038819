#!/usr/bin/env python3
"""ASE's SocketIOCalculator with `interphase serve` against `interphase energy`.

    Tests/Peers/run check_ase

ASE takes its units from CODATA 2014, we from 2018: hartree differs by 8.1e-9 and Bohr by 6.4e-10 of
its value. The energy may differ by the first of these; positions that differ by the second change
forces by a little. With ASE's units set to CODATA 2018, only ASE's derivation of them (8e-12) and
rounding are left, and the limits are those.
"""

import os
import socket
import tempfile
import time
import uuid

import ase.calculators.socketio as socketio
import numpy as np
from ase import Atoms, units
from ase.build import make_supercell
from ase.calculators.socketio import SocketIOCalculator
from ase.filters import FrechetCellFilter
from ase.io import read, write
from ase.md.verlet import VelocityVerlet
from ase.optimize import BFGS

import peer

# Energy: of its value. Forces: eV/Å. Stress: eV/Å^3.
LIMITS = {"2014": (1e-8, 1e-6, 5e-9), "2018": (2e-11, 1e-9, 2e-11)}


def structures():
    """Name and atoms: triclinic, skewed, smaller than the cut-off, slab, cluster."""
    random = np.random.default_rng(7)
    crystal = read(os.path.join(peer.STRUCTURES, "Li6PS5Cl.extxyz"))
    yield "Li6PS5Cl, triclinic, 13 atoms", crystal.copy()
    shaken = make_supercell(crystal, [[2, 0, 0], [0, 2, 0], [0, 1, 2]])
    shaken.rattle(0.1, rng=random)
    yield "Li6PS5Cl, skewed supercell, shaken, 104 atoms", shaken
    salt = read(os.path.join(peer.STRUCTURES, "Li6PS5BH4.extxyz"))
    salt.set_cell(salt.cell[:] @ (np.eye(3) + random.normal(0, 0.02, (3, 3))), scale_atoms=True)
    salt.rattle(0.05, rng=random)
    yield "Li6PS5BH4, strained at random, 17 atoms", salt
    a = 3.44 / 2
    yield "Li, one atom, cell smaller than the cut-off", Atoms(
        "Li", cell=[[-a, a, a], [a, -a, a], [a, a, -a]], pbc=True)
    slab = crystal.copy()
    slab.pbc = (True, True, False)
    yield "Li6PS5Cl, periodic in two directions", slab
    cluster = Atoms("PS4", [[0, 0, 0], [1.2, 1.2, 1.2], [-1.2, -1.2, 1.2], [-1.2, 1.2, -1.2],
                            [1.2, -1.2, -1.3]])
    yield "PS4, no cell", cluster


def write_and_read_back(path, atoms):
    """Writes the atoms and moves them by the rounding of the file."""
    write(path, atoms, write_results=False)
    rounded = read(path)
    atoms.set_cell(rounded.cell)
    atoms.set_positions(rounded.positions)


def free_port():
    with socket.socket() as probe:
        probe.bind(("localhost", 0))
        return probe.getsockname()[1]


class Connected:
    """A SocketIOCalculator whose client is ours, on atoms that it is given; over unix or TCP."""

    def __init__(self, atoms, directory, inet=False):
        self.path = os.path.join(directory, f"{uuid.uuid4().hex[:8]}.extxyz")
        write_and_read_back(self.path, atoms)
        self.where = {"port": free_port()} if inet else {
            "unixsocket": f"interphase-{uuid.uuid4().hex[:8]}"}

    def __enter__(self):
        self.calculator = SocketIOCalculator(launch_client=self.launch, timeout=120, **self.where)
        return self

    def launch(self, atoms, properties, port, unixsocket):
        address = f"unix:{unixsocket}" if unixsocket else f"localhost:{port}"
        self.client = peer.serve(self.path, address)
        return self.client

    def __exit__(self, *_):
        self.calculator.close()
        self.summary = peer.summary(self.client)


def compare(name, atoms, reference, limits, stress=True):
    """Energy, forces and stress that the calculator gave against those of a file."""
    energy, force, pressure = limits
    peer.check(
        f"{name}: energy", abs(atoms.get_potential_energy() / reference["energy_eV"] - 1), energy)
    peer.check(
        "    forces", np.abs(atoms.get_forces() - reference["forces_eV_per_A"]).max(), force)
    if stress:
        peer.check(
            "    stress", np.abs(atoms.get_stress() - reference["stress_eV_per_A3"]).max(),
            pressure)


def single_points(directory, codata):
    socketio.units = units if codata == units.__codata_version__ else units.create_units(codata)
    print(f"single points, ASE's units from CODATA {codata}")
    for index, (name, atoms) in enumerate(structures()):
        with Connected(atoms, directory, inet=index % 2 == 1) as connected:
            atoms.calc = connected.calculator
            kind = "TCP" if index % 2 else "unix"
            compare(f"{name} ({kind})", atoms, peer.energy(connected.path), LIMITS[codata],
                    stress=atoms.pbc.any())


def reference(atoms, directory):
    path = os.path.join(directory, "final.extxyz")
    write_and_read_back(path, atoms)
    return peer.energy(path)


def paths(directory):
    """BFGS of positions and cell, then dynamics, each over one connection."""
    socketio.units = units
    limits = LIMITS[units.__codata_version__]
    print("a path over one connection")
    atoms = read(os.path.join(peer.STRUCTURES, "Li6PS5Cl.extxyz"))
    atoms.set_cell(atoms.cell[:] * 1.02, scale_atoms=True)
    with Connected(atoms, directory) as connected:
        atoms.calc = connected.calculator
        first = atoms.get_potential_energy()
        BFGS(FrechetCellFilter(atoms), logfile=None).run(steps=20, fmax=1e-4)
        assert atoms.get_potential_energy() < first - 0.1, "BFGS went nowhere"
        compare("BFGS of positions and cell, 20 steps", atoms, reference(atoms, directory), limits)
    report(connected.summary)

    with Connected(atoms := atoms * (2, 2, 2), directory, inet=True) as connected:
        atoms.calc = connected.calculator
        spread = np.sqrt(300 * units.kB * atoms.get_masses())[:, None]
        atoms.set_momenta(np.random.default_rng(1).normal(size=(len(atoms), 3)) * spread)
        dynamics = VelocityVerlet(atoms, timestep=units.fs)
        before = atoms.get_total_energy()
        start = time.perf_counter()
        dynamics.run(50)
        seconds = time.perf_counter() - start
        peer.check("NVE, 50 steps of 1 fs, 104 atoms, change of the total energy, eV/atom",
                   abs(atoms.get_total_energy() - before) / len(atoms), 5e-5)
        compare("NVE, last step", atoms, reference(atoms, directory), limits)
    report(connected.summary)
    if connected.summary.get("neighborLists", 99) > 10:
        peer.failures.append("neighbour lists were not used again")
    print(f"       {seconds / 50 * 1e6:.0f} µs per step as ASE sees it")


def report(summary):
    print(f"       {summary.get('steps')} evaluations, {summary.get('neighborLists')} neighbour "
          f"lists, {summary.get('evaluation_us_per_step', 0):.0f} µs each")


with tempfile.TemporaryDirectory() as scratch:
    for version in LIMITS:
        single_points(scratch, version)
    paths(scratch)
peer.finish()
