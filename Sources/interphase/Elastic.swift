import ArgumentParser
import Atomistics
import Dynamics
import FileFormats
import Foundation
import Potentials
import Workflows

struct Elastic: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Elastic constants and moduli of a crystal.",
    discussion: """
      Strains the crystal by --amplitude along xx, yy, zz, yz, xz and xy, both ways, and takes the \
      differences of the stress. Constants are in GPa, along the Cartesian axes of the file. The \
      crystal must be relaxed with this potential; --relax does it first and keeps the axes. After \
      SIGINT or SIGTERM it leaves within a step with exit code 75; nothing is kept.

      Example: interphase elastic LiCl.cif --potential nep89 --relax
      """)

  @Argument(help: "The crystal.")
  var file: String

  @OptionGroup var model: CalculatorOptions

  @Option(help: "The amplitude of the strain.")
  var amplitude = 0.005

  @Option(help: "The atoms at each strain: relaxed or clamped.")
  var atoms = AtomResponse.relaxed

  @Flag(help: "Relax positions and cell first.")
  var relax = false

  @Option(help: "The largest component of the stress that the crystal may have.")
  var residual = "0.05 GPa"

  @OptionGroup var common: CommonOptions

  func validate() throws {
    guard amplitude > 0, amplitude <= 0.1 else {
      throw ValidationError("--amplitude is above 0 and at most 0.1")
    }
  }

  func run() throws {
    var strain = FiniteStrain()
    strain.amplitude = amplitude
    strain.atoms = atoms
    strain.largestStress = try Quantity.pressure(residual)
    let loaded = try model.load(needsStress: true, common)
    defer { loaded.close() }
    let calculator = loaded.calculator
    var crystal = try StructureFile.read(file)
    Interruption.listen()
    let line = ProgressLine(quiet: common.quiet)
    let constants: ElasticConstants
    do {
      if relax { crystal = try relaxed(crystal, calculator) }
      constants = try strain.constants(of: crystal, with: calculator) {
        line.show("strain \($0 + 1) of 12")
      } afterEvaluation: {
        try Self.leaveIfAsked()
      }
    } catch is Interrupted {
      line.end()
      common.say("stopped; elastic constants keep nothing, the same command starts anew")
      throw ExitCode(FailureKind.stopped.rawValue)
    }
    line.end()
    try ElasticOutput(constants, of: crystal).show(common)
  }

  /// Somebody wishes to stop.
  private struct Interrupted: Error {}

  private static func leaveIfAsked() throws {
    if Interruption.isRequested { throw Interrupted() }
  }

  /// Positions and cell at rest, far below what limits the constants.
  private func relaxed(_ crystal: Structure, _ calculator: any Calculator) throws -> Structure {
    var relaxation = Relaxation(cell: .flexible)
    relaxation.minimizer = LBFGS()
    relaxation.largestForce = 1e-4
    relaxation.largestStress = 1e-3 / Units.gigapascal
    let result = try relaxation.relax(crystal, with: calculator) { _ in try Self.leaveIfAsked() }
    if !result.converged { common.say("not converged after \(result.steps) steps of --relax") }
    return result.structure
  }
}

extension AtomResponse: ExpressibleByArgument {}
