#!/usr/bin/env python3
"""What dynamics said of several terminations: python3 kinetics.py PLAN STUDY [STUDY ...]

Reads the results of `interphase study run STUDY` and prints, as Markdown, what survived in the end by
termination and seed, by layer, how far P and Li spread, and what the phases' shares are.
"""

import csv
import json
import pathlib
import statistics
import sys


def load(path):
    return json.loads(pathlib.Path(path).read_text())


def mean(values):
    """Mean and standard error over seeds."""
    error = statistics.stdev(values) / len(values) ** 0.5 if len(values) > 1 else float("nan")
    return f"{statistics.mean(values):.1f} ± {error:.1f}"


def row(cells):
    print("| " + " | ".join(str(c) for c in cells) + " |")


def head(cells):
    row(cells)
    row(["---"] * len(cells))


def at(bonds, time_ps, what="intactFraction"):
    """What is nearest to a time from the start, the last if that is later."""
    times = bonds["times_ps"]
    return bonds[what][min(range(len(times)), key=lambda k: abs(times[k] - time_ps))]


def per_area(runs, times):
    print("\n### Broken P-S bonds per nm²\n")
    head(["electrolyte", "ends in"] + [f"at {t} ps" for t in times] + ["all that there are"])
    for contact, a in runs:
        lost = [mean([at(b, t, "brokenBonds_per_nm2") for b in a["bonds"]["PS4"]]) for t in times]
        row([a["name"], contact["terminations"][1]] + lost
            + [f"{contact['clusterBonds']['PS4'] / contact['area_A2'] * 100:.1f}"])


def grades(folder):
    """The highest extrapolation grade of any seed, and the share of its frames above 1."""
    found = []
    for file in sorted(folder.glob("seed-*/thermo.csv")):
        with open(file) as lines:
            found += [float(r["grade_max"]) for r in csv.DictReader(lines) if r.get("grade_max")]
    if not found:
        return "-"
    return f"{max(found):.2f}; {100 * sum(g > 1 for g in found) / len(found):.1f}"


def verdicts(plan, studies):
    print("\n### Verdicts\n")
    head(["electrolyte", "ends in", "verdict", "compared at, ps", "PS4 lost per nm² (95 %)",
          "layers spent, each seed", "has stopped, %", "goes on, %", "loses least of the four, %",
          "loses less than the reference, %"])
    for study in studies:
        ranking = load(study / "results" / plan / "report" / "verdict.json")["ranking"]
        for r in ranking["rows"]:
            contact = load(study / "results" / "contact" / r["name"] / "contact.json")
            evidence, lost = r["verdict"]["evidence"], r["lost_per_nm2"]
            less = r["losesLessThan"].get(ranking["reference"])
            row([r["name"], contact["terminations"][1], r["verdict"]["outcome"],
                 f"{ranking['time_ps']:.0f}", f"{lost[0]:.1f} ({lost[1]:.1f} to {lost[2]:.1f})",
                 " ".join(str(k) for k in evidence.get("front", {}).get("spentLayers", [])),
                 f"{100 * evidence['hasStopped']:.0f}", f"{100 * evidence['goesOn']:.0f}",
                 f"{100 * r['isLeast']:.0f}",
                 "reference" if less is None else f"{100 * less:.0f}"])


def main():
    plan, studies = sys.argv[1], [pathlib.Path(s) for s in sys.argv[2:]]
    runs = []
    for study in studies:
        for folder in sorted((study / "results" / plan / "analysis").iterdir()):
            contact = load(study / "results" / "contact" / folder.name / "contact.json")
            contact["study"] = study
            runs.append((contact, load(folder / "analysis.json")))
    runs.sort(key=lambda r: r[0]["electrolyte"])

    print("\n### The contacts\n")
    head(["electrolyte", "plane", "ends in", "metal", "atoms", "area, Å²", "PS4 layers", "PS4",
          "strain, %", "mismatch stress, GPa"])
    for c, _ in runs:
        row([c["electrolyte"], c["electrolyteMiller"], c["terminations"][1], c["metalMiller"],
             c["atoms"], f"{c['area_A2']:.0f}", c["polyanionLayers"], c["formulaUnits"],
             f"{100 * c['vonMisesStrain']:.2f}", f"{c['mismatchStress_GPa']:.3f}"])

    print("\n### What survived\n")
    times = (25, 100, 220)
    head(["electrolyte", "ends in", "PS4 layers"] + [f"P-S intact at {t} ps, %" for t in times]
         + ["each seed in the end", "anions lost", "highest grade; frames above 1, %"])
    for contact, a in runs:
        ps4 = a["bonds"]["PS4"]
        others = [b for name, b in a["bonds"].items() if name != "PS4"]
        lost = (f"{sum(b['referenceClusters'] - b['clustersWhole'][-1] for b in others[0])} of "
                f"{sum(b['referenceClusters'] for b in others[0])}") if others else "-"
        row([a["name"], contact["terminations"][1], contact["polyanionLayers"]]
            + [mean([100 * at(b, t) for b in ps4]) for t in times]
            + [" ".join(f"{100 * at(b, 1e9):.1f}" for b in ps4), lost,
               grades(contact["study"] / "results" / plan / "dynamics" / a["name"])])

    per_area(runs, times)
    verdicts(plan, studies)

    print("\n### P-S bonds intact by layer, %, mean over seeds, from the contact outwards\n")
    most = max(len(a["bonds"]["PS4"][0]["layers"]) for _, a in runs)
    head(["electrolyte", "ends in"] + [str(k + 1) for k in range(most)])
    for contact, a in runs:
        layers = [b["layers"] for b in a["bonds"]["PS4"]]
        cells = []
        for k in range(most):
            values = [l[k]["intactFraction"][-1] for l in layers if k < len(l)]
            cells.append(f"{100 * statistics.mean(values):.0f}" if values else "")
        row([a["name"], contact["terminations"][1]] + cells)

    print("\n### Spread along the normal: growth of sigma(z) from the start to the end, Å\n")
    head(["electrolyte", "ends in", "P", "Li"])
    for contact, a in runs:
        cells = []
        for species in ("P", "Li"):
            change = [s["sigma_A"][-1] - s["sigma_A"][0] for s in a["spreads"][species]]
            error = statistics.stdev(change) / len(change) ** 0.5 if len(change) > 1 else 0
            cells.append(f"{statistics.mean(change):+.2f} ± {error:.2f}")
        row([a["name"], contact["terminations"][1]] + cells)

    print("\n### Phases around P and around the anion's centre, share of centres, %\n")
    head(["electrolyte", "ends in", "centre", "shares (95 % interval)", "misfit, %"])
    for contact, a in runs:
        for m in a["mixtures"]:
            x = m["mixture"]
            parts = [f"{p['name']} {100 * p['share']:.0f} ({100 * p['low']:.0f} to "
                     f"{100 * p['high']:.0f})" for p in x["phases"] + [x["unassigned"]]]
            row([a["name"], contact["terminations"][1], m["center"], ", ".join(parts),
                 f"{100 * x['misfit']:.0f}"])


main()
