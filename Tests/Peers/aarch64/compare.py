"""Holds what kernel_bits printed here and on aarch64 against each other: compare.py HERE THERE."""
import statistics
import struct
import sys

# Of the median force (energy, ...) of the run, which no single close pair decides. Single precision
# has 6e-8, and sums over some hundred neighbours and neurons lose one or two digits of that.
LIMIT = 1e-5


def runs(path):
    found = {}
    for line in open(path):
        words = line.split()
        if words[0] == "run":
            numbers = found.setdefault((words[1], words[2]), {})
        else:
            numbers.setdefault(words[0], []).extend(
                struct.unpack(">d", bytes.fromhex(word))[0] for word in words[2:])
    return found


def deviation(a, b):
    """The largest difference, of the median number; what is no number equals nothing."""
    if len(a) != len(b) or not all(x - x == 0 for x in a + b):
        return float("inf")
    scale = statistics.median(map(abs, a))
    return max(abs(x - y) for x, y in zip(a, b)) / scale if scale > 0 else float("inf")


def main(here_path, there_path):
    here, there = runs(here_path), runs(there_path)
    neon = {shape: run for (shape, kernel), run in there.items() if kernel == "NEON"}
    if not neon or {shape for shape, _ in here} != set(neon):
        return "the runs are not the same, or none is of the NEON kernel"
    worst = 0
    heads = "".join(f"{head:>10}" for head in ("energy", "force", "virial", "grade"))
    print(f"{'model':14}{'against':10}{heads}  net force")
    for (shape, kernel), run in sorted(here.items()):
        other = neon[shape]
        if run["input"] != other["input"]:
            return f"{shape}: the inputs differ"
        deviations = [deviation(run[k], other[k]) for k in ("energy", "force", "virial", "grade")]
        # Forces are multiples of 2^-32 eV/Å: they cancel to the last bit.
        net = max(abs(sum(other["force"][x::3])) for x in range(3))
        worst = max(worst, *deviations, 0 if net == 0 else float("inf"))
        print(f"{shape:14}{kernel:10}" + "".join(f"{d:10.1e}" for d in deviations) + f"{net:11.1e}  "
              f"(median force {statistics.median(map(abs, run['force'])):.3g} eV/Å)")
    return None if worst <= LIMIT else f"the largest deviation, {worst:.1e}, is above {LIMIT:.0e}"


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
