import ArgumentParser
import Atomistics
import Dynamics
import FileFormats
import Foundation
import Workflows

struct EntriesCompute: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compute",
    abstract: "Relax structures with a potential and write their energies as a table.",
    discussion: """
      Relaxes atoms and cell of each structure to 0.002 eV/Å and 0.01 GPa and writes one row for \
      each into the table given with -o, as soon as it is done. The same command goes on with a \
      run that was stopped: rows of the same potential and the same structure are kept. A \
      structure that does not converge gets no row; it is named, and the exit code is 65. Energies \
      of a potential go with no others: every phase of a diagram, the elements too, has to be \
      computed.

      Example: interphase entries compute Data/Structures/*.cif --potential nep89 -o nep89.csv
      """)

  @Argument(help: "The structures.")
  var files: [String]

  @OptionGroup var model: CalculatorOptions

  @Flag(help: "Relax the atoms only.")
  var fixedCell = false

  @Option(help: "The most steps for one structure.")
  var steps = 3000

  @Option(help: "A directory for the relaxed structures (extended XYZ).")
  var structures: String?

  @OptionGroup var common: CommonOptions

  private struct Output: Encodable {
    struct Entry: Encodable {
      let formula, entry_id, source: String
      let energy_eV_per_atom: Double?
    }

    let file, functional: String
    let kept: Int
    let entries: [Entry]
    let failed: [EntryComputation.Failure]
  }

  func validate() throws {
    guard common.output != nil else { throw ValidationError("name the table with -o TABLE.csv") }
    guard !files.isEmpty else { throw ValidationError("name at least one structure") }
    guard steps >= 0 else { throw ValidationError("--steps is not below 0") }
  }

  func run() throws {
    let table = common.output ?? ""
    let loaded = try model.load(needsStress: !fixedCell, common)
    defer { loaded.close() }
    var calculator = loaded.calculator
    // Structures side by side; threads that are left go to each.
    var side = model.clients
    if var native = loaded.native {
      side = max(1, min(model.threads, files.count))
      native.threads = max(1, model.threads / side)
      calculator = native
    }
    let functional = loaded.label
    var computation = EntryComputation(
      calculator: calculator, functional: functional, potentialDigest: loaded.sha256)
    computation.threads = side
    computation.relaxation.cell = fixedCell ? .fixed : .flexible
    computation.relaxation.mostSteps = steps
    Interruption.listen()
    let line = SharedProgressLine(quiet: common.quiet)
    let result = try computation.compute(files, table: table, structures: structures) {
      line.show($0)
    }
    line.end()
    try show(result, table, functional)
    try refuse(result.failures)
  }

  private func show(_ result: EntryComputation.Result, _ table: String, _ functional: String)
    throws
  {
    if common.json {
      return try common.printJSON(
        Output(
          file: table, functional: functional, kept: result.kept,
          entries: result.rows.map {
            .init(
              formula: $0.formula, entry_id: $0.id, source: $0.source,
              energy_eV_per_atom: $0.energyPerAtom)
          }, failed: result.failures))
    }
    for row in result.rows {
      let energy = row.energyPerAtom.map { String(format: "%.6f", $0) } ?? ""
      print("\(row.formula)  \(energy) eV/atom  \(row.id)")
    }
    let kept = result.kept > 0 ? ", \(result.kept) of the given kept from before" : ""
    print("\(result.rows.count) entries of \(functional)\(kept): \(table)")
  }

  private func refuse(_ failures: [EntryComputation.Failure]) throws {
    guard !failures.isEmpty else { return }
    throw WorkflowsError.stageFailed(
      stage: "entries compute",
      reason: "no entry of "
        + failures.map { "\($0.source) (\($0.reason))" }.joined(separator: ", "),
      kind: .badData)
  }
}
