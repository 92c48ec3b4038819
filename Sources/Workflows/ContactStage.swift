import Atomistics
import Dynamics
import FileFormats
import Foundation
import Interfaces
import Potentials

extension StudyRun {
  /// The contact of least mismatch stress within the limits, built from the crystals as the potential relaxes
  /// them, its atoms relaxed.
  func contactStage(_ electrolyte: StudyConfiguration.Electrolyte) throws -> Stage {
    let metal = study.configuration.metal
    let files = [
      "electrolyte": study.results("bulk", electrolyte.name)
        .appendingPathComponent("relaxed.extxyz"),
      "metal": study.results("bulk", metal.name).appendingPathComponent("relaxed.extxyz"),
    ]
    let settings = contactSettings
    return try Stage(
      "contact \(electrolyte.name)", in: study.results("contact", electrolyte.name), revision: 2,
      settings: settings,
      inputs: hashes(of: files).merging(["potential": potentialHash]) { a, _ in a },
      outputs: ["contact.json", "contact.extxyz", "as-built.extxyz", "as-built.POSCAR"]
    ) { directory in
      let film = try StructureFile.read(files["electrolyte"]!.path)
      let bulk = try StructureFile.read(files["metal"]!.path)
      let candidates = try CoherentInterface.candidates(
        electrolyte: film, metal: bulk, settings: settings)
      let stress = try MismatchStress(bulk: bulk, calculator: calculator())
      let contact = CoherentInterface(try stress.least(candidates), settings: settings)
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
          stress: stress.largest(contact.strainedMetal), candidates: candidates.count),
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
    let clusters = Cluster.present(in: contact.structure)
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

/// The stress that a contact's strain puts on bulk metal: in the plane, its normal kept as it was,
/// less the stress that the relaxed crystal still has.
public struct MismatchStress {
  private let calculator: any Calculator
  private let residue: Double

  /// - Parameter bulk: the relaxed metal; cubic, so that what stress it still has is isotropic.
  public init(bulk: Structure, calculator: any Calculator) throws {
    let rest = try calculator.evaluate(bulk).stress
    self.calculator = calculator
    residue = (rest[0].x + rest[1].y + rest[2].z) / 3
  }

  /// The larger principal value in the plane in eV/Å³: a component would depend on where the axes
  /// of the contact's cell happen to point.
  public func largest(_ strainedMetal: Structure) throws -> Double {
    let stress = try calculator.evaluate(strainedMetal).stress
    let mean = (stress[0].x + stress[1].y) / 2 - residue
    let half = (stress[0].x - stress[1].y) / 2
    return abs(mean) + (half * half + stress[0].y * stress[0].y).squareRoot()
  }

  /// The candidate under the least stress; the metal is anisotropic, so that it is not always the
  /// one of least strain. Of equal ones the first.
  func least(_ candidates: [ContactCandidate]) throws -> ContactCandidate {
    let stresses = try candidates.map { try largest($0.strainedMetal) }
    // Stresses that differ by less than 20 Pa, the rounding of a sum, are equal.
    let least = (stresses.min() ?? 0) + 1e-10
    return zip(candidates, stresses).first { $0.1 <= least * (1 + 1e-6) }?.0 ?? candidates[0]
  }
}
