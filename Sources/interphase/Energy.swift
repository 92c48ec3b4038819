import ArgumentParser
import Atomistics
import FileFormats
import Foundation
import Potentials
import Workflows

struct Energy: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Energy, forces and stress of a structure.",
    discussion: """
      The structure may be extended XYZ, CIF, POSCAR or XDATCAR, gzipped or not. Stress is \
      (1/V) dE/d(strain), positive when the cell is stretched.

      Example: interphase energy Li6PS5Cl.cif --potential nep89
      """)

  @Argument(help: "The structure.")
  var file: String

  @Option(help: "The potential's name, or the path of a nep.txt file.")
  var potential: String

  @OptionGroup var common: CommonOptions
  @OptionGroup var threading: ThreadOptions

  private struct Result: Encodable {
    let energy_eV: Double
    let forces_eV_per_A: [[Double]]
    let stress_eV_per_A3: [Double]
    let energies_eV: [Double]
  }

  func validate() throws {
    guard (threading.threads ?? 1) >= 1 else { throw ValidationError("--threads is at least 1") }
  }

  func run() throws {
    let structure = try StructureFile.read(file)
    let calculator = try NEPPotential(
      path: PotentialLibrary.resolve(potential), name: potential,
      threads: threading.threads ?? ProcessInfo.processInfo.activeProcessorCount)
    let found = try calculator.evaluate(structure)
    let result = Result(
      energy_eV: found.energy, forces_eV_per_A: found.forces.map { [$0.x, $0.y, $0.z] },
      stress_eV_per_A3: found.voigtStress, energies_eV: found.energies)
    if let output = common.output {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
      try AtomicFile.write(try encoder.encode(result), to: output)
      common.say("Energy, forces and stress are in \(output)")
    }
    if common.json { return try common.printJSON(result) }
    report(structure, calculator, found)
  }

  private func report(_ structure: Structure, _ calculator: NEPPotential, _ found: Evaluation) {
    let largest = found.forces.enumerated().max { $0.element.length < $1.element.length }
    let stress = found.voigtStress.map { text($0 * Units.gigapascal, 4) }
    print("\(file): \(structure.count) atoms, \(calculator.name)")
    print("energy         \(text(found.energy, 6)) eV")
    print("energy/atom    \(text(found.energy / Double(structure.count), 6)) eV")
    if let largest {
      print(
        "largest force  \(text(largest.element.length, 6)) eV/Å (atom \(largest.offset + 1), "
          + "\(structure.species[largest.offset]))")
    }
    print("stress         \(stress.joined(separator: "  ")) GPa (xx yy zz yz xz xy)")
  }

  private func text(_ value: Double, _ digits: Int) -> String {
    String(format: "%.\(digits)f", value)
  }
}
