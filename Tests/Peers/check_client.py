#!/usr/bin/env python3
"""The client that makes ASE's calculators ours, against a server written for it (`server.py`) and
ASE's own: units, order, changes of atoms, exceptions, bad messages, wrong usage.

    Tests/Peers/run check_client
"""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import traceback

import numpy as np
from ase import Atoms
from ase.build import bulk, fcc111, molecule
from ase.calculators.emt import EMT
from ase.calculators.lj import LennardJones

from server import BOHR, CLIENT, HARTREE, Gone, Server, launch

USER = os.path.join(tempfile.mkdtemp(), "mine.py")
with open(USER, "w") as file:
    file.write('''
import numpy as np
from ase.calculators.calculator import Calculator, all_changes
from ase.calculators.lj import LennardJones

print("loaded, and telling everyone")

class Plain(Calculator):
    """No stress and no free energy; fails where the first atom is at x > 100; cannot change atoms."""
    implemented_properties = ["energy", "forces"]
    made = 0
    def __init__(self, k=1.0, picky=False):
        super().__init__()
        self.k, self.picky, self.count = k, picky, None
        Plain.made += 1
    def calculate(self, atoms=None, properties=None, system_changes=all_changes):
        super().calculate(atoms, properties, system_changes)
        print("chatter")
        if self.picky and self.count not in (None, len(atoms)):
            raise RuntimeError("other atoms")
        self.count = len(atoms)
        x = atoms.positions
        if x[0, 0] > 200:
            self.results = {"energy": np.nan, "forces": x * 0}
        elif x[0, 0] > 100:
            raise ValueError("too far\\nout")
        else:
            self.results = {"energy": 0.5 * self.k * (x**2).sum() + 1000 * Plain.made,
                            "forces": -self.k * x}

def broken(): raise RuntimeError("no such thing")
def nothing(): return 3
def needs(): import a_package_that_nobody_has
NUMBER = 3
''')

failures, checks = [], 0


def check(what, holds):
    global checks
    checks += 1
    if not holds:
        failures.append(what)
        print(f"  FAIL {what}")


def close(what, got, wanted, limit=1e-12):
    off = np.abs(np.asarray(got) - wanted).max()
    scale = max(1.0, np.abs(wanted).max())
    check(f"{what}: off by {off:.2e}", off <= limit * scale)


@contextlib.contextmanager
def client(spec, *more, tcp=False, code=0):
    """A server with a client connected; the client must end with that code."""
    server = Server(tcp=tcp)
    process = launch(sys.executable, spec, server.where, *more, text=True,
                     stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        server.accept(client=process)
        server.process = process
        yield server
        server.close()
        server.output, server.errors = process.communicate(timeout=20)
        check(f"{spec} left with {process.returncode}, not {code}: {server.errors[-300:]}",
              process.returncode == code)
        check("nothing on standard output", server.output == "")
    finally:
        process.kill()
        process.wait()


def compare(server, atoms, calculator, poll):
    energy, forces, stress, extra = server.evaluate(atoms, poll)
    extra = json.loads(extra)
    direct = atoms.copy()
    direct.calc = calculator
    close("energy", energy, direct.get_potential_energy(force_consistent=True))
    close("forces", forces, direct.get_forces())
    if atoms.cell.rank == 3:
        close("stress", stress, direct.get_stress(voigt=False))
        check("no stress missing", "stress" not in extra)
    else:
        check("stress false", extra["stress"] is False)
    if "energies" in calculator.results:
        close("energies", extra["energies"], direct.get_potential_energies(), 1e-11)
    check("which energy", extra["energy"] == "free_energy")
    check("says what it is", "ase" in extra["versions"] and extra["calculator"])
    return extra


def shaken(atoms, seed, strain=0.03):
    atoms = atoms.copy()
    generator = np.random.default_rng(seed)
    atoms.set_cell(atoms.cell @ (np.eye(3) + strain * generator.normal(size=(3, 3))),
                   scale_atoms=True)
    atoms.positions += 0.05 * generator.normal(size=(len(atoms), 3))
    return atoms


def test_emt():
    """Energy, forces, stress; unix and TCP; with and without STATUS before GETFORCE."""
    for tcp in False, True:
        with client("ase.calculators.emt:EMT", "--threads", "1", tcp=tcp) as server:
            check("needs INIT", server.status() == "NEEDINIT")
            server.init(bulk("Cu", cubic=True))
            check("ready", server.status() == "READY")
            for seed in range(6):
                compare(server, shaken(bulk("Cu", cubic=True), seed), EMT(), poll=seed % 2 == 0)
                check("ready again", server.status() == "READY")
            server.exit()


def test_other_atoms():
    """INIT with other atoms, and with the same."""
    alloy = bulk("Cu", cubic=True)
    alloy.numbers[:2] = 13
    with client("ase.calculators.emt:EMT") as server:
        for atoms in (bulk("Cu"), bulk("Cu"), alloy, bulk("Al") * (2, 1, 1), molecule("N2")):
            server.init(atoms)
            compare(server, shaken(atoms, 3), EMT(), poll=True)
    with client(f"{USER}:Plain(picky=True)") as server:
        made = []
        for count in 2, 2, 3, 2:
            atoms = Atoms("H" * count, positions=np.ones((count, 3)))
            server.init(atoms)
            energy, forces, _, extra = server.evaluate(atoms)
            check("no error", "error" not in json.loads(extra))
            made.append(round((energy - 1.5 * count) / 1000))
        check(f"made anew when it must: {made}", made == [1, 1, 2, 3])
    with client(f"{USER}:Plain") as server:
        made = []
        for count in 2, 3, 2:
            atoms = Atoms("H" * count, positions=np.ones((count, 3)))
            server.init(atoms)
            made.append(round((server.evaluate(atoms)[0] - 1.5 * count) / 1000))
        check(f"kept when it can: {made}", made == [1, 1, 1])


def test_partly_periodic():
    """A slab, a wire, a cluster; with vectors and with zeros along what does not repeat."""
    options = dict(sigma=3.4, epsilon=0.0104, rc=8.0)
    spec = "ase.calculators.lj:LennardJones(sigma=3.4, epsilon=0.0104, rc=8.0)"
    argon = bulk("Ar", "fcc", 5.26, cubic=True)
    with client(spec) as server:
        for pbc in (True, True, True), (True, True, False), (False, True, False), (False,) * 3:
            for zeros in False, True:
                atoms = shaken(argon, 5)
                atoms.pbc = pbc
                if zeros:
                    atoms.set_cell([v if p else [0, 0, 0] for v, p in zip(atoms.cell, pbc)])
                server.init(atoms)
                compare(server, atoms, LennardJones(**options), poll=True)
    with client("ase.calculators.emt:EMT") as server:
        slab = fcc111("Al", (2, 2, 3), vacuum=8)
        server.init(slab)
        compare(server, slab, EMT(), poll=True)


def test_failing():
    """An exception and a NaN inside the calculator; life goes on."""
    with client(f"{USER}:Plain(k=2.0)", "--threads", "2") as server:
        atoms = Atoms("H2", positions=[[0, 0, 0], [0, 0, 1.0]], cell=[9, 9, 9], pbc=True)
        server.init(atoms)
        energy, forces, stress, extra = server.evaluate(atoms)
        close("energy", energy, 1001.0)
        extra = json.loads(extra)
        check("no stress", extra["stress"] is False and not stress.any())
        check("energy", extra["energy"] == "energy")
        for x, words in (150, "ValueError: too far out"), (250, "FloatingPointError: "):
            atoms.positions[0, 0] = x
            energy, forces, stress, extra = server.evaluate(atoms, poll=x == 150)
            check("NaN", np.isnan(energy) and not forces.any() and not stress.any())
            check(f"reason {extra}", json.loads(extra)["error"].startswith(words))
        atoms.positions[0, 0] = 0
        close("alive", server.evaluate(atoms)[0], 3001.0)
        server.exit()
    check("chatter", "chatter" in server.errors and "telling everyone" in server.errors)


def test_leaving():
    """EXIT, closing before, between and inside messages, signals."""
    copper = bulk("Cu")
    spec = "ase.calculators.emt:EMT"
    with client(spec):
        pass
    with client(spec) as server:
        server.init(copper)
        server.evaluate(copper)
    with client(spec, code=69) as server:
        server.sock.sendall(b"STAT")
    with client(spec, code=69) as server:
        server.init(copper)
        server.sock.sendall(b"POSDATA     " + bytes(100))
    for number in signal.SIGINT, signal.SIGTERM:
        with client(spec, code=75) as server:
            server.init(copper)
            server.evaluate(copper)
            server.process.send_signal(number)
            server.process.wait(5)
    with client(spec, tcp=True, code=69) as server:  # reset while it counts
        server.init(copper)
        server.positions(copper)
        server.send("GETFORCE")
        server.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")


def test_garbage():
    """Messages that are none, or out of turn."""
    copper = bulk("Cu")
    spec = "ase.calculators.emt:EMT"

    def ends(server, what):
        try:
            server.read(1)
            check(f"{what} ends it", False)
        except Gone:
            pass

    for bytes_ in b"GET / HTTP/1.1\r\n", bytes(12), b"status      ", b"FORCEREADY  ":
        with client(spec, code=65) as server:
            server.sock.sendall(bytes_)
            ends(server, bytes_)
        check("says so", "received" in server.errors)
    for text in (b"", b"{", b"[]", b'{"numbers": []}', b'{"numbers": [29], "pbc": [1, 1, 1]}',
                 b'{"numbers": ["Cu"], "pbc": [true, true, true]}', b"\xff\x00",
                 b'{"numbers": [119], "pbc": [true, true, true]}', b"null",
                 b'{"numbers": 3, "pbc": [true, true, true]}'):
        with client(spec, code=65) as server:
            server.init(text=text)
            ends(server, text)
        check(f"shows it: {server.errors}", "INIT has" in server.errors)
    with client(spec, code=65) as server:
        server.sock.sendall(b"INIT        " + b"\0\0\0\0" + b"\xff\xff\xff\xff")
        ends(server, "a negative length")
    with client(spec, code=65) as server:
        server.positions(copper)
        ends(server, "positions before INIT")
    with client(spec, code=65) as server:
        server.init(copper)
        server.send("GETFORCE")
        ends(server, "forces before positions")
    with client(spec, code=65) as server:
        server.init(copper)
        server.positions(copper)
        server.positions(copper)
        ends(server, "positions twice")
    with client(spec, code=65) as server:
        server.init(copper)
        server.positions(copper * (2, 1, 1))
        ends(server, "another number of atoms")
    check("counts", "of 2 atoms, INIT of 1" in server.errors)
    with client(spec, code=65) as server:
        server.init(copper)
        copper.positions[0, 0] = np.nan
        server.positions(copper)
        ends(server, "NaN")


def test_specs():
    """Wrong usage, missing packages, calculators that cannot be made: all without a connection."""
    for spec, code, words in (
        ("nonsense", 64, "MODULE:CALLABLE"),
        ("ase.calculators.emt:EMT(", 64, "MODULE:CALLABLE"),
        ("ase.calculators.emt:EMT(1)", 64, "key=value"),
        ("ase.calculators.emt:EMT(**{})", 64, "key=value"),
        ("ase.calculators.emt:EMT(asap_cutoff=__import__('os'))", 64, "malformed"),
        ("ase.calculators.emt:EMT(a=1)(b=2)", 64, "key=value"),
        ("ase.calculators.emt:EMT() + (1)", 64, "key=value"),
        ("ase.calculators.emt:EMT(asap_cutoff=(1) + print(2))", 64, "malformed"),
        ("ase.calculators.emt:Nobody", 64, "no callable"),
        (USER + ":Plain(nobody=1)", 70, "cannot be made"),
        ("a_package_that_nobody_has.calculators:Some", 69, "pip install a_package_that_nobody_has"),
        (USER + ":nothing", 64, "no ASE calculator"),
        (USER + ":NUMBER", 64, "no callable"),
        (USER + ":broken", 70, "RuntimeError: no such thing"),
        (USER + ":needs", 69, "pip install a_package_that_nobody_has"),
        ("/not/there.py:broken", 64, "no file"),
        ("sevennet-l3i5", 69, "pip install sevenn"),
        ("chgnet", 69, "pip install chgnet"),
        ("gpaw", 69, "pip install gpaw"),
    ):
        done = subprocess.run(
            [sys.executable, CLIENT, "--socket", "unix:/not/there", "--calculator", spec],
            text=True, capture_output=True, timeout=9)
        check(f"{spec} ends with {done.returncode}, {done.stderr}",
              done.returncode == code and words in done.stderr and done.stdout == ""
              and "Traceback" not in done.stderr)
    for arguments in [], ["--socket", "unix:x"], ["--socket", "x", "--calculator", "ase.calculators.emt:EMT"], \
            ["--socket", "unix:x", "--calculator", "chgnet", "--threads", "0"], \
            ["--socket", "unix:x", "--calculator", "chgnet", "--threads", "many"]:
        done = subprocess.run([sys.executable, CLIENT, *arguments], text=True,
                              capture_output=True, timeout=9)
        check(f"{arguments} ends with {done.returncode}", done.returncode == 64)


def test_nobody():
    """A removed socket, one that nobody listens at, and a server that comes later."""
    server = Server()
    os.remove(server.path)
    stale = Server()
    stale.listener.close()
    start = time.monotonic()
    clients = [launch(sys.executable, "ase.calculators.emt:EMT", where, stderr=subprocess.PIPE,
                      text=True) for where in (server.where, stale.where, "127.0.0.1:1")]
    for process in clients:
        _, errors = process.communicate(timeout=30)
        check(f"left with {process.returncode}",
              process.returncode == 69 and "nobody answers" in errors)
    check("tried for 10 s", 9.5 < time.monotonic() - start < 16)
    path = os.path.join(tempfile.mkdtemp(), "late")
    process = launch(sys.executable, "ase.calculators.emt:EMT", "unix:" + path)
    time.sleep(3)
    late = Server(path=path).accept(client=process)
    late.init(bulk("Cu"))
    compare(late, bulk("Cu"), EMT(), poll=True)
    late.exit()
    check("late", process.wait(10) == 0)


def test_ase_server():
    """ASE's own server, taught to send our INIT."""
    from ase.calculators import socketio

    with contextlib.nullcontext():
        atoms = shaken(bulk("Cu", cubic=True), 9)
        text = json.dumps({"numbers": atoms.numbers.tolist(), "pbc": atoms.pbc.tolist()}).encode()
        original = socketio.IPIProtocol.sendinit
        initialised = []

        def sendinit(self):
            initialised.append(True)
            self.sendmsg("INIT")
            self.send(0, np.int32)
            self.send(len(text), np.int32)
            self.send(np.frombuffer(text, dtype=np.byte), np.byte)

        socketio.IPIProtocol.sendinit = sendinit
        path = f"/tmp/ipi_check_client_{os.getpid()}"
        try:
            launcher = lambda atoms, properties, port, unixsocket: launch(
                sys.executable, "ase.calculators.emt:EMT", "unix:" + path)
            with socketio.SocketIOCalculator(unixsocket=path[9:], launch_client=launcher) as server:
                atoms.calc = server
                for seed in range(3):
                    atoms.rattle(0.02, seed=seed)
                    direct = atoms.copy()
                    direct.calc = EMT()
                    # ASE's units are CODATA 2014's.
                    close("energy", atoms.get_potential_energy(), direct.get_potential_energy(), 2e-8)
                    close("forces", atoms.get_forces(), direct.get_forces(), 2e-8)
                    close("stress", atoms.get_stress(), direct.get_stress(), 2e-8)
            check("ASE sent INIT", initialised == [True])
        finally:
            socketio.IPIProtocol.sendinit = original


if __name__ == "__main__":
    tests = [(name, test) for name, test in list(globals().items()) if name.startswith("test_")]
    for name, test in tests:
        start = time.monotonic()
        try:
            test()
        except Exception:
            failures.append(name)
            traceback.print_exc()
        print(f"{name}: {test.__doc__} {time.monotonic() - start:.1f} s", flush=True)
    print(f"{checks - len(failures)} passed, {len(failures)} failed")
    sys.exit(bool(failures))
