#!/usr/bin/env python3
"""Makes an ASE calculator a client of the i-PI protocol.

    python ase_client.py --socket unix:/a/path --calculator sevennet-l3i5 [--threads N]

The server moves the atoms; this sends it energy, forces and virial. The protocol says nothing about
species, so INIT must bring them as JSON: {"numbers": [3, 17], "pbc": [true, true, true]}.

The energy is the one whose derivative the forces are: the free energy (ASE's `force_consistent`)
where a calculator tells the two apart, as smeared DFT does.

Exit codes: 0 the server said EXIT or left between two messages; 64 wrong usage; 65 a message that
is none, or out of turn; 69 a package is missing, nobody answers, or the connection was lost; 70 the
calculator cannot be made; 75 SIGINT or SIGTERM.
"""

import argparse
import ast
import importlib
import importlib.metadata
import importlib.util
import json
import os
import re
import signal
import socket
import struct
import sys
import time

# CODATA 2018, as the server has them. ASE's own are of 2014 and differ by 8e-9.
BOHR = 0.529177210903  # Å
HARTREE = 27.211386245988  # eV
LONGEST_TEXT = 1 << 24
CONNECT_FOR = 10  # s


def device():
    import torch
    return "cuda" if torch.cuda.is_available() else "cpu"


def sevennet(model):
    from sevenn.calculator import SevenNetCalculator
    return SevenNetCalculator(model=model, device=device())


def chgnet():
    from chgnet.model.dynamics import CHGNetCalculator
    return CHGNetCalculator(use_device=device())


def gpaw():
    from gpaw import GPAW, PW
    return GPAW(
        mode=PW(520), xc="PBE", txt="-",
        occupations={"name": "fermi-dirac", "width": 0.05},
        # 4 points per 1/Å: at most 0.25 1/Å apart, 2 pi included.
        kpts={"density": 4.0, "gamma": True},
        # The atoms will move; symmetry that they had at first would be an error then.
        symmetry={"point_group": False},
        convergence={"energy": 1e-5, "forces": 1e-3})


# The short names: how to make it, the packages whose versions count (the first is what pip
# installs), and whether other atoms need a new one.
NAMED = {
    "sevennet-l3i5": (lambda: sevennet("7net-l3i5"), ["sevenn", "torch"], False),
    "sevennet-0": (lambda: sevennet("7net-0"), ["sevenn", "torch"], False),
    "chgnet": (chgnet, ["chgnet", "torch"], False),
    "gpaw": (gpaw, ["gpaw", "gpaw-data"], True),
}


class Leave(SystemExit):
    """Ends the program; no `except Exception` stops it."""

    def __init__(self, code, message):
        super().__init__(code)
        self.message = message


def one_line(error):
    return " ".join(f"{type(error).__name__}: {error}".split())[:500]


def parsed(spec):
    """What MODULE:CALLABLE or MODULE:CALLABLE(key=value, ...) makes, and its package."""
    match = re.fullmatch(r"(.+?):([A-Za-z_]\w*)\s*(\(.*\))?", spec, re.DOTALL)
    if not match:
        raise Leave(64, f"'{spec}' is neither {', '.join(NAMED)} nor MODULE:CALLABLE")
    source, name, call = match.groups()
    try:
        call = ast.parse("f" + (call or "()"), mode="eval").body
        one = isinstance(call, ast.Call) and isinstance(call.func, ast.Name)
        if not one or call.args or None in [k.arg for k in call.keywords]:
            raise ValueError("only key=value, ... may stand between the parentheses")
        arguments = {k.arg: ast.literal_eval(k.value) for k in call.keywords}
    except (ValueError, SyntaxError) as error:
        raise Leave(64, f"'{spec}': {one_line(error)}") from None
    if source.endswith(".py"):
        if not os.path.isfile(source):
            raise Leave(64, f"there is no file {source}")
        # What lies beside the file can be imported from it, as if it had been started as a script.
        sys.path.insert(0, os.path.dirname(os.path.abspath(source)))
        found = importlib.util.spec_from_file_location("user_calculator", source)
        module = sys.modules["user_calculator"] = importlib.util.module_from_spec(found)
        found.loader.exec_module(module)
    else:
        module = importlib.import_module(source)
    if not callable(getattr(module, name, None)):
        raise Leave(64, f"{source} has no callable {name}")
    packages = [] if source.endswith(".py") else [source.split(".")[0]]
    return lambda: getattr(module, name)(**arguments), packages, False


class Calculator:
    """A calculator and the atoms that it is for."""

    def __init__(self, spec):
        self.spec, self.atoms = spec, None
        self.used = False  # the calculator may still hold other atoms
        packages = NAMED[spec][1] if spec in NAMED else []
        try:
            self.make, packages, self.renew = NAMED[spec] if spec in NAMED else parsed(spec)
            self.calc = self.make()
        except ImportError as error:
            missing = (error.name or spec.split(":")[0]).split(".")[0]
            raise Leave(69, f"{spec} needs a package that is not here ({error}): {sys.executable}"
                        f" -m pip install {packages[0] if packages else missing}") from None
        except Exception as error:
            raise Leave(70, f"{spec} cannot be made: {one_line(error)}") from None
        if not hasattr(self.calc, "get_property"):
            raise Leave(64, f"{spec} gives a {type(self.calc).__name__}, no ASE calculator")
        versions = {"python": sys.version.split()[0]}
        for package in ["ase", "numpy", *packages]:
            try:
                versions[package] = importlib.metadata.version(package)
            except importlib.metadata.PackageNotFoundError:
                pass
        self.about = {"calculator": spec, "versions": versions}

    def take(self, text):
        """Takes the atoms of INIT; the same ones again change nothing."""
        try:
            content = json.loads(text)
            numbers, pbc = content["numbers"], content["pbc"]
            if not numbers or not all(type(z) is int and 0 < z < 119 for z in numbers):
                raise ValueError("numbers are atomic numbers")
            if len(pbc) != 3 or not all(type(p) is bool for p in pbc):
                raise ValueError("pbc are three booleans")
        except (ValueError, KeyError, TypeError) as error:
            raise Leave(65, f"INIT has {bytes(text[:200])!r} ({one_line(error)}), expected"
                        ' {"numbers": [3, 17], "pbc": [true, true, true]}') from None
        if self.atoms:
            if self.atoms.numbers.tolist() == numbers and self.atoms.pbc.tolist() == pbc:
                return
            self.used = True
            if self.renew:
                self.calc = None
        self.atoms = ase.Atoms(numbers=numbers, pbc=pbc)

    def evaluate(self, cell, positions):
        """Energy, forces, virial in eV and Å, and what to say about them."""
        self.atoms.set_cell(cell)
        self.atoms.set_positions(positions)
        try:
            try:
                result = self.properties()
            except Exception:
                # Some calculators cannot go from one set of atoms to another; a new one can.
                if not self.used or self.calc is None:
                    raise
                self.calc = None
                result = self.properties()
            self.used = False
        except Exception as error:
            # What failed may have left the calculator in any state.
            self.calc = None
            print(f"ase_client: {self.spec}: {one_line(error)}", file=sys.stderr, flush=True)
            result = (float("nan"), np.zeros((len(self.atoms), 3)), np.zeros((3, 3)),
                      {"error": one_line(error)})
        energy, forces, virial, more = result
        return energy, forces, virial, {**self.about, **more}

    def properties(self):
        if self.calc is None:
            self.calc = self.make()
        more = {}
        # Stress first: a calculator that does no more than it is asked for then does all at once.
        stress = self.optional("stress") if self.atoms.cell.rank == 3 else None
        if stress is None:
            virial = np.zeros((3, 3))
            more["stress"] = False
        else:
            if np.shape(stress) == (6,):
                xx, yy, zz, yz, xz, xy = stress
                stress = [[xx, xy, xz], [xy, yy, yz], [xz, yz, zz]]
            virial = -self.atoms.get_volume() * np.reshape(stress, (3, 3))
        forces = np.array(self.calc.get_property("forces", self.atoms), dtype=float)
        energy = self.optional("free_energy")
        more["energy"] = "energy" if energy is None else "free_energy"
        energy = float(self.calc.get_property("energy", self.atoms) if energy is None else energy)
        if forces.shape != (len(self.atoms), 3):
            raise ValueError(f"forces of shape {forces.shape} for {len(self.atoms)} atoms")
        for what, value in ("energy", energy), ("force", forces), ("stress", virial):
            if not np.isfinite(value).all():
                raise FloatingPointError(f"a value of {what} that is no finite number")
        energies = self.optional("energies", allow_calculation=False)
        if energies is not None:
            energies = np.array(energies, dtype=float).ravel()
            # Networks count in single precision, so their sum is not the last digit's.
            if len(energies) == len(forces) and abs(energies.sum() - energy) < 1e-5 * len(forces):
                more["energies"] = energies.tolist()
        return energy, forces, virial, more

    def optional(self, name, **options):
        """A property; None if the calculator does not have it."""
        try:
            return self.calc.get_property(name, self.atoms, **options)
        except NotImplementedError:  # ASE's PropertyNotImplementedError is one
            return None


def connect(where):
    """A connection to unix:/a/path, unix:NAME (/tmp/ipi_NAME), HOST:PORT or [::1]:PORT."""
    host, _, port = where.rpartition(":")
    if not where.startswith("unix:") and not (host and port.isdigit()):
        raise Leave(64, f"'{where}' is neither unix:/a/path nor HOST:PORT")
    path = where[5:] if "/" in where else "/tmp/ipi_" + where[5:]
    end = time.monotonic() + CONNECT_FOR
    while True:
        try:
            if where.startswith("unix:"):
                sock = socket.socket(socket.AF_UNIX)
                sock.connect(path)
            else:
                sock = socket.create_connection((host.strip("[]"), int(port)))
                # Else a message waits for the receipt of the one before, 40 ms long.
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return sock
        except OSError as error:
            if time.monotonic() > end:
                raise Leave(69, f"nobody answers at {where}: {error}") from None
            time.sleep(0.1)


def read(sock, count, opening=False):
    """Exactly so many bytes; None if the other side has left before the first of a message."""
    data = bytearray()
    while len(data) < count:
        part = sock.recv(count - len(data))
        if not part:
            if opening and not data:
                return None
            raise Leave(69, "the server left in the middle of a message")
        data += part
    return data


def integer(sock):
    return struct.unpack("<i", read(sock, 4))[0]


def vectors(sock, count):
    values = np.frombuffer(read(sock, 24 * count), dtype="<f8").reshape(count, 3)
    if not np.isfinite(values).all():
        raise Leave(65, "POSDATA has a number that is not finite")
    return values * BOHR


def answer(energy, forces, virial, extra):
    """FORCEREADY and all that follows it."""
    text = json.dumps(extra, allow_nan=False).encode()
    return b"".join([
        b"FORCEREADY  ", struct.pack("<di", energy / HARTREE, len(forces)),
        (forces * (BOHR / HARTREE)).astype("<f8").tobytes(),
        (virial.T / HARTREE).astype("<f8").tobytes(),
        struct.pack("<i", len(text)), text])


def serve(sock, calculator):
    """Answers until the server leaves."""
    waiting = None  # what GETFORCE fetches
    while True:
        header = read(sock, 12, opening=True)
        if header is None or header == b"EXIT        ":
            return
        if header == b"STATUS      ":
            sock.sendall(b"HAVEDATA    " if waiting else
                         b"READY       " if calculator.atoms else b"NEEDINIT    ")
        elif header == b"INIT        " and not waiting:
            integer(sock)  # which replica comes next
            length = integer(sock)
            if not 0 <= length <= LONGEST_TEXT:
                raise Leave(65, f"INIT with a text of {length} bytes")
            calculator.take(read(sock, length))
        elif header == b"POSDATA     " and calculator.atoms and not waiting:
            cell = vectors(sock, 3).T
            read(sock, 72)  # the cell's inverse: programs differ in whether it is transposed
            count = integer(sock)
            if count != len(calculator.atoms):
                raise Leave(65, f"POSDATA of {count} atoms, INIT of {len(calculator.atoms)}")
            waiting = answer(*calculator.evaluate(cell, vectors(sock, count)))
        elif header == b"GETFORCE    " and waiting:
            sock.sendall(waiting)
            waiting = None
        else:
            state = "while forces wait" if waiting else (
                "while no forces wait" if calculator.atoms else "before INIT")
            raise Leave(65, f"received {bytes(header)!r} {state}")


class Parser(argparse.ArgumentParser):
    def error(self, message):
        raise Leave(64, f"{message}\n{self.format_usage()}")


def main():
    global np, ase
    parser = Parser(description="An ASE calculator as a client of the i-PI protocol.")
    parser.add_argument("--socket", required=True, metavar="unix:/a/path|HOST:PORT")
    parser.add_argument(
        "--calculator", required=True, metavar="SPEC",
        help=", ".join(NAMED) + ", MODULE:CALLABLE or FILE.py:CALLABLE, (key=value, ...) after it")
    parser.add_argument("--threads", type=int, metavar="N")
    options = parser.parse_args()
    if options.threads is not None:
        if options.threads < 1:
            parser.error("--threads is 1 or more")
        # Libraries read these when they are loaded, which is why numpy is imported only below.
        for name in "OMP", "OPENBLAS", "MKL":
            os.environ[f"{name}_NUM_THREADS"] = str(options.threads)
    # Calculators print, some from C; standard output is not theirs.
    os.dup2(2, 1)
    try:
        import numpy as np
        import ase
    except ImportError as error:
        raise Leave(69, f"{error}: {sys.executable} -m pip install ase numpy") from None
    # Made before there is a connection, so that an exit code can tell what is wrong with it.
    calculator = Calculator(options.calculator)
    with connect(options.socket) as sock:
        try:
            serve(sock, calculator)
        except OSError as error:
            raise Leave(69, f"the connection was lost: {error}") from None


def stop(*_):
    raise Leave(75, "stopped")


if __name__ == "__main__":
    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    try:
        main()
    except Leave as end:
        print(f"ase_client: {end.message}", file=sys.stderr, flush=True)
        raise
