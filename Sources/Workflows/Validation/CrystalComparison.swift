import Atomistics
import Potentials

/// A crystal by the potential and by the reference.
struct CrystalComparison: Sendable {
  let crystal: ValidatedCrystal
  let potential: CrystalProperties
  let reference: CrystalProperties
  let bonds: [BondComparison]

  /// - Parameters:
  ///   - mostAtoms: elastic constants and phonons of no larger cells.
  ///   - progress: called with what is under way; what it throws ends the work.
  init(
    _ crystal: ValidatedCrystal, potential: any Calculator, reference: any Calculator,
    mostAtoms: Int, progress: (String) throws -> Void
  ) throws {
    self.crystal = crystal
    self.potential = try CrystalProperties(
      of: crystal.structure, by: potential, mostAtoms: mostAtoms
    ) { try progress("\(crystal.name): \($0)") }
    self.reference = try CrystalProperties(
      of: crystal.structure, by: reference, mostAtoms: mostAtoms
    ) { try progress("\(crystal.name) by the reference: \($0)") }
    bonds =
      try self.reference.relaxed.map {
        try BondComparison.all(
          in: $0, of: crystal.name, potential: potential, reference: reference
        ) { try progress("\(crystal.name): \($0)") }
      } ?? []
  }
}
