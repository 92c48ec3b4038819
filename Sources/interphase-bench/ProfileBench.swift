import Atomistics
import Thermodynamics

/// The uptake profile of a composition, with and without building the diagram.
struct ProfileBench {
  struct Result: Encodable {
    let from_V: [Double]
    let uptake: [Double]
    /// The profile alone, and building the diagram with the profile.
    let profile_s: [Double]
    let all_s: [Double]
  }

  let table: EntryTable
  let ion: ComputedEntry
  let composition: Composition
  let repeats: Int

  init(table: EntryTable, ion: String, formula: String, repeats: Int) throws {
    let pure = try Composition(formula: ion)
    guard let entry = table.lowestEntry(of: pure) else {
      throw ThermodynamicsError.noEnergy(formula: ion, table: table.name)
    }
    self.table = table
    self.ion = entry
    composition = try Composition(formula: formula)
    self.repeats = repeats
  }

  func run() throws -> Result {
    let elements = elements(of: table)
    let built = try diagram(of: table, elements)
    let (alone, profile) = try timed(repeats) { try self.profile(in: built) }
    let (all, _) = try timed(repeats) { try self.profile(in: try diagram(of: table, elements)) }
    return Result(
      from_V: profile.steps.map(\.from), uptake: profile.steps.map(\.uptake), profile_s: alone,
      all_s: all)
  }

  private func profile(in diagram: PhaseDiagram) throws -> UptakeProfile {
    try UptakeProfile(
      of: composition, in: diagram, workingIon: ion, reference: ion.energyPerAtom)
  }
}
