"""Writes small files in the form of VASP's vasprun.xml, and what pymatgen reads from them.

The numbers are made up (seeded); no calculation and no file of others is behind them.

    pip install pymatgen==2026.10.24
    python generate_vasprun.py
"""

import json
import random
import warnings
from pathlib import Path

import pymatgen.io.vasp.outputs as outputs
from importlib.metadata import version

HERE = Path(__file__).parent
warnings.simplefilter("ignore")

PARAMETERS = {
    "LHFCALC": "F", "AEXX": 0.0, "HFSCREEN": 0.0, "LUSE_VDW": "F", "LDAU": "F", "GGA": "PE",
    "ENMAX": 520.0, "NELM": 60, "EDIFF": 1e-5, "EDIFFG": -0.02, "NSW": 99, "IBRION": 2,
    "ISPIN": 1,
}


def item(name, value, indent):
    kind = {str: "string", int: "int"}.get(type(value))
    if value in ("T", "F"):
        kind = "logical"
    kind = f'type="{kind}" ' if kind else ""
    if isinstance(value, list):
        return f'{indent}<v name="{name}"> ' + " ".join(f"{v:14.8f}" for v in value) + "</v>"
    text = f"{value:16.8f}" if isinstance(value, float) else f" {value} "
    return f'{indent}<i {kind}name="{name}">{text}</i>'


def vectors(name, rows, indent):
    lines = [f'{indent}<varray name="{name}" >']
    lines += [indent + " <v> " + " ".join(f"{x:16.8f}" for x in row) + " </v>" for row in rows]
    return lines + [f"{indent}</varray>"]


def structure(cell, positions, name=None, selective=None):
    lines = ["  <structure" + (f' name="{name}" >' if name else ">"), "   <crystal>"]
    lines += vectors("basis", cell, "    ")
    lines += ['    <i name="volume">      1.00000000 </i>', "   </crystal>"]
    lines += vectors("positions", positions, "   ")
    if selective:
        lines.append('   <varray type="logical" name="selective" >')
        lines += [f"    <v type=\"logical\" > {' '.join(row)} </v>" for row in selective]
        lines.append("   </varray>")
    return lines + ["  </structure>"]


def energies(free, entropy, indent, full=False, swapped=False):
    zero = free - entropy / 2
    without = free - entropy
    pairs = [("e_fr_energy", free), ("e_wo_entrp", without), ("e_0_energy", zero)]
    if swapped:
        pairs = [("e_fr_energy", free), ("e_wo_entrp", zero), ("e_0_energy", without)]
    if full:
        pairs = [("alphaZ", 11.5), ("ewald", -202.25), ("eentropy", entropy)] + pairs
    return [f"{indent}<energy>"] + [
        f'{indent} <i name="{name}">{value:16.8f} </i>' for name, value in pairs
    ] + [f"{indent}</energy>"]


def eigenvalues(bands, spins):
    """bands[spin][k] = list of (energy, occupation)."""
    lines = ["   <eigenvalues>", "    <array>", '     <dimension dim="1">band</dimension>',
             "     <field>eigene</field>", "     <field>occ</field>", "     <set>"]
    for spin in range(spins):
        lines.append(f'      <set comment="spin {spin + 1}">')
        for k, rows in enumerate(bands[spin]):
            lines.append(f'       <set comment="kpoint {k + 1}">')
            lines += [f"        <r> {e:10.4f} {o:10.4f} </r>" for e, o in rows]
            lines.append("       </set>")
        lines.append("      </set>")
    return lines + ["     </set>", "    </array>", "   </eigenvalues>"]


def run(name, atoms, titles, steps=3, nelectronic=7, entropy=-0.004, incar=(), parameters=(),
        gap=2.5, swapped=False, selective=None, forces=0.01, seed=1):
    random.seed(seed)
    incar, parameters = dict(incar), PARAMETERS | dict(parameters)
    kinds = list(dict.fromkeys(atoms))
    spins = parameters["ISPIN"]
    cell = [[5.0, 0, 0], [0.1, 5.2, 0], [0, 0.3, 5.4]]
    positions = [[random.random() for _ in range(3)] for _ in atoms]
    while any(sum(min(abs(a - b), 1 - abs(a - b)) ** 2 for a, b in zip(p, q)) < 0.05
              for i, p in enumerate(positions) for q in positions[:i]):
        positions = [[random.random() for _ in range(3)] for _ in atoms]
    out = ['<?xml version="1.0" encoding="ISO-8859-1"?>', "<modeling>", " <generator>",
           '  <i name="program" type="string">vasp </i>',
           '  <i name="version" type="string">6.4.2  </i>', " </generator>", " <incar>"]
    out += [item(k, v, "  ") for k, v in incar.items()]
    out += [" </incar>", " <kpoints>", *vectors("kpointlist", [[0, 0, 0], [0.5, 0, 0]], "  "),
            '  <varray name="weights" >', "   <v> 0.5 </v>", "   <v> 0.5 </v>", "  </varray>",
            " </kpoints>",
            " <parameters>", '  <separator name="electronic" >']
    out += [item(k, v, "   ") for k, v in parameters.items()]
    # VASP repeats names here with values that do not count.
    out += ['   <separator name="response functions" >', item("NELM", 1, "    "),
            "   </separator>", "  </separator>", " </parameters>", " <atominfo>",
            f"  <atoms> {len(atoms):7d} </atoms>", f"  <types> {len(kinds):7d} </types>",
            '  <array name="atoms" >', '   <dimension dim="1">ion</dimension>',
            '   <field type="string">element</field>', '   <field type="int">atomtype</field>',
            "   <set>"]
    out += [f"    <rc><c>{s:2s}</c><c>{kinds.index(s) + 1:4d}</c></rc>" for s in atoms]
    out += ["   </set>", "  </array>", '  <array name="atomtypes" >',
            '   <dimension dim="1">type</dimension>', '   <field type="int">atomspertype</field>',
            "   <set>"]
    out += [f"    <rc><c>{atoms.count(s):4d}</c><c>{s:2s}</c><c> 1.0</c><c> 1.0</c>"
            f"<c>  {t:38s}</c></rc>" for s, t in zip(kinds, titles)]
    out += ["   </set>", "  </array>", " </atominfo>",
            *structure(cell, positions, "initialpos", selective)]
    for step in range(steps):
        free = -4.1 * len(atoms) - 0.3 * step / (step + 1) - 0.05 * random.random()
        out.append(" <calculation>")
        for electronic in range(nelectronic):
            excess = 3.0 * 0.1 ** electronic
            out.append("  <scstep>")
            out.append('   <time name="total">    1.50    1.50</time>')
            out += energies(free + excess, entropy, "   ", full=electronic in (0, nelectronic - 1))
            out.append("  </scstep>")
        positions = [[x + 0.001 * random.random() for x in p] for p in positions]
        cell = [[1.001 * x for x in row] for row in cell]
        out += structure(cell, positions)
        scale = forces * 3.0 ** (steps - 1 - step)
        out += vectors("forces", [[scale * random.uniform(-0.5, 0.5) for _ in range(3)]
                                  for _ in atoms], "  ")
        out += vectors("stress", [[1.0, 0, 0], [0, 1.0, 0], [0, 0, 1.0]], "  ")
        out += energies(free, entropy, "  ", swapped=swapped)
        if step == steps - 1 and gap is not None:
            bands = [[[(-3.0 + 0.1 * k, 1.0), (0.2 * k - 0.05 * s, 1.0), (0.2 + gap - 0.1 * k, 0.0),
                       (6.0, 0.0)] for k in range(2)] for s in range(spins)]
            out += eigenvalues(bands, spins)
        out += ["  <dos>", '   <i name="efermi">      1.00000000 </i>', "  </dos>"]
        out.append(" </calculation>")
    out += structure(cell, positions, "finalpos") + ["</modeling>", ""]
    (HERE / f"{name}.xml").write_text("\n".join(out))


LI2S = (["Li", "Li", "S"], ["PAW_PBE Li_sv 10Sep2004", "PAW_PBE S 06Sep2000"])
run("relaxation", *LI2S)
run("static", *LI2S, steps=1, parameters={"NSW": 0, "IBRION": -1, "GGA": "--"}, seed=2)
run("swapped", *LI2S, entropy=-0.02, swapped=True, gap=None, seed=3)
run("hybrid", *LI2S, steps=1, seed=4,
    parameters={"NSW": 0, "IBRION": -1, "LHFCALC": "T", "AEXX": 0.25, "HFSCREEN": 0.2})
run("hubbard", ["Li", "Co", "O", "O"],
    ["PAW_PBE Li_sv 10Sep2004", "PAW_PBE Co 02Aug2007", "PAW_PBE O 08Apr2002"], seed=5,
    incar={"LDAU": "T", "LDAUU": [0.0, 3.32, 0.0], "LDAUJ": [0.0, 0.0, 0.0]},
    parameters={"LDAU": "T", "ISPIN": 2})
run("metal", ["Li", "Li"], LI2S[1][:1], gap=-0.4, seed=6, parameters={"GGA": "PS"})
run("r2scan", *LI2S, seed=7, incar={"METAGGA": "R2SCAN", "IVDW": 12})
run("unrelaxed", *LI2S, seed=8, parameters={"NSW": 3}, forces=0.5)
run("unconverged", *LI2S, seed=9, parameters={"NELM": 7})
run("selective", *LI2S, seed=10, forces=0.3, selective=[list("FFF")] * 3)
run("dynamics", *LI2S, seed=11, parameters={"IBRION": 0, "NSW": 3})

SHOWN = ["relaxation", "static", "swapped", "hybrid", "hubbard", "metal", "r2scan", "unrelaxed",
         "unconverged", "selective", "dynamics"]
result = {}
for name in SHOWN:
    vasprun = outputs.Vasprun(HERE / f"{name}.xml", parse_dos=False, parse_potcar_file=False)
    has_bands = vasprun.eigenvalues is not None
    result[name] = {
        "energy_eV": float(vasprun.final_energy),
        "formula": vasprun.ionic_steps[-1]["structure"].composition.reduced_formula,
        "composition": {str(e): n for e, n in vasprun.final_structure.composition.items()},
        "functional": vasprun.run_type,
        "bandGap_eV": float(vasprun.eigenvalue_band_properties[0]) if has_bands else None,
        "electronic": bool(vasprun.converged_electronic),
        "ionic": bool(vasprun.converged_ionic),
        "ionicSteps": vasprun.nionic_steps,
        "volume_A3": vasprun.ionic_steps[-1]["structure"].volume,
        "positions": vasprun.ionic_steps[-1]["structure"].frac_coords.tolist(),
        "version": vasprun.vasp_version,
        "titles": vasprun.potcar_symbols,
        "hubbard": {k: v for k, v in vasprun.hubbards.items()},
    }
(HERE / "pymatgen.json").write_text(
    json.dumps({"pymatgen": version("pymatgen"), "runs": result}, indent=1) + "\n")
for name, values in result.items():
    print(name, values["energy_eV"], values["functional"], values["bandGap_eV"],
          values["electronic"], values["ionic"])
