"""Twenty structures on which NEP implementations are compared, for any list of species.

Small cells, triclinic and left-handed ones, slabs, wires, isolated molecules, close contacts.
"""

import numpy as np
from ase import Atoms
from ase.build import bulk


def scatter(rng, cell, symbols, distance):
    """Atoms at random places no nearer than `distance` to one another or to their images."""
    cell = np.array(cell, float)
    shifts = np.array([[i, j, k] for i in (-1, 0, 1) for j in (-1, 0, 1) for k in (-1, 0, 1)])
    shifts = shifts @ cell
    placed = []
    tries = 0
    while len(placed) < len(symbols):
        tries += 1
        if tries > 20000:
            raise RuntimeError("no room")
        r = rng.random(3) @ cell
        if all(np.linalg.norm(r - p + shifts, axis=1).min() > distance for p in placed):
            placed.append(r)
    return Atoms(symbols, positions=placed, cell=cell, pbc=True)


def twenty(species, seed):
    """The structures as (name, Atoms); `pbc` says which directions repeat for certain."""
    rng = np.random.default_rng(seed)

    def pick(n):
        return [species[k] for k in rng.integers(0, len(species), n)]

    def cycle(n):
        return [species[k % len(species)] for k in range(n)]

    def cell(a, b, c, alpha, beta, gamma):
        return Atoms("H", cell=[a, b, c, alpha, beta, gamma]).cell.array

    def rattled(atoms, size=0.15):
        atoms.positions += rng.normal(0, size, atoms.positions.shape)
        return atoms

    out = []

    def add(name, atoms):
        out.append((name, atoms))

    add("one atom, bcc primitive cell", bulk(species[0], "bcc", a=3.3))
    add("one atom, skewed cell", Atoms(species[-1:], cell=[[2.9, 0.2, 0], [1.1, 3.1, 0.3], [-0.8, 0.9, 3.0]], pbc=True))
    two = cycle(2)
    hexagonal = Atoms(two, scaled_positions=[[1 / 3, 2 / 3, 0.25], [2 / 3, 1 / 3, 0.75]],
                      cell=[3.1, 3.1, 5.0, 90, 90, 120], pbc=True)
    add("two atoms, hexagonal", rattled(hexagonal, 0.05))
    salt = bulk("NaCl", "rocksalt", a=5.2, cubic=True)
    salt.symbols = [species[0] if s == "Na" else species[-1] for s in salt.symbols]
    add("rock salt, rattled", rattled(salt))
    vacancy = salt.repeat((2, 1, 1))
    del vacancy[5]
    vacancy.symbols = pick(len(vacancy))
    add("rock salt supercell with a vacancy", rattled(vacancy, 0.1))
    add("triclinic, 12 atoms", scatter(rng, cell(6.1, 6.9, 7.7, 75, 98, 112), cycle(12), 1.8))
    add("monoclinic, 20 atoms", scatter(rng, cell(8.2, 7.1, 9.3, 90, 104, 90), pick(20), 1.7))
    add("rhombohedral, sharp angles", scatter(rng, cell(7.5, 7.5, 7.5, 52, 52, 52), cycle(6), 1.8))
    add("triclinic, blunt angles", scatter(rng, cell(8.0, 8.5, 9.0, 111, 118, 109), cycle(9), 1.8))
    left = scatter(rng, [[0, 6.3, 0.4], [6.8, 0.3, 0], [0.5, -0.2, 7.1]], cycle(10), 1.8)
    add("left-handed cell", left)
    outside = scatter(rng, cell(7.0, 7.4, 8.1, 83, 95, 101), cycle(12), 1.8)
    outside.positions += rng.integers(-2, 3, (12, 3)) @ outside.cell.array
    add("atoms outside the cell", outside)
    add("needle", scatter(rng, [[3.2, 0, 0], [0.3, 3.4, 0], [0, 0.5, 24.0]], cycle(9), 1.7))
    slab = scatter(rng, cell(7.2, 6.6, 8.0, 90, 90, 97), cycle(16), 1.7)
    slab.set_cell(slab.cell.array * np.array([[1], [1], [3.5]]))
    slab.pbc = [True, True, False]
    add("slab", slab)
    thin = scatter(rng, cell(3.9, 4.2, 2.5, 90, 90, 81), cycle(2), 1.5)
    thin.set_cell(thin.cell.array * np.array([[1], [1], [12]]))
    thin.pbc = [True, True, False]
    add("thin sheet in a small cell", thin)
    box = np.eye(3) * 32.0
    add("isolated atom", Atoms(species[:1], positions=[[16, 16, 16]], cell=box))
    add("isolated pair", Atoms(cycle(2), positions=[[15, 16, 16], [16.4, 16.9, 15.2]], cell=box))
    direction = np.array([[1, 1, 1], [1, -1, -1], [-1, 1, -1], [-1, -1, 1]]) / 3 ** 0.5
    tetrahedron = np.vstack([[[0, 0, 0]], 1.6 * direction]) + 16
    add("isolated tetrahedron, perfect", Atoms([species[0]] + [species[-1]] * 4, positions=tetrahedron, cell=box))
    cluster = scatter(rng, np.eye(3) * 6.5, pick(12), 1.5)
    cluster.positions += 12
    cluster.set_cell(box)
    cluster.pbc = False
    add("isolated cluster", cluster)
    # Pairs from 0.63 Å on: where the repulsion acts, whole and half switched off.
    close = scatter(rng, cell(8.8, 9.1, 9.6, 90, 90, 90), cycle(8), 2.6)
    arms = []
    for k, reach in enumerate(np.linspace(0.63, 1.97, 8)):
        v = rng.normal(size=3)
        arms.append(close.positions[k] + reach * v / np.linalg.norm(v))
    close += Atoms(pick(8), positions=arms)
    add("close contacts", close)
    add("disordered, 40 atoms", scatter(rng, cell(9.1, 9.6, 10.2, 88, 93, 96), pick(40), 1.7))
    assert len(out) == 20
    return out
