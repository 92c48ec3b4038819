#!/usr/bin/env python3
"""What dynamics said of several terminations: python3 kinetics.py PLAN STUDY [STUDY ...]

Reads the results of `interphase study run STUDY` and prints, as Markdown, what survived in the end by
termination and seed, by layer, how far P and Li spread, and what the phases' shares are.
"""

import json
import pathlib
import statistics
import sys


def load(path):
    return json.loads(pathlib.Path(path).read_text())


def mean(values):
    """Mean and standard error over seeds, in percent."""
    error = statistics.stdev(values) / len(values) ** 0.5 if len(values) > 1 else float("nan")
    return f"{100 * statistics.mean(values):.1f} ± {100 * error:.1f}"


def row(cells):
    print("| " + " | ".join(str(c) for c in cells) + " |")


def head(cells):
    row(cells)
    row(["---"] * len(cells))


def main():
    plan, studies = sys.argv[1], [pathlib.Path(s) for s in sys.argv[2:]]
    runs = []
    for study in studies:
        for folder in sorted((study / "results" / plan / "analysis").iterdir()):
            contact = load(study / "results" / "contact" / folder.name / "contact.json")
            runs.append((contact, load(folder / "analysis.json")))
    runs.sort(key=lambda r: r[0]["electrolyte"])

    print("\n### What survived\n")
    head(["electrolyte", "ends in", "atoms", "PS4 layers", "seeds", "P-S intact, %",
          "each seed", "broken P-S per nm²", "anion's bonds intact, %", "anions lost"])
    for contact, a in runs:
        ps4 = a["bonds"]["PS4"]
        others = [b for name, b in a["bonds"].items() if name != "PS4"]
        final = [b["intactFraction"][-1] for b in ps4]
        anion = mean([b["intactFraction"][-1] for b in others[0]]) if others else "-"
        lost = (f"{sum(b['referenceClusters'] - b['clustersWhole'][-1] for b in others[0])} of "
                f"{sum(b['referenceClusters'] for b in others[0])}") if others else "-"
        nm2 = [b["brokenBonds_per_nm2"][-1] for b in ps4]
        row([a["name"], contact["terminations"][1], contact["atoms"], contact["polyanionLayers"],
             len(final), mean(final), " ".join(f"{100 * f:.1f}" for f in final),
             f"{statistics.mean(nm2):.1f}", anion, lost])

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
