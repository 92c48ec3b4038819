import Atomistics
import Foundation
import Report

extension ReportWriter {
  /// The contacts as they start (Figs 2a, 3a, 4a; Table S1).
  func contactSection() throws -> Section {
    let limits = configuration.contact
    var blocks: [Block] = [
      .paragraph(
        """
        One coherent contact of each electrolyte with \(formula: configuration.metal.name), both \
        relaxed with \(configuration.potential) first. Limits as in the paper: area up to \
        \(trimmed(limits.maximumArea)) Å², lengths within \(trimmed(limits.lengthMismatch * 100)) %, \
        angle within \(trimmed(limits.angleMismatch * 100)) %, gap \
        \(trimmed(limits.gapFraction * 100)) % of the van der Waals sum of the closest pair \
        (Alvarez's radii), at least \(trimmed(limits.metalPerFormulaUnit)) metal atoms per formula \
        unit. Of these the one under the least mismatch stress was run. The metal takes the strain; no cluster is cut; the electrolyte is turned, not \
        mirrored.
        """),
      .table(contactTable()),
    ]
    for (electrolyte, (contact, structure)) in zip(
      electrolytes, zip(results.contacts, results.structures))
    {
      blocks.append(
        try figures.draw(
          .scene(Scene(contact: structure, planes: contact.contactPlanes_A)),
          "contact-\(electrolyte.name)",
          caption: """
            The contact of \(name(electrolyte)) \(contact.electrolyteMiller) with lithium \
            \(contact.metalMiller) before dynamics: \(contact.atoms) atoms, \
            \(contact.metalAtoms) of them metal.
            """))
    }
    return Section("Contacts", blocks: blocks)
  }

  private func contactTable() -> Table {
    Table(
      caption: "The contacts that were run.",
      header: [
        "electrolyte", "planes", "area (Å²)", "lengths, angle off by (%)", "von Mises strain (%)",
        "mismatch stress (GPa)",
        "closest pair (Å)", "termination", "atoms", "Li per f.u.", "PS₄ layers",
      ],
      rows: zip(electrolytes, results.contacts).map { electrolyte, contact in
        [
          name(electrolyte),
          RichText(
            plain: "\(contact.electrolyteMiller) \(contact.metalMiller)"
              .replacing(" ", with: "\u{00A0}")),
          RichText(plain: shown(contact.area_A2, 1)),
          RichText(
            plain: "\(rounded(contact.lengthMismatch * 100, 2)), "
              + rounded(contact.angleMismatch * 100, 2)),
          RichText(plain: shown(contact.vonMisesStrain * 100, 2)),
          RichText(plain: shown(contact.mismatchStress_GPa, 2)),
          RichText(
            plain: "\(contact.closestPair) \(rounded(contact.closestDistance_A, 2))"),
          RichText(plain: contact.terminations.joined(separator: " | ")),
          RichText(plain: "\(contact.atoms)"),
          RichText(plain: shown(Double(contact.metalAtoms) / contact.formulaUnits, 1)),
          RichText(plain: "\(contact.polyanionLayers)"),
        ]
      },
      notes: [stressNote(), candidatesNote()]
        + zip(electrolytes, results.contacts).compactMap { electrolyte, contact in
          contact.relaxation.converged
            ? nil
            : """
            \(name(electrolyte)): the relaxation before dynamics stopped after \
            \(contact.relaxation.steps) steps with a largest force of \
            \(rounded(contact.relaxation.largestForce_eV_per_A, 3)) eV/Å; the dynamics goes on from \
            there.
            """
        })
  }

  private func candidatesNote() -> RichText {
    let counts = zip(electrolytes, results.contacts).map { "\($1.candidates) of \($0.formula)" }
    return prose("Chosen from all contacts within the limits: \(counts.joined(separator: ", ")).")
  }

  /// Says which contacts keep the paper's limit of stress.
  private func stressNote() -> RichText {
    let limit = paper.interface.maximumStress_GPa
    let over = zip(electrolytes, results.contacts).filter { $1.mismatchStress_GPa > limit }
    guard !over.isEmpty else {
      return "All keep the paper's mismatch stress of less than \(trimmed(limit)) GPa."
    }
    return prose(
      """
      Mismatch stress: the larger principal in-plane stress of lithium strained like the slab, from its elastic constants, the normal free. The \
      paper keeps it under \(trimmed(limit)) GPa; \
      \(over.map { $0.0.formula }.joined(separator: ", ")) \
      \(over.count == 1 ? "does" : "do") not.
      """)
  }
}
