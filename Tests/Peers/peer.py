"""What the checks share: our program, tolerances held, and the verdict."""

import json
import os
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
STRUCTURES = os.path.join(ROOT, "Data", "Structures")
INTERPHASE = os.path.abspath(sys.argv[1])
POTENTIAL = "nep89"

failures = []


def check(what, value, limit):
    """Prints a measured value beside its limit, and remembers if it is above."""
    holds = value <= limit
    print(f"  {'ok  ' if holds else 'FAIL'} {what:<58} {value:9.2e}  (limit {limit:.0e})")
    if not holds:
        failures.append(what)


def energy(path):
    """`interphase energy` of a file."""
    return json.loads(
        subprocess.check_output(
            [INTERPHASE, "energy", path, "--potential", POTENTIAL, "--threads", "1", "--json"]))


def serve(path, socket, *more):
    """`interphase serve` at work on a file; its summary is on its standard output."""
    return subprocess.Popen(
        [INTERPHASE, "serve", path, "--potential", POTENTIAL, "--threads", "1", "--socket", socket,
         "--wait", "30 s", "--timeout", "2 min", "--quiet", "--json", *more],
        stdout=subprocess.PIPE, text=True)


def summary(client):
    """What a client that has ended says; a failure if it ended badly."""
    output, _ = client.communicate(timeout=60)
    if client.returncode != 0:
        failures.append(f"the client left with {client.returncode}")
        return {}
    return json.loads(output)


def finish():
    if failures:
        print("failed: " + "; ".join(failures))
        sys.exit(1)
