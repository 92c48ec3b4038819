import Thermodynamics
import Workflows

extension Window {
  /// The window on the other schemes that the table has, and without single phases.
  func sensitivity(
    of stability: ElectrolyteStability, in table: EntryTable
  ) throws -> WindowSensitivity {
    guard let own = table.scheme else { return try WindowSensitivity(of: stability) }
    let others = CorrectionScheme.allCases.filter { $0 != own }.compactMap {
      scheme -> (scheme: CorrectionScheme, table: EntryTable)? in
      // A table of one scheme refuses the others; without its corrections it has one more.
      if let other = try? EntryTable(paths: entryOptions.entries, scheme: scheme),
        other.scheme == scheme
      {
        return (scheme: scheme, table: other)
      }
      return scheme == .uncorrected ? table.withoutCorrections.map { (scheme, $0) } : nil
    }
    return try WindowSensitivity(
      of: stability,
      others: others.map { scheme, other in
        (
          scheme,
          try ElectrolyteStability(
            of: formula, in: other, workingIon: try entryOptions.ion(), intact: intact,
            energy: try energyOptions.choice())
        )
      })
  }
}
