"""nep.txt files: the model of a few of its species."""

from pathlib import Path


def keyword(lines, word):
    return next(line.split() for line in lines if line.startswith(word + " "))


def cut(source, species, target):
    """Writes the model of `species`, which are among those of the nep4 file `source`, to `target`.

    The file is a head of six or seven lines (model, zbl, cutoff, n_max, basis_size, l_max, ANN) and
    then one number a line:
    1. for each species a network: w0 (neurons x descriptors), b0 and w1 (neurons each); then one bias;
    2. coefficients c, the pair of species fastest: radial n and k, then angular n and k;
    3. a factor for each component of the descriptor.
    All numbers of the species that stay are kept as they are written, so that energies and forces of
    structures without the others are the same.
    """
    lines = Path(source).read_text().splitlines()
    first = lines[0].split()
    known = first[2:]
    head = 1 + next(n for n, line in enumerate(lines) if line.startswith("ANN "))
    numbers = [line.strip() for line in lines[head:] if line.strip()]
    zbl = keyword(lines[:head], "zbl") if "zbl" in first[0] else None
    if not first[0].startswith("nep4") or (zbl and float(zbl[2]) == 0):
        raise ValueError(f"{source}: only nep4 without flexible ZBL can be cut")
    if len(keyword(lines[:head], "cutoff")) > 5:
        raise ValueError(f"{source}: only models with one cut-off for all species can be cut")

    n_radial, n_angular = (int(x) + 1 for x in keyword(lines[:head], "n_max")[1:])
    k_radial, k_angular = (int(x) + 1 for x in keyword(lines[:head], "basis_size")[1:])
    l_max = [int(x) for x in keyword(lines[:head], "l_max")[1:]]
    neurons = int(keyword(lines[:head], "ANN")[1])
    blocks = l_max[0] + sum(1 for x in l_max[1:] if x > 0)
    descriptors = n_radial + n_angular * blocks
    per_network = neurons * (descriptors + 2)
    functions = n_radial * k_radial + n_angular * k_angular
    types = len(known)
    expected = types * per_network + 1 + functions * types**2 + descriptors
    if len(numbers) != expected:
        raise ValueError(f"{source}: {len(numbers)} numbers, expected {expected}")

    keep = [known.index(element) for element in species]
    kept = []
    for t in keep:
        kept += numbers[t * per_network : (t + 1) * per_network]
    bias = types * per_network
    kept.append(numbers[bias])
    for function in range(functions):
        pairs = numbers[bias + 1 + function * types**2 :][: types**2]
        kept += [pairs[i * types + j] for i in keep for j in keep]
    kept += numbers[expected - descriptors :]
    model = " ".join([first[0], str(len(species)), *species])
    Path(target).write_text("\n".join([model, *lines[1:head], *kept]) + "\n")
