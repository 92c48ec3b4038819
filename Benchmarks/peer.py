"""What pymatgen says of a system, and a judge for where it is ambiguous."""

import warnings

import numpy as np
from pymatgen.analysis.interface_reactions import (
    GrandPotentialInterfacialReactivity,
    InterfacialReactivity,
)
from pymatgen.analysis.phase_diagram import GrandPotentialPhaseDiagram, PDEntry, PhaseDiagram
from pymatgen.core import Composition, Element
from scipy.optimize import linprog

warnings.filterwarnings("ignore")


def entries_of(system):
    """The system's entries as pymatgen's, in order."""
    return [PDEntry(Composition(e.amounts), e.energy) for e in system.entries]


def profile(diagram, ion, target):
    """[(voltage from which it holds, uptake)] as pymatgen lists it, ascending in voltage."""
    ion = Element(ion)
    reference = diagram.el_refs[ion].energy_per_atom
    steps = diagram.get_element_profile(ion, Composition(target))
    return [(float(reference - s["chempot"]), float(s["evolution"])) for s in steps]


def merged(steps, width):
    """Steps without those that are narrower than `width` volts.

    pymatgen follows the line from the ion to the host and lists every point where the equilibrium
    changes. Where equilibria are not unique (phases that lie exactly on a flat piece of the hull) some
    changes happen at one voltage, and the profile lists that voltage several times with falling
    uptake. Above the voltage only the last one holds; the others are no steps.
    """
    kept = []
    for step in steps:
        if kept and step[0] - kept[-1][0] < width:
            kept[-1] = (kept[-1][0], step[1])
        else:
            kept.append(step)
    # Nor is there a step where the uptake does not change.
    result = []
    for step in kept:
        if not result or abs(step[1] - result[-1][1]) > 1e-7:
            result.append(step)
    return result


def hosts(first, second, ion):
    """The shares of the atoms of two phases that are not open."""
    shares = []
    for formula in (first, second):
        composition = Composition(formula)
        shares.append(1 - composition.get_atomic_fraction(Element(ion)))
    return shares


def bends(kinks, hosts=(1, 1)):
    """Kinks without those between which the energy is a straight line; both ends are kept.

    The energy per atom that is not open is straight in the fraction of these atoms; `hosts` are their
    shares of the two phases. Where equilibria are not unique the products on the mixing line change with the choice of the
    equilibrium, but the energy does not bend there.
    """
    def host(x):
        return x * hosts[0] / (x * hosts[0] + (1 - x) * hosts[1])

    kept = sorted(kinks)
    index = 1
    while index < len(kept) - 1:
        (x0, e0), (x1, e1), (x2, e2) = [(host(x), e) for x, e in kept[index - 1 : index + 2]]
        straight = e0 + (e2 - e0) * (x1 - x0) / (x2 - x0)
        if abs(e1 - straight) < 1e-10:
            del kept[index]
        else:
            index += 1
    return kept


def closed_kinks(diagram, first, second):
    """[(atomic fraction of the first, eV/atom)] of the mixing line."""
    found = InterfacialReactivity(
        Composition(first), Composition(second), diagram, norm=True, use_hull_energy=False
    ).get_kinks()
    return sorted((float(k[1]), float(k[2])) for k in found)


def open_kinks(diagram, entries, ion, voltage, first, second):
    """[(atomic fraction of the first, eV per atom that is not open)] at a voltage of the ion; the
    reactants have their own energies. None where the two differ only in the open species."""
    ion = Element(ion)
    hosts = [Composition({e: n for e, n in Composition(f).items() if e != ion}) for f in (first, second)]
    if any(h.num_atoms == 0 for h in hosts) or hosts[0].reduced_formula == hosts[1].reduced_formula:
        return None
    potential = diagram.el_refs[ion].energy_per_atom - voltage
    opened = GrandPotentialPhaseDiagram(entries, {ion: potential})
    found = GrandPotentialInterfacialReactivity(
        Composition(first),
        Composition(second),
        opened,
        diagram,
        include_no_mixing_energy=True,
        norm=True,
        use_hull_energy=False,
    ).get_kinks()
    return sorted((float(k[1]), float(k[2])) for k in found)


class Judge:
    """The hull by HiGHS, which shares nothing with either program."""

    def __init__(self, system):
        self.elements = system.elements
        self.columns = np.array(
            [[e.amounts.get(x, 0) / e.atoms for x in system.elements] for e in system.entries]
        )
        self.energies = np.array([e.energy_per_atom for e in system.entries])
        self.keys = [e.key for e in system.entries]

    def hull(self, amounts, without=None):
        """The hull's energy at a composition in eV/atom, without the entries of one composition."""
        total = sum(amounts.values())
        b = [amounts.get(x, 0) / total for x in self.elements]
        use = [i for i, key in enumerate(self.keys) if key != without]
        found = linprog(
            self.energies[use],
            A_eq=self.columns[use].T,
            b_eq=b,
            method="highs-ds",
            options={"dual_feasibility_tolerance": 1e-10, "primal_feasibility_tolerance": 1e-10},
        )
        return found.fun if found.status == 0 else None

    def uptake(self, ion, target, voltage):
        """Atoms of the ion taken up per formula unit at a voltage."""
        others = [x for x in self.elements if x != ion]
        at = self.elements.index(ion)
        reference = min(e for e, k in zip(self.energies, self.keys) if k == ((ion, 1),))
        use = [i for i, key in enumerate(self.keys) if key != ((ion, 1),)]
        columns = np.delete(self.columns[use], at, axis=1)
        total = sum(n for x, n in target.items() if x != ion)
        found = linprog(
            self.energies[use] - (reference - voltage) * self.columns[use][:, at],
            A_eq=columns.T,
            b_eq=[target.get(x, 0) / total for x in others],
            method="highs-ds",
            options={"dual_feasibility_tolerance": 1e-10, "primal_feasibility_tolerance": 1e-10},
        )
        return float(found.x @ self.columns[use][:, at]) * total - target.get(ion, 0)
