"""A small i-PI server for tests: it sends atoms to one client and returns what comes back."""

import json
import os
import socket
import struct
import subprocess
import tempfile
import time

import numpy as np

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
CLIENT = os.path.join(ROOT, "Sources", "Engines", "Clients", "ase_client.py")
BOHR = 0.529177210903
HARTREE = 27.211386245988


class Gone(Exception):
    """The client closed the connection."""


class Server:
    def __init__(self, tcp=False, path=None):
        if tcp:
            self.listener = socket.create_server(("127.0.0.1", 0))
            self.port = self.listener.getsockname()[1]
            self.where = f"127.0.0.1:{self.port}"
        else:
            self.path = path or os.path.join(tempfile.mkdtemp(), "socket")
            if os.path.exists(self.path):
                os.remove(self.path)
            self.listener = socket.socket(socket.AF_UNIX)
            self.listener.bind(self.path)
            self.listener.listen(1)
            self.where = "unix:" + self.path
        self.states = []  # every answer to STATUS

    def accept(self, timeout=120, client=None):
        """Waits for the client; a client (process) that ends before it comes is an error."""
        self.listener.settimeout(0.2)
        end = time.monotonic() + timeout
        while True:
            try:
                self.sock, _ = self.listener.accept()
                break
            except TimeoutError:
                if time.monotonic() > end or client is not None and client.poll() is not None:
                    raise Gone("the client never came") from None
        self.sock.settimeout(1800)
        if self.sock.family == socket.AF_INET:
            self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return self

    def read(self, count):
        data = b""
        while len(data) < count:
            try:
                part = self.sock.recv(count - len(data))
            except ConnectionResetError:
                part = b""
            if not part:
                raise Gone(f"after {data!r}")
            data += part
        return data

    def send(self, header, content=b""):
        self.sock.sendall(header.encode().ljust(12) + content)

    def status(self):
        self.send("STATUS")
        state = self.read(12).decode().strip()
        self.states.append(state)
        return state

    def init(self, atoms=None, text=None, replica=0):
        if text is None:
            text = json.dumps(
                {"numbers": atoms.numbers.tolist(), "pbc": atoms.pbc.tolist()}).encode()
        self.send("INIT", struct.pack("<ii", replica, len(text)) + text)

    def positions(self, atoms, inverse=True):
        cell = atoms.cell.array.T / BOHR
        inverse = np.linalg.inv(cell) if np.linalg.det(cell) else np.zeros((3, 3))
        self.send("POSDATA", cell.astype("<f8").tobytes() + inverse.astype("<f8").tobytes()
                  + struct.pack("<i", len(atoms)) + (atoms.positions / BOHR).astype("<f8").tobytes())

    def forces(self):
        self.send("GETFORCE")
        header = self.read(12)
        assert header == b"FORCEREADY  ", header
        energy, count = struct.unpack("<di", self.read(12))
        forces = np.frombuffer(self.read(24 * count)).reshape(count, 3) * (HARTREE / BOHR)
        virial = np.frombuffer(self.read(72)).reshape(3, 3).T * HARTREE
        extra = self.read(struct.unpack("<i", self.read(4))[0])
        return energy * HARTREE, forces, virial, extra

    def evaluate(self, atoms, poll=True):
        """Energy, forces, stress, extra; with `poll` it asks for the status as ASE does."""
        self.positions(atoms)
        if poll:
            while self.status() != "HAVEDATA":
                time.sleep(0.01)
        energy, forces, virial, extra = self.forces()
        volume = abs(np.linalg.det(atoms.cell.array))
        return energy, forces, -virial / volume if volume else virial, extra

    def exit(self):
        self.send("EXIT")

    def close(self):
        self.sock.close()
        self.listener.close()


def launch(python, spec, where, *more, **options):
    return subprocess.Popen([python, CLIENT, "--socket", where, "--calculator", spec, *more],
                            **options)
