"""Random systems of phases, made to be awkward.

A system is a list of formulas with energies. The same seed gives the same systems on every machine:
only `random.Random.random()` is used, whose sequence Python promises to keep.

Classes of systems:

generic     energies scattered above a smooth convex surface, as in a real table of phases
coplanar    most energies exactly on a surface of flat pieces: phases on the hull that are no vertices
            of it, and equilibria that are not unique
collinear   compositions on a few lines, with sums of two phases at the sum of their energies
duplicates  few compositions, each with many polymorphs, multiples of the formula unit and exact copies
positive    most energies above those of the elements, in some systems all of them
largest     2,000 entries with up to 6 elements, 200 with 7 and 8

Half of the systems are on the scale of formation energies, with the elements at 0; the others are on
that of total energies.
"""

import math
import random
from dataclasses import dataclass, field
from functools import reduce

ELEMENTS = ["Li", "Na", "P", "S", "Cl", "Ge", "Si", "I"]
CLASSES = ["generic", "coplanar", "collinear", "duplicates", "positive"]


@dataclass
class Entry:
    amounts: dict  # atoms of each element per formula unit, whole numbers
    energy: float  # eV per formula unit

    @property
    def atoms(self):
        return sum(self.amounts.values())

    @property
    def formula(self):
        return "".join(e + (str(n) if n > 1 else "") for e, n in self.amounts.items())

    @property
    def energy_per_atom(self):
        return self.energy / self.atoms

    @property
    def key(self):
        """The composition, whatever the size of the formula unit."""
        divisor = reduce(math.gcd, self.amounts.values())
        return tuple(sorted((e, n // divisor) for e, n in self.amounts.items()))


@dataclass
class System:
    index: int
    kind: str
    elements: list
    total: bool  # total energies, else energies of formation
    entries: list = field(default_factory=list)
    ion: str = ""  # the working ion of the uptake profile
    target: dict = field(default_factory=dict)  # the composition of the uptake profile
    pair: tuple = ()  # the two phases of the reactivity
    voltage: float = 0.0  # of the open reactivity

    @property
    def target_formula(self):
        return "".join(e + (str(n) if n > 1 else "") for e, n in self.target.items())

    def csv(self):
        column = "energy_eV_per_atom" if self.total else "formation_energy_eV_per_atom"
        rows = [f"{e.formula},{e.energy_per_atom!r}" for e in self.entries]
        return "\n".join([f"formula,{column}"] + rows) + "\n"


class Dice:
    def __init__(self, seed):
        self.random = random.Random(seed).random

    def whole(self, low, high):
        """A whole number, both ends included."""
        return low + int(self.random() * (high - low + 1))

    def pick(self, items):
        return items[int(self.random() * len(items))]

    def some(self, items, count):
        """`count` different items in the order of `items`."""
        keyed = sorted((self.random(), i) for i in range(len(items)))
        return [items[i] for _, i in sorted((i, i) for _, i in keyed[:count])]

    def exponential(self, scale):
        return -scale * math.log(1 - self.random())


def amounts(dice, elements, most):
    """A compound: mostly of two to four elements, small numbers more likely than large ones."""
    weights = [2, 4, 3, 2, 1, 1, 1][: len(elements) - 1]
    at, count = dice.random() * sum(weights), 2
    for w in weights:
        if at < w:
            break
        at, count = at - w, count + 1
    chosen = dice.some(elements, min(count, len(elements)))
    # Integers by rounding half up, so that no system depends on how a library rounds.
    return {e: 1 + int((most - 1) * dice.random() ** 2 + 0.5) for e in chosen}


def smooth_surface(dice, elements):
    """Energy per atom: entropy-like and hence convex, and pair terms that bend it."""
    depth = 0.5 + dice.random()
    pairs = {
        (a, b): 1.5 * (dice.random() - 0.7)
        for i, a in enumerate(elements)
        for b in elements[i + 1 :]
    }

    def energy(n):
        total = sum(n.values())
        x = {e: v / total for e, v in n.items()}
        return depth * sum(v * math.log(v) for v in x.values()) + sum(
            w * x[a] * x[b] for (a, b), w in pairs.items() if a in x and b in x
        )

    return energy


def flat_surface(dice, elements):
    """Energy per formula unit: the highest of a few planes, in sixteenths of an eV, so that sums of
    them are exact."""
    planes = [{e: -dice.whole(0, 40) / 16 for e in elements} for _ in range(2 + len(elements))]
    for e in elements:
        dice.pick(planes)[e] = 0.0

    def energy(n):
        return max(sum(plane[e] * v for e, v in n.items()) for plane in planes)

    return energy


def combination(elements, *terms):
    """The sum of some entries, each taken a whole number of times, at the sum of their energies."""
    n = {e: sum(m * x.amounts.get(e, 0) for m, x in terms) for e in elements}
    return Entry({e: v for e, v in n.items() if v > 0}, sum(m * x.energy for m, x in terms))


def scattered(dice, elements, count, most, scatter):
    """Above a smooth surface, some of them above their elements."""
    surface = smooth_surface(dice, elements)
    for _ in range(count):
        n = amounts(dice, elements, most)
        energy = sum(n.values()) * (surface(n) + dice.exponential(scatter))
        yield Entry(n, abs(energy) if dice.random() < 0.08 else energy)


def on_flat_pieces(dice, elements, count, most):
    surface = flat_surface(dice, elements)
    for _ in range(count):
        n = amounts(dice, elements, most)
        yield Entry(n, surface(n) + (0 if dice.random() < 0.6 else dice.whole(1, 64) / 16))


def on_lines(dice, elements, count, most):
    """A few compounds, and sums of two of them: at the sum of the energies, above, or rarely below.
    All energies in 256ths of an eV, so that the sums are exact."""
    surface = smooth_surface(dice, elements)
    ends = [Entry({e: 1}, 0.0) for e in elements]
    for made in range(count):
        if made < 2 + len(elements):
            n = amounts(dice, elements, 3)
            found = Entry(n, round(sum(n.values()) * surface(n) * 256) / 256)
            ends.append(found)
        else:
            terms = [(dice.whole(1, most), dice.pick(ends)), (dice.whole(0, most), dice.pick(ends))]
            found, at = combination(elements, *terms), dice.random()
            if at > 0.5:
                found.energy += dice.whole(1, 256) / 256 * (-0.1 if at > 0.97 else 1)
        yield found


def with_twins(dice, elements, count, most, scatter):
    """Polymorphs, multiples of the formula unit and exact copies of few compounds."""
    made = []
    for entry in scattered(dice, elements, count, most, scatter):
        if made and dice.random() < 0.75:
            twin, m = dice.pick(made), dice.whole(1, 4)
            shift = 0.0 if dice.random() < 0.4 else twin.atoms * 0.1 * (dice.random() - 0.2)
            entry = Entry({e: v * m for e, v in twin.amounts.items()}, (twin.energy + shift) * m)
            if entry.atoms > 400:
                entry = Entry(dict(twin.amounts), twin.energy)
        made.append(entry)
        yield entry


def above_elements(dice, elements, count, most, deepest):
    for _ in range(count):
        n = amounts(dice, elements, most)
        yield Entry(n, sum(n.values()) * (dice.random() * 0.8 - deepest))


def compounds(dice, kind, elements, count, most, scatter):
    """The entries that are not elements, with energies of formation."""
    if kind == "coplanar":
        return list(on_flat_pieces(dice, elements, count, most))
    if kind == "collinear":
        return list(on_lines(dice, elements, count, most))
    if kind == "duplicates":
        return list(with_twins(dice, elements, count, most, scatter))
    if kind == "positive":
        return list(above_elements(dice, elements, count, most, 0 if dice.random() < 0.3 else 0.05))
    return list(scattered(dice, elements, count, most, scatter))


def size(dice, dimension):
    """10 to 2,000 entries up to six elements, 10 to 200 beyond, evenly on a logarithmic scale."""
    return round(10 * (LARGEST[dimension] / 10) ** dice.random())


LARGEST = {2: 2000, 3: 2000, 4: 2000, 5: 2000, 6: 2000, 7: 200, 8: 200}


def make_system(seed, index, largest=False, elements=None, count=None, kind=None, scatter=None):
    """System number `index` of a seed; every one of 300 can be made on its own."""
    dice = Dice(f"interphase {seed} {index}")
    dimension = 2 + index % 7 if elements is None else len(elements)
    elements = dice.some(ELEMENTS, dimension) if elements is None else elements
    kind = kind or ("largest" if largest else CLASSES[(index // 7) % len(CLASSES)])
    count = count or (LARGEST[dimension] if largest else size(dice, dimension))
    if scatter is None:
        scatter = 0.15 + 0.5 * dice.random()
        if kind == "largest":
            scatter = 0.3 * dimension
    most = max(6, min(60, count // 8 if dimension == 2 else 12))
    made = [Entry({e: 1}, 0.0) for e in elements]
    for e in elements:  # polymorphs of some elements
        if dice.random() < 0.3:
            m = dice.whole(1, 8)
            made.append(Entry({e: m}, m * dice.exponential(0.1)))
    made += compounds(dice, kind, elements, max(1, count - len(made)), most, scatter)
    order = sorted((dice.random(), i) for i in range(len(made)))
    system = System(index, kind, elements, total=dice.random() < 0.5)
    reference = {e: -dice.whole(16, 160) / 16 if system.total else 0.0 for e in elements}
    for _, i in order:
        shift = sum(n * reference[e] for e, n in made[i].amounts.items())
        system.entries.append(Entry(made[i].amounts, made[i].energy + shift))
    choose_questions(dice, system, made)
    return system


def difference(a, b):
    """How many elements only one of two phases has, times how many they have together."""
    a, b = set(a.amounts), set(b.amounts)
    return len(a ^ b) * len(a | b)


def choose_questions(dice, system, made):
    """A working ion and a composition for the profile, two phases for the reactivity."""
    system.ion = dice.pick(system.elements)
    hosts = [e for e in system.elements if e != system.ion]
    kept = hosts if dice.random() < 0.7 else dice.some(hosts, dice.whole(1, len(hosts)))
    system.target = {e: dice.whole(1, 6) for e in kept}
    if dice.random() < 0.75:
        system.target = {system.ion: dice.whole(1, 8), **system.target}
    # pymatgen knows no energy of a phase above its elements and takes the hull's: leave those out.
    usable = [e for e in made if e.energy < -1e-6 or (e.energy == 0 and len(e.amounts) == 1)]
    draws = 12 if dice.random() < 0.8 else 1
    pairs = [(dice.pick(usable), dice.pick(usable)) for _ in range(draws)]
    while all(a.key == b.key for a, b in pairs):
        pairs.append((dice.pick(usable), dice.pick(usable)))
    # Mostly two phases with few elements in common: their mixing line crosses many equilibria.
    first, second = max(pairs, key=lambda p: (p[0].key != p[1].key, difference(*p)))
    system.pair = (first.formula, second.formula)
    system.voltage = 3 * dice.random()


def systems(count, seed):
    """The systems of a run; one in ten is of the largest size."""
    for index in range(count):
        yield make_system(seed, index, largest=index % 10 == 9)


def table_of_phases(seed, elements, count, scatter):
    """A large table for timing, scattered above a smooth surface."""
    return make_system(seed, 0, elements=elements, count=count, kind="generic", scatter=scatter)
