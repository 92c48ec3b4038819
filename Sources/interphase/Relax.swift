import ArgumentParser
import Atomistics
import Dynamics
import FileFormats
import Foundation
import Workflows

struct Relax: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Relax atoms, and the cell if wished, to the nearest minimum.",
    discussion: """
      Moves atoms until the largest force is below --fmax and, with --cell or --freedom, every \
      component of the stress that may relax is within --smax of --pressure or --stress. The \
      defaults are tight enough for cells of one to three atoms. That it did not converge is told, \
      and the structure written all the same; so it is after SIGINT or SIGTERM, with exit code 75.

      A structure of high symmetry can come to rest on a saddle; --leave-saddles displaces its atoms \
      by 0.03 Å, relaxes again, and keeps what is lower by 0.1 meV/atom.

      Example: interphase relax Li2S.cif --potential nep89 --cell -o Li2S-relaxed.extxyz
      Example: interphase relax Li2S.cif --calculator sevennet-l3i5 --cell --leave-saddles
      Example: interphase relax contact.extxyz --potential nep89 --freedom plane --minimizer lbfgs
      """)

  @Argument(help: "The structure.")
  var file: String

  @OptionGroup var model: CalculatorOptions
  @OptionGroup var choice: RelaxationOptions

  @Option(help: "The largest force that is left, in eV/Å.")
  var fmax = 0.002

  @Option(help: "The largest component of the stress that is left.")
  var smax = "0.01 GPa"

  @Option(help: "The most steps.")
  var steps = 3000

  @Flag(
    help: ArgumentHelp(
      "Relax again from displaced atoms, and go on as long as that ends lower: symmetry holds atoms "
        + "on saddles."))
  var leaveSaddles = false

  @OptionGroup var common: CommonOptions

  private struct Result: Encodable {
    let converged: Bool
    let stopped: Bool
    let energy_eV: Double
    let enthalpy_eV: Double
    let largestForce_eV_per_A: Double
    let largestStress_GPa: Double
    let pressure_GPa: Double
    let stress_GPa: [Double]
    let volume_A3: Double
    let steps: Int
    let evaluations: Int
    let file: String?
  }

  func validate() throws {
    guard fmax > 0, fmax.isFinite else { throw ValidationError("--fmax is above 0 eV/Å") }
    guard steps >= 0 else { throw ValidationError("--steps is not below 0") }
  }

  func run() throws {
    var relaxation = try choice.relaxation()
    relaxation.largestForce = fmax
    relaxation.largestStress = try Quantity.pressure(smax)
    relaxation.mostSteps = steps
    let structure = try StructureFile.read(file)
    let loaded = try model.load(needsStress: relaxation.cell != .fixed, common)
    defer { loaded.close() }
    Interruption.listen()
    let line = ProgressLine(quiet: common.quiet)
    let relax = leaveSaddles ? relaxation.relaxPastSaddles : relaxation.relax
    let result = try relax(structure, loaded.calculator) { now in
      line.show(
        String(
          format: "step %d, %.6f eV, largest force %.4f eV/Å", now.step, now.energy,
          now.largestForce))
    } _: {
      Interruption.isRequested
    }
    line.end()
    if let output = common.output { try StructureFile.write(result.structure, to: output) }
    if result.stopped {
      let kept = common.output.map { "; relax \($0) to go on" } ?? "; nothing is kept without -o"
      common.say("stopped after \(result.steps) steps\(kept)")
    } else if !result.converged {
      common.say(
        "not converged after \(result.steps) steps: go on from the result, or give more --steps")
    }
    try show(result)
    if result.stopped { throw ExitCode(FailureKind.stopped.rawValue) }
  }

  private func show(_ result: RelaxationResult) throws {
    let stress = result.evaluation.voigtStress.map { $0 * Units.gigapascal }
    let pressure = result.pressure * Units.gigapascal
    if common.json {
      return try common.printJSON(
        Result(
          converged: result.converged, stopped: result.stopped, energy_eV: result.energy,
          enthalpy_eV: result.enthalpy, largestForce_eV_per_A: result.largestForce,
          largestStress_GPa: result.largestStress * Units.gigapascal, pressure_GPa: pressure,
          stress_GPa: stress, volume_A3: result.structure.volume, steps: result.steps,
          evaluations: result.evaluations, file: common.output))
    }
    print(result.converged ? "converged" : "not converged", "after \(result.steps) steps")
    print(String(format: "energy         %.6f eV", result.energy))
    if !choice.isTowardsNothing {
      print(String(format: "enthalpy       %.6f eV", result.enthalpy))
    }
    print(String(format: "largest force  %.6f eV/Å", result.largestForce))
    print(String(format: "pressure       %.4f GPa", pressure))
    let components = stress.map { String(format: "%.4f", $0) }.joined(separator: "  ")
    print("stress         \(components) GPa (xx yy zz yz xz xy)")
    print(String(format: "volume         %.4f Å³", result.structure.volume))
    let (lengths, angles) = (result.structure.lattice.lengths, result.structure.lattice.angles)
    print(String(format: "a b c          %.4f %.4f %.4f Å", lengths.x, lengths.y, lengths.z))
    print(String(format: "α β γ          %.3f %.3f %.3f°", angles.x, angles.y, angles.z))
    if let output = common.output { print("written to     \(output)") }
  }
}
