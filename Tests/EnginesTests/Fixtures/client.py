"""A client of the i-PI protocol that behaves, or misbehaves in one way:
client.py MODE PATH-OF-SOCKET NUMBER-OF-ATOMS-OF-A-FIXED-CLIENT [MARK]

Energy: the sum of all coordinates in Bohr, in hartree; so every force is -1 hartree/Bohr.
"""

import json
import os
import socket
import struct
import sys
import time

mode, path, atoms = sys.argv[1], sys.argv[2], int(sys.argv[3])
mark = sys.argv[4] if len(sys.argv) > 4 else ""

print(f"this is {mode}", flush=True)
if mode == "leaves":
    print("no licence was found", flush=True)
    sys.exit(3)
if mode == "lacks":
    print("ase_client: chgnet needs a package that is not here", flush=True)
    sys.exit(69)
if mode == "sleeps":
    time.sleep(60)
sock = socket.socket(socket.AF_UNIX)
sock.connect(path)
if mark:
    with open(mark, "a") as file:
        file.write(f"{os.getpid()}\n")
first = not mark or len(open(mark).readlines()) == 1


def read(count):
    data = b""
    while len(data) < count:
        part = sock.recv(count - len(data))
        if not part:
            sys.exit(0)
        data += part
    return data


def header(text):
    sock.sendall(text.encode().ljust(12))


known = atoms > 0
answer = None
while True:
    message = read(12).decode().strip()
    if message == "EXIT":
        sys.exit(0)
    elif message == "STATUS":
        if mode == "garbage":
            sock.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            time.sleep(60)
        header("HAVEDATA" if answer else "READY" if known else "NEEDINIT")
    elif message == "INIT":
        length = struct.unpack("<ii", read(8))[1]
        atoms = len(json.loads(read(length))["numbers"])
        known = True
    elif message == "POSDATA":
        read(144)
        count = struct.unpack("<i", read(4))[0]
        values = struct.unpack(f"<{3 * count}d", read(24 * count))
        if mode == "hangs" or mode == "hangs-once" and first:
            time.sleep(60)
        if mode == "dies" or mode == "dies-once" and first:
            print("out of memory", flush=True)
            os._exit(9)
        energy, extra = sum(values), b""
        if mode == "nan":
            energy = float("nan")
        if mode == "fails":
            energy, extra = float("nan"), b'{"error": "SCF: no convergence"}'
        if mode == "counts":
            count += 1
        virial = [0.0] * 9 if mode == "stressless" else [3.0, 0, 0, 0, 2.0, 0, 0, 0, 1.0]
        answer = (b"FORCEREADY  " + struct.pack("<di", energy, count)
                  + struct.pack(f"<{3 * count}d", *([-1.0] * 3 * count))
                  + struct.pack("<9d", *virial) + struct.pack("<i", len(extra)) + extra)
    elif message == "GETFORCE":
        if mode == "breaks" or mode == "breaks-once" and first:
            sock.sendall(answer[:50])
            os._exit(0)
        sock.sendall(answer)
        answer = None
