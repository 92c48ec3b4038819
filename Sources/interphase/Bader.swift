import Analysis
import ArgumentParser
import Atomistics
import FileFormats
import Foundation

/// `interphase bader`: electrons and charges of Bader's atoms.
struct Bader: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bader",
    abstract: "Bader charges: the electrons of each atom's basin of the electron density.",
    discussion: """
      DENSITY is a CHGCAR of VASP or a cube file (ASE, GPAW, CP2K, Quantum ESPRESSO, Gaussian), \
      gzipped or not. A valence density needs the density with the core to find the basins: \
      AECCAR0 and AECCAR2, which are added up.

      Charges need the charge of the ions. It is the atomic number for an all-electron density, and \
      what the file says or --valence-electrons for one of valence electrons.

      Examples:
        interphase bader density.cube.gz --all-electron
        interphase bader CHGCAR --reference AECCAR0 --reference AECCAR2 \
      --valence-electrons Li=3,P=5,S=6,Cl=7
      """)

  @Argument(help: "The density whose electrons are counted.")
  var density: String

  @Option(help: "The density with the core, which finds the basins; two are added up.")
  var reference: [String] = []

  @Flag(name: .customLong("all-electron"), help: "The density holds all electrons.")
  var isAllElectron = false

  @Flag(name: .customLong("valence"), help: "The density holds the valence electrons only.")
  var isValence = false

  @Option(help: "What the neutral atoms have in a valence density: Li=3,P=5,...")
  var valenceElectrons: String?

  @Option(help: "How points are shared out to basins: weight or near-grid.")
  var method = "weight"

  @Option(help: "Points below this density belong to no atom; 0 for none.")
  var vacuum = "1e-3 e/Å^3"

  @OptionGroup var threads: ThreadOptions
  @OptionGroup var common: CommonOptions

  func validate() throws {
    guard !(isAllElectron && (isValence || valenceElectrons != nil)) else {
      throw ValidationError("give --all-electron or --valence, not both")
    }
    guard reference.count <= 2 else {
      throw ValidationError("--reference is given once, or twice for two files that are added up")
    }
    guard BaderPartition.Method(rawValue: method) != nil else {
      throw ValidationError("--method is '\(method)'; expected weight or near-grid")
    }
  }

  func run() throws {
    let (vacuumDensity, told) = (try threshold(), try valenceElectronsTold(valenceElectrons))
    let file = try DensityFile(path: density)
    let partition = try BaderPartition(
      of: file.grid, reference: try summedReference(),
      method: BaderPartition.Method(rawValue: method) ?? .weight,
      vacuumDensity: vacuumDensity,
      threads: threads.count)
    let ions = try IonCharges(
      of: file.grid.structure, counted: partition.electrons, fromFile: file.nuclearCharges,
      kind: isAllElectron ? .all : isValence ? .valence : nil, told: told)
    let output = BaderOutput(
      partition, ions, grid: file.grid, vacuumDensity: vacuumDensity)
    for warning in output.warnings { common.say("interphase: \(warning)") }
    if let path = common.output { try output.table().write(to: path) }
    if common.json { try common.printJSON(output) } else { print(output.summary()) }
  }

  private func summedReference() throws -> VolumetricGrid? {
    guard let first = reference.first else { return nil }
    var sum = try DensityFile(path: first).grid
    for path in reference.dropFirst() {
      let other = try DensityFile(path: path).grid
      guard sum.hasPoints(of: other) else {
        throw FileFormatsError.badFile(
          path: path, line: nil,
          reason: "its grid or cell is not that of \(first); give the files of one calculation")
      }
      sum.add(other)
    }
    return sum
  }

  private func threshold() throws -> Double {
    let density = try Quantity.electronDensity(vacuum)
    guard density >= 0 else { throw ValidationError("--vacuum takes a density of 0 or more") }
    return density
  }
}
