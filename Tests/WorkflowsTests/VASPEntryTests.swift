import FileFormats
import Foundation
import Testing
import Thermodynamics
import Workflows

/// Entries from VASP's files; the runs themselves are tested with the formats.
@Suite struct VASPEntryTests {
  private func path(_ name: String) -> String {
    repositoryRoot
      .appendingPathComponent("Tests/FileFormatsTests/Fixtures/vasprun/\(name).xml").path
  }

  @Test func aRunIsATableOfOneEntry() throws {
    let table = try EntryTable(vaspRun: path("relaxation"))
    let entry = try #require(table.entries.first)
    #expect(table.entries.count == 1 && table.scale == .total && table.warnings.isEmpty)
    #expect(entry.formula == "Li2S" && entry.functional == "PBE" && entry.id == nil)
    #expect(abs(entry.energyPerAtom + 12.51910535 / 3) < 1e-12)
    #expect(entry.correction == 0 && abs((entry.bandGap ?? -1) - 2.4) < 1e-9)
    #expect(try EntryTable(vaspRun: path("unrelaxed")).warnings.count == 1)
  }

  @Test func electronsThatDidNotConvergeAreRefused() throws {
    let error = #expect(throws: FileFormatsError.self) {
      try EntryTable(vaspRun: path("unconverged"))
    }
    #expect(error?.description.contains("NELM = 7") == true)
  }
}
