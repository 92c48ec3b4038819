import ArgumentParser
import Atomistics
import Dynamics
import FileFormats
import Foundation

struct Relax: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Relax atoms, and the cell with --cell, to the nearest minimum.",
    discussion: """
      Moves atoms with FIRE until the largest force is below --fmax and, with --cell, every \
      component of the stress below --smax. The defaults are tight enough for cells of one to \
      three atoms. That it did not converge is told, and the structure written all the same.

      Example: interphase relax Li2S.cif --potential nep89 --cell -o Li2S-relaxed.extxyz
      """)

  @Argument(help: "The structure.")
  var file: String

  @OptionGroup var model: PotentialOptions

  @Flag(help: "Relax the cell too, along the periodic directions.")
  var cell = false

  @Option(help: "The largest force that is left, in eV/Å.")
  var fmax = 0.002

  @Option(help: "The largest component of the stress that is left.")
  var smax = "0.01 GPa"

  @Option(help: "The pressure to relax to, with --cell.")
  var pressure = "0 GPa"

  @Option(help: "The most steps.")
  var steps = 3000

  @OptionGroup var common: CommonOptions

  private struct Result: Encodable {
    let converged: Bool
    let energy_eV: Double
    let largestForce_eV_per_A: Double
    let largestStress_GPa: Double
    let pressure_GPa: Double
    let volume_A3: Double
    let steps: Int
    let file: String?
  }

  func validate() throws {
    guard fmax > 0, fmax.isFinite else { throw ValidationError("--fmax is above 0 eV/Å") }
    guard steps >= 0 else { throw ValidationError("--steps is not below 0") }
  }

  func run() throws {
    var relaxation = Relaxation(cell: cell ? .flexible : .fixed)
    relaxation.largestForce = fmax
    relaxation.largestStress = try Quantity.pressure(smax)
    relaxation.pressure = try Quantity.pressure(pressure)
    relaxation.mostSteps = steps
    let structure = try StructureFile.read(file)
    let line = ProgressLine(quiet: common.quiet)
    let result = try relaxation.relax(structure, with: try model.load().calculator) { now in
      line.show(
        String(
          format: "step %d, %.6f eV, largest force %.4f eV/Å", now.step, now.energy,
          now.largestForce))
    }
    line.end()
    if let output = common.output { try StructureFile.write(result.structure, to: output) }
    if !result.converged {
      common.say(
        "not converged after \(result.steps) steps: go on from the result, or give more --steps")
    }
    try show(result)
  }

  private func show(_ result: RelaxationResult) throws {
    let pressure = result.pressure * Units.gigapascal
    let stress = result.largestStress * Units.gigapascal
    if common.json {
      return try common.printJSON(
        Result(
          converged: result.converged, energy_eV: result.energy,
          largestForce_eV_per_A: result.largestForce, largestStress_GPa: stress,
          pressure_GPa: pressure, volume_A3: result.structure.volume, steps: result.steps,
          file: common.output))
    }
    print(result.converged ? "converged" : "not converged", "after \(result.steps) steps")
    print(String(format: "energy         %.6f eV", result.energy))
    print(String(format: "largest force  %.6f eV/Å", result.largestForce))
    print(String(format: "pressure       %.4f GPa", pressure))
    print(String(format: "volume         %.4f Å³", result.structure.volume))
    let (lengths, angles) = (result.structure.lattice.lengths, result.structure.lattice.angles)
    print(String(format: "a b c          %.4f %.4f %.4f Å", lengths.x, lengths.y, lengths.z))
    print(String(format: "α β γ          %.3f %.3f %.3f°", angles.x, angles.y, angles.z))
    if let output = common.output { print("written to     \(output)") }
  }
}
