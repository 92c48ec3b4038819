import Atomistics
import Potentials

/// A crystal by the potential and by the reference.
struct CrystalComparison: Sendable {
  let crystal: ValidatedCrystal
  let potential: CrystalProperties
  let reference: CrystalProperties
  let bonds: [BondComparison]
  let motion: MotionComparison?
  /// Why there is no motion; nil where there is, or none was wanted.
  let motionTrouble: String?

  /// That of the cell's three edges by which the two differ most, the potential's over the reference's
  /// less one; nil where one of them did not come to rest.
  var edgeDifference: Double? {
    guard let found = potential.relaxed?.lattice, let wanted = reference.relaxed?.lattice else {
      return nil
    }
    return (0..<3).map { found.lengths[$0] / wanted.lengths[$0] - 1 }.max { abs($0) < abs($1) }
  }

  /// - Parameters:
  ///   - mostAtoms: elastic constants and phonons of no larger cells.
  ///   - motion: nil for none.
  ///   - progress: called with what is under way; what it throws ends the work.
  init(
    _ crystal: ValidatedCrystal, potential: any Calculator, reference: any Calculator,
    mostAtoms: Int, motion settings: MotionSettings?, progress: (String) throws -> Void
  ) throws {
    self.crystal = crystal
    self.reference = try CrystalProperties(
      of: crystal.structure, by: reference, relaxation: CrystalProperties.relaxation,
      mostAtoms: mostAtoms
    ) { try progress("\(crystal.name) by the reference: \($0)") }
    // From the minimum of the reference, for of several the two would choose by chance.
    self.potential = try CrystalProperties(
      of: self.reference.relaxed ?? crystal.structure, by: potential,
      relaxation: CrystalProperties.tightRelaxation, mostAtoms: mostAtoms
    ) { try progress("\(crystal.name): \($0)") }
    bonds =
      try self.reference.relaxed.map {
        try BondComparison.all(
          in: $0, of: crystal.name, potential: potential, reference: reference
        ) { try progress("\(crystal.name): \($0)") }
      } ?? []
    guard let settings, let start = self.reference.relaxed else {
      (motion, motionTrouble) = (nil, nil)
      return
    }
    do {
      motion = try MotionComparison(
        start, potential: potential, reference: reference, settings: settings
      ) { try progress("\(crystal.name): \($0)") }
      motionTrouble = nil
    } catch let ended as MotionEnded {
      (motion, motionTrouble) = (nil, "motion by the \(ended.reason)")
    }
  }
}
