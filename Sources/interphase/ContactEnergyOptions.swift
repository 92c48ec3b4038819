import ArgumentParser
import Dynamics
import Interfaces
import Potentials
import Workflows

/// What is computed of each contact with a potential.
struct ContactEnergyOptions: ParsableArguments {
  @Option(help: "A potential, for stress, registry and adhesion: its name or a nep.txt file.")
  var potential: String?

  @Option(
    help: ArgumentHelp(
      "Scan the lateral shifts of the electrolyte and take the best: points along each side, e.g. 4, "
        + "or their spacing, e.g. \"0.5 Å\".", valueName: "grid"))
  var registry: String?

  @Option(
    help: ArgumentHelp(
      "Relax the so many best shifts of --registry and take the lowest.", valueName: "count"))
  var registryRelax = 0

  @Option(
    defaultAsFlag: .rigid,
    help: ArgumentHelp(
      "The work of adhesion: rigid (as built) or relaxed (contact and both slabs).",
      valueName: "how"))
  var adhesion: Adhesion?

  @OptionGroup var threading: ThreadOptions

  enum Adhesion: String, CaseIterable, ExpressibleByArgument {
    case rigid
    case relaxed
  }

  func validate() throws {
    guard registryRelax >= 0 else { throw ValidationError("--registry-relax is not below 0") }
    guard registryRelax == 0 || registry != nil else {
      throw ValidationError("--registry-relax relaxes shifts of --registry; give that as well")
    }
    guard potential == nil, registry != nil || adhesion != nil else { return }
    let option = registry != nil ? "--registry" : "--adhesion"
    throw ValidationError(
      "\(option) needs energies; give a potential with --potential, e.g. --potential nep89")
  }

  func calculator() throws -> NEPPotential? {
    try potential.map {
      try NEPPotential(
        path: PotentialLibrary.resolve($0), name: $0, threads: threading.count)
    }
  }

  func grid() throws -> RegistryCell.Grid? { try registry.map { try RegistryCell.Grid($0) } }
}
