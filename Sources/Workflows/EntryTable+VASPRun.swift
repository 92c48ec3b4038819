import FileFormats
import Thermodynamics

extension EntryTable {
  /// A table of one entry from a finished VASP run (vasprun.xml, plain or gzip).
  ///
  /// The energy is VASP's own, without any correction, so that `adjustments` is an empty list, and
  /// the scheme `uncorrected` where schemes would correct the composition.
  /// Warnings say where the run was cut off or its ions had not converged.
  ///
  /// - Throws: `FileFormatsError`: as `VASPRun.init(path:)`, and `.badFile` where the electrons of
  ///   the last complete ionic step did not converge, since that energy is none of the structure.
  public init(vaspRun path: String) throws {
    let run = try VASPRun(path: path)
    guard run.isElectronicallyConverged else {
      throw FileFormatsError.badFile(
        path: path, line: nil,
        reason:
          "the electrons of the last complete ionic step (\(run.ionicSteps)) did not converge "
          + "in \(run.electronicSteps) steps (NELM = \(run.mostElectronicSteps)); run it on with a "
          + "larger NELM or another ALGO")
    }
    let composition = run.composition.reduced
    let entry = ComputedEntry(
      formula: composition.formula, composition: composition, energyPerAtom: run.energyPerAtom,
      adjustments: [], bandGap: run.bandGap, functional: run.functional)
    self.init(
      name: path, entries: [entry], scale: .total, scheme: Self.uncorrected([entry]),
      warnings: run.warnings)
  }
}
