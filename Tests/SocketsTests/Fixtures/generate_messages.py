#!/usr/bin/env python3
"""The bytes that ASE 3.29.0 puts on a socket, as messages.json, with the values behind them.

    pip install ase==3.29.0 && ./generate_messages.py > messages.json

ASE's units are taken from CODATA 2018, as ours are; by default it uses those of 2014.
"""

import json
import socket

import ase.calculators.socketio as socketio
import numpy as np
from ase.units import create_units

socketio.units = create_units("2018")

cell = np.array([[4.1, 0.0, 0.0], [0.7, 5.2, 0.0], [-0.4, 0.9, 6.3]])
positions = np.array([[0.1, -0.2, 0.3], [1.9, 2.2, -7.5], [12.5, 3.25, 3.0]])
forces = np.array([[0.5, -1.25, 2.0], [-3.5, 0.0, 0.75], [3.0, 1.25, -2.75]])
virial = np.array([[1.5, 0.25, -0.5], [0.125, -2.0, 0.75], [-0.625, 0.875, 3.0]])
energy = -123.456789


def sent(send):
    ours, theirs = socket.socketpair()
    send(socketio.IPIProtocol(ours))
    ours.close()
    data = b""
    while more := theirs.recv(65536):
        data += more
    return data.hex()


print(json.dumps({
    "cell": cell.tolist(),
    "positions": positions.tolist(),
    "energy": energy,
    "forces": forces.tolist(),
    "virial": virial.tolist(),
    "posdata": sent(lambda p: p.sendposdata(cell, np.linalg.pinv(cell).T, positions)),
    "forceready": sent(lambda p: p.sendforce(energy, forces, virial)),
    "initialize": sent(lambda p: p.sendinit()),
    "status": sent(lambda p: p.sendmsg("STATUS")),
}, indent=1))
