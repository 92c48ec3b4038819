"""What the benches share: what is asked for and whether it was met, spreads, the machine."""

import json
import os
import platform
import statistics
import subprocess

missed = []


def bar(passed, text):
    """Says whether a bar is met and keeps what is missed."""
    print(f"  {'met' if passed else 'MISSED'}: {text}", flush=True)
    if not passed:
        missed.append(text)


def spread(values, digits=3):
    """Median (least to most)."""
    low, middle, high = (f"{f(values):.{digits}g}" for f in (min, statistics.median, max))
    return f"{middle} ({low} to {high})"


def processor():
    with open("/proc/cpuinfo") as lines:
        for line in lines:
            if line.startswith("model name"):
                return line.split(":")[1].strip()
    return platform.processor()


def machine():
    load = "%.1f %.1f" % os.getloadavg()[:2]
    print(f"{processor()}, {os.cpu_count()} cores, load {load}, Python {platform.python_version()}")


def asked(*command):
    """The JSON that a program prints."""
    command = [str(part) for part in command]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)} left with {done.returncode}: {done.stderr.strip()}")
    return json.loads(done.stdout)


def run(*command):
    """Runs a program that must succeed; what it says is told only if it does not."""
    command = [str(part) for part in command]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        said = (done.stderr or done.stdout).strip()
        raise RuntimeError(f"{' '.join(command)} left with {done.returncode}: {said}")
    return done.stdout
