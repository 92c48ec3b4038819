import Atomistics
import Dynamics
import FileFormats
import Foundation
import Interfaces
import Potentials

extension StudyRun {
  /// The contact of least mismatch stress within the limits, of the kind of termination asked for,
  /// built from the crystals as the potential relaxes them, its atoms relaxed.
  func contactStage(_ electrolyte: StudyConfiguration.Electrolyte) throws -> Stage {
    let metal = study.configuration.metal
    let files = [
      "electrolyte": study.results("bulk", electrolyte.name)
        .appendingPathComponent("relaxed.extxyz"),
      "metal": study.results("bulk", metal.name).appendingPathComponent("relaxed.extxyz"),
    ]
    let (settings, termination) = (contactSettings, study.configuration.contact.termination)
    return try Stage(
      "contact \(electrolyte.name)", in: study.results("contact", electrolyte.name), revision: 4,
      settings: ContactChoice(limits: settings, termination: termination),
      inputs: hashes(of: files).merging(["potential": potentialHash]) { a, _ in a }
        .merging(clusterInput) { a, _ in a },
      outputs: ["contact.json", "contact.extxyz", "as-built.extxyz", "as-built.POSCAR"]
    ) { directory in
      let film = try StructureFile.read(files["electrolyte"]!.path)
      let bulk = try StructureFile.read(files["metal"]!.path)
      let candidates = try CoherentInterface.candidates(
        electrolyte: CleavableCrystal(film, clusters: study.configuration.clusters),
        metal: CleavableCrystal(bulk), settings: settings)
      let stress = try ContactStress(metal: bulk, calculator: calculator())
      let chosen = try stress.least(candidates, ofKind: termination)
      let contact = CoherentInterface(chosen, settings: settings)
      for name in ["as-built.extxyz", "as-built.POSCAR"] {
        try StructureFile.write(
          contact.structure, to: directory.appendingPathComponent(name).path)
      }
      let relaxed = try relax(contact.structure, by: .ofContacts, in: directory)
      try StructureFile.write(
        relaxed.structure, to: directory.appendingPathComponent("contact.extxyz").path)
      try writeJSON(
        contactResult(
          electrolyte, contact, relaxed: relaxed,
          stress: stress.largest(chosen), candidates: candidates.count),
        to: directory, "contact.json")
    }
  }

  private var contactSettings: ContactSettings {
    let limits = study.configuration.contact
    var settings = ContactSettings()
    settings.maximumArea = limits.maximumArea
    settings.lengthMismatch = limits.lengthMismatch
    settings.angleMismatch = limits.angleMismatch
    settings.maximumIndex = limits.maximumIndex
    settings.gapFraction = limits.gapFraction
    settings.vacuum = limits.vacuum
    settings.metalPerFormulaUnit = limits.metalPerFormulaUnit
    settings.minimumThickness = limits.minimumThickness
    settings.maximumAtoms = limits.maximumAtoms
    return settings
  }

  private func contactResult(
    _ electrolyte: StudyConfiguration.Electrolyte, _ contact: CoherentInterface,
    relaxed: RelaxationResult, stress: Double, candidates: Int
  ) throws -> ContactResult {
    let clusters = Cluster.present(
      in: contact.structure, of: study.configuration.clusters)
    func bonds(_ structure: Structure) -> [String: Int] {
      Dictionary(uniqueKeysWithValues: clusters.map { ($0.name, $0.bonds(in: structure).count) })
    }
    let start = try calculator().evaluate(contact.structure).energy
    return ContactResult(
      electrolyte: electrolyte.name, electrolyteMiller: contact.electrolyteMiller.description,
      metalMiller: contact.metalMiller.description, terminations: contact.terminations,
      area_A2: contact.match.area, vonMisesStrain: contact.match.vonMisesStrain,
      strain: [contact.match.strain.x, contact.match.strain.y, contact.match.strain.z],
      lengthMismatch: contact.match.lengthMismatch, angleMismatch: contact.match.angleMismatch,
      mismatchStress_GPa: stress * Units.gigapascal,
      gap_A: contact.gap,
      closestPair: "\(contact.closestPair.metal)-\(contact.closestPair.electrolyte)",
      closestDistance_A: contact.closestPair.distance,
      requiredDistance_A: contact.closestPair.required,
      vacuum_A: study.configuration.contact.vacuum, contactPlanes_A: contact.contactPlanes,
      atoms: contact.structure.count, metalAtoms: contact.metalAtoms,
      formulaUnits: contact.formulaUnits, polyanionLayers: contact.polyanionLayers,
      clusters: clusters.map(\.name), clusterBonds: bonds(contact.structure),
      candidates: candidates,
      relaxation: ContactResult.Relaxed(
        steps: relaxed.steps, converged: relaxed.converged,
        largestForce_eV_per_A: relaxed.largestForce, energyChange_eV: relaxed.energy - start,
        clusterBonds: bonds(relaxed.structure)))
  }
}

/// What decides which contact is run.
private struct ContactChoice: Encodable {
  let limits: ContactSettings
  let termination: Int
}
