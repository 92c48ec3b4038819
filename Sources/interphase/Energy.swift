import ArgumentParser
import Atomistics
import FileFormats
import Foundation
import Potentials

struct Energy: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Energy, forces and stress of a structure.",
    discussion: """
      The structure may be extended XYZ, CIF, POSCAR or XDATCAR, gzipped or not. Stress is \
      (1/V) dE/d(strain), positive when the cell is stretched. Another program may do the work; \
      energies of single atoms are null where it has none.

      Example: interphase energy Li6PS5Cl.cif --potential nep89
      Example: interphase energy Li6PS5Cl.cif --calculator sevennet-l3i5
      """)

  @Argument(help: "The structure.")
  var file: String

  @OptionGroup var model: CalculatorOptions
  @OptionGroup var common: CommonOptions

  private struct Result: Encodable {
    let energy_eV: Double
    let forces_eV_per_A: [[Double]]
    let stress_eV_per_A3: [Double]
    let energies_eV: [Double]?
    let calculator: String
    let versions: [String: String]?

    private enum Key: String, CodingKey {
      case energy_eV, forces_eV_per_A, stress_eV_per_A3, energies_eV, calculator, versions
    }

    /// Energies that there are not are null.
    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: Key.self)
      try container.encode(energy_eV, forKey: .energy_eV)
      try container.encode(forces_eV_per_A, forKey: .forces_eV_per_A)
      try container.encode(stress_eV_per_A3, forKey: .stress_eV_per_A3)
      try container.encode(energies_eV, forKey: .energies_eV)
      try container.encode(calculator, forKey: .calculator)
      try container.encodeIfPresent(versions, forKey: .versions)
    }
  }

  func run() throws {
    let structure = try StructureFile.read(file)
    let loaded = try model.load(common)
    defer { loaded.close() }
    let calculator = loaded.calculator
    let found = try calculator.evaluate(structure)
    let result = Result(
      energy_eV: found.energy, forces_eV_per_A: found.forces.map { [$0.x, $0.y, $0.z] },
      stress_eV_per_A3: found.voigtStress, energies_eV: found.energies,
      calculator: calculator.name, versions: loaded.external?.versions)
    if let output = common.output {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
      try AtomicFile.write(try encoder.encode(result), to: output)
      common.say("Energy, forces and stress are in \(output)")
    }
    if common.json { return try common.printJSON(result) }
    report(structure, calculator, found)
  }

  private func report(_ structure: Structure, _ calculator: any Calculator, _ found: Evaluation) {
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
