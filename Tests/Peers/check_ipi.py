#!/usr/bin/env python3
"""i-PI with `interphase serve`: a short NVE run, and a ring polymer of four beads.

    Tests/Peers/run check_ipi

i-PI 3.3.1 writes the angstrom as 1.8897261 Bohr, 1.3e-8 off, and takes energies as they come, in
hartree; so the energy of the first step may differ by what a scale of 1.3e-8 does.
"""

import os
import subprocess
import sys
import tempfile
import uuid

import numpy as np
from ase import units
from ase.build import make_supercell
from ase.io import read, write

import peer

HARTREE = units.create_units("2018").Ha

INPUT = """
<simulation verbosity='quiet' safe_stride='1000000'>
  <output prefix='run'>
    <properties stride='1' filename='out' flush='1'>
      [ step, time, conserved, temperature, kinetic_md, potential, pressure_md ]
    </properties>
  </output>
  <total_steps> {steps} </total_steps>
  <prng><seed> 31 </seed></prng>
  <ffsocket mode='{mode}' name='interphase' pbc='false'>
    <address> {address} </address> {port}
    <latency> 1e-4 </latency> <timeout> 60 </timeout>
  </ffsocket>
  <system>
    <initialize nbeads='{beads}'>
      <file mode='xyz' units='angstrom'> start.xyz </file>
      <velocities mode='thermal' units='kelvin'> 300 </velocities>
    </initialize>
    <forces> <force forcefield='interphase'/> </forces>
    <motion mode='dynamics'>
      <fixcom> True </fixcom>
      <dynamics mode='nve'>
        <timestep units='femtosecond'> {timestep} </timestep>
      </dynamics>
    </motion>
    <ensemble> <temperature units='kelvin'> 300 </temperature> </ensemble>
  </system>
</simulation>
"""


def start(directory):
    """104 atoms with a along x and b in the xy plane, as i-PI wants them, for i-PI and for us."""
    atoms = read(os.path.join(peer.STRUCTURES, "Li6PS5Cl.extxyz"))
    atoms = make_supercell(atoms, 2 * np.eye(3))
    atoms.set_cell(atoms.cell.standard_form()[0], scale_atoms=True)
    write(os.path.join(directory, "start.extxyz"), atoms, write_results=False)
    atoms = read(os.path.join(directory, "start.extxyz"))
    with open(os.path.join(directory, "start.xyz"), "w") as file:
        cell = " ".join(f"{x:.12f}" for x in atoms.cell.cellpar())
        file.write(f"{len(atoms)}\n# CELL(abcABC): {cell} cell{{angstrom}} positions{{angstrom}}\n")
        for symbol, position in zip(atoms.symbols, atoms.positions):
            file.write(f"{symbol} " + " ".join(f"{x:.12f}" for x in position) + "\n")
    return atoms


def run(directory, socket_mode, beads, steps, timestep):
    """The columns of run.out, and what the client says."""
    name = f"interphase-{uuid.uuid4().hex[:8]}"
    port = 20000 + os.getpid() % 20000 + beads
    text = INPUT.format(
        steps=steps, beads=beads, timestep=timestep, mode=socket_mode,
        address=name if socket_mode == "unix" else "localhost",
        port="" if socket_mode == "unix" else f"<port> {port} </port>")
    with open(os.path.join(directory, "input.xml"), "w") as file:
        file.write(text)
    server = subprocess.Popen(
        [os.path.join(os.path.dirname(sys.executable), "i-pi"), "input.xml"], cwd=directory,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    client = peer.serve(
        os.path.join(directory, "start.extxyz"),
        f"unix:{name}" if socket_mode == "unix" else f"localhost:{port}")
    output, _ = server.communicate(timeout=300)
    if server.returncode != 0:
        print(output)
        peer.failures.append(f"i-PI left with {server.returncode}")
    summary = peer.summary(client)
    print(f"       {summary.get('steps')} evaluations, {summary.get('neighborLists')} neighbour "
          f"lists, {summary.get('evaluation_us_per_step', 0):.0f} µs each; "
          f"ended: {summary.get('ended')}")
    return np.loadtxt(os.path.join(directory, "run.out")).T, summary


def nve(directory, atoms):
    print("NVE, 104 atoms, 100 steps of 1 fs, unix socket")
    columns, summary = run(directory, "unix", 1, 100, 1.0)
    conserved, potential, pressure = columns[2], columns[5], columns[6]
    expected = peer.energy(os.path.join(directory, "start.extxyz"))
    peer.check("potential energy of the first step, relative",
               abs(potential[0] * HARTREE / expected["energy_eV"] - 1), 2e-9)
    drift = np.polyfit(columns[1], conserved, 1)[0] * (columns[1][-1] - columns[1][0])
    scale = HARTREE / len(atoms)
    peer.check("change of the conserved energy by its slope, eV/atom", abs(drift) * scale, 2e-5)
    peer.check("fluctuation of the conserved energy, eV/atom", conserved.std() * scale, 2e-5)
    peer.check("the same, of that of the potential energy", conserved.std() / potential.std(), 0.005)
    # What i-PI makes of the virial: P = (2 K + tr W) / 3 V.
    volume = atoms.get_volume() / units.create_units("2018").Bohr ** 3
    trace = -sum(expected["stress_eV_per_A3"][:3]) * atoms.get_volume() / HARTREE
    ours = (2 * columns[4][0] + trace) / (3 * volume)
    peer.check("pressure of the first step, relative", abs(pressure[0] / ours - 1), 2e-6)
    peer.check("evaluations beyond one a step", abs(summary.get("steps", 0) - 101), 1)


def ring_polymer(directory, atoms):
    print("NVE of a ring polymer, 4 beads, 25 steps of 0.5 fs, TCP")
    columns, summary = run(directory, "inet", 4, 25, 0.5)
    peer.check("fluctuation of the conserved energy, eV/atom",
               columns[2].std() * HARTREE / len(atoms), 5e-5)
    peer.check("evaluations beyond one a step and bead",
               abs(summary.get("steps", 0) - 4 * 26), 4)


with tempfile.TemporaryDirectory() as scratch:
    start_atoms = start(scratch)
    nve(scratch, start_atoms)
    ring_polymer(scratch, start_atoms)
peer.finish()
