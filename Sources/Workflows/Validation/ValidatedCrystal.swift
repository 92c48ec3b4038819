import Atomistics

/// A crystal that two calculators are compared on.
struct ValidatedCrystal: Sendable {
  let name: String
  /// As a chemist writes it.
  let formula: String
  let composition: Composition
  let structure: Structure
  /// Nil where spglib finds none.
  let symmetry: (number: Int, symbol: String)?

  /// All structures of the files.
  ///
  /// - Throws: `FileFormatsError`; `WorkflowsError.badSampling` where two files have one name,
  ///   `.badValidation` for what is no crystal.
  static func read(_ files: [String]) throws -> [ValidatedCrystal] {
    try SampleSource.read(files, stride: 1).map { source in
      guard source.isCrystal else {
        throw WorkflowsError.badValidation(
          "\(source.label) is no crystal: it has sides or does not repeat along a, b and c; give the "
            + "crystals it is made of")
      }
      let found = try? CrystalSymmetry(source.structure)
      return ValidatedCrystal(
        name: source.label, formula: ContactPage.name(source.structure),
        composition: source.structure.composition.reduced, structure: source.structure,
        symmetry: found.map { ($0.number, $0.symbol) })
    }
  }

  var experiment: ExperimentalLattice? { .of(composition, spaceGroup: symmetry?.number) }
}
