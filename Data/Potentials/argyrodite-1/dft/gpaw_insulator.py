from gpaw import GPAW, PW


def make():
    """PBE, plane waves of 520 eV, k-points 0.5 1/Å apart: for insulators."""
    return GPAW(
        mode=PW(520), xc="PBE", txt="-", occupations={"name": "fermi-dirac", "width": 0.05},
        kpts={"density": 2.0, "gamma": True}, symmetry={"point_group": False},
        convergence={"energy": 1e-5, "forces": 1e-3})
