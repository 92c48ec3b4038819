import ArgumentParser
import Atomistics
import FileFormats

/// `interphase substitute`: a solid solution as a reference phase.
struct Substitute: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "substitute",
    abstract: "A solid solution: other elements at random on the sites of one, the charge kept.",
    discussion: """
      The roundest supercell within --max-atoms is taken. With formal charges, ions leave at random or \
      are added where the largest void is. Relax the result and run it at the contact's temperature \
      before its radial distribution is compared with a contact's (analyze phases).

      Example: interphase substitute Li2S.cif --replace "S: 0.12 P, 0.12 Cl" -o li2s-p-cl.extxyz
      """)

  @Argument(help: "The crystal.") var crystal: String

  @Option(help: "The element that gives way, and the shares of its sites that others take.")
  var replace: String

  @Option(help: "The ion that keeps the charge.") var ion = "Li"
  @Option(help: "The supercell holds at most so many atoms.") var maxAtoms = 100
  @Option(help: "The seed of the random places.") var seed: UInt64 = 1
  @OptionGroup var common: CommonOptions

  private struct Output: Encodable {
    let formula: String
    let atoms: Int
    let replaced: [String: Int]
    let ion: String
    let ionsAdded: Int
    let seed: UInt64
    let file: String
  }

  func run() throws {
    let substitution = try Substitution(parsing: replace)
    guard let element = Element(ion) else {
      throw AtomisticsError.unknownElement(ion, context: "in --ion")
    }
    guard let path = common.output else {
      throw ValidationError("give -o FILE for the solid solution, e.g. -o solution.extxyz")
    }
    let cell = try StructureFile.read(crystal)
    guard maxAtoms >= cell.count else {
      throw ValidationError("--max-atoms is below the \(cell.count) atoms of the crystal")
    }
    var generator = RandomGenerator(seed: seed, stage: "solid solution")
    let solution = try SolidSolution(
      cell.roundestSupercell(maximumAtoms: maxAtoms), substitution, compensatedBy: element,
      &generator)
    try StructureFile.write(solution.structure, to: path)
    let output = Output(
      formula: solution.structure.composition.formula, atoms: solution.structure.count,
      replaced: Dictionary(
        uniqueKeysWithValues: solution.replaced.map { ($0.key.symbol, $0.value) }),
      ion: element.symbol, ionsAdded: solution.added, seed: seed, file: path)
    if common.json { return try common.printJSON(output) }
    let parts = output.replaced.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
    print(
      "\(output.formula), \(output.atoms) atoms: \(parts.joined(separator: ", ")) on sites of "
        + "\(substitution.host), \(abs(solution.added)) \(element) "
        + (solution.added < 0 ? "removed" : "added") + "; \(path)")
  }
}
