import ArgumentParser
import Atomistics
import FileFormats
import Foundation
import Interfaces

/// `interphase slab`
struct SlabVerb: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "slab",
    abstract: "The terminations of a crystal, with kind, dipole and broken bonds; slabs of them.",
    discussion: """
      Planes that the crystal's symmetry makes equal are listed once, terminations are told apart by \
      geometry, and no cluster (PS4, BH4, BF4, CN, or one of --cluster) is cut unless --cut-clusters \
      is given. Dipole and excess charge come from formal charges; Documentation/Terminations.md \
      has the rules. Slabs hold whole repeats of the crystal, the listed face up.

      Example: interphase slab Li6PS5Cl.extxyz --max-index 1 -o slabs
      """)

  @Argument(help: "The crystal.") var crystal: String
  @Option(help: "The largest Miller index.") var maxIndex = 1
  @Option(parsing: .unconditional, help: "Only this face, e.g. '1 1 0'.") var miller: String?
  @Flag(help: "Miller indices of the conventional cell, not of the cell in the file.")
  var conventional = false
  @Flag(help: "List terminations apart that are mirror images of each other.")
  var mirrorImages = false
  @Option(help: "The thinnest slab to write.") var thickness = "10 Å"
  @Option(help: "The vacuum in the files.") var vacuum = "13 Å"
  @Flag(help: "Write slabs with two like faces where there are such; not always stoichiometric.")
  var symmetric = false
  @OptionGroup var options: TerminationOptions
  @OptionGroup var common: CommonOptions

  func validate() throws {
    guard (1...6).contains(maxIndex) else { throw ValidationError("--max-index is from 1 to 6") }
  }

  func run() throws {
    let least = try positive(thickness, "--thickness")
    let space = try positive(vacuum, "--vacuum")
    var structure = try StructureFile.read(crystal)
    if conventional { structure = try CrystalSymmetry(structure).conventional }
    let ready = try options.crystal(structure)
    let symmetry = try ready.symmetry.get()
    if case .failure(let error) = ready.charges { common.say("interphase: \(error.description)") }
    let images: Termination.MirrorImages = mirrorImages ? .apart : .asOne
    let families = try MillerIndex.distinct(of: ready, upTo: maxIndex, mirrorImages: images)
    let found = try terminations(of: ready, images)
    let rows = try found.enumerated().map { index, termination in
      let slab = try write(termination, number: index + 1, thickness: least, vacuum: space)
      return SlabRow(
        termination, slab: slab,
        faces: families.first { $0.members.contains(termination.face) }?.members ?? [])
    }
    let result = SlabResult(
      crystal: structure, symmetry: symmetry, charges: try? ready.charges.get(), of: ready,
      terminations: rows)
    if common.json { return try common.printJSON(result) }
    print(result.table)
    if let folder = common.output { print("Written to \(folder).") }
  }

  private func positive(_ text: String, _ option: String) throws -> Double {
    let length = try Quantity.length(text)
    guard length > 0, length <= 10_000 else {
      throw ValidationError("\(option) is \(text); expected more than 0 and at most 10000 Å")
    }
    return length
  }

  private func terminations(
    of ready: CleavableCrystal, _ images: Termination.MirrorImages
  ) throws -> [Termination] {
    guard let miller else {
      return try Termination.all(of: ready, upTo: maxIndex, mirrorImages: images).flatMap { $0 }
    }
    let numbers = miller.split { " ,()".contains($0) }.map { Int($0) }
    guard numbers.count == 3, let h = numbers[0], let k = numbers[1], let l = numbers[2],
      greatestCommonDivisor(greatestCommonDivisor(h, k), l) == 1,
      [h, k, l].allSatisfy({ abs($0) <= 20 })
    else {
      throw ValidationError(
        "--miller is '\(miller)'; expected three whole numbers up to 20 without a common divisor, "
          + "such as '1 1 0'")
    }
    let face = MillerIndex(h, k, l)
    return Termination.distinct(
      [(face, OrientedCell(ready, up: face))], mirrorImages: images
    ).flatMap { $0 }
  }

  private func write(
    _ termination: Termination, number: Int, thickness: Double, vacuum: Double
  ) throws -> SlabRow.Slab {
    let cell = termination.cell
    var lower = termination.cut
    if symmetric {
      if let cut = termination.symmetricCut {
        lower = cut
      } else {
        common.say(
          "interphase: no symmetry gives number \(number), \(termination.face), a like face below; "
            + "its slab holds whole repeats")
      }
    }
    let layers = max(1, Int((thickness / cell.spacing - 1e-9).rounded(.up)))
    let slab = Interfaces.Slab(
      cell, cut: lower, layers: layers, upperCut: termination.cut)
    let excess = slab.excess(over: cell.crystal)
    var file: String?
    if let folder = common.output {
      let url = URL(fileURLWithPath: folder)
      try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
      let structure = slab.structure(in: cell, vacuum: vacuum)
      for suffix in ["extxyz", "POSCAR"] {
        try StructureFile.write(
          structure, to: url.appendingPathComponent("slab-\(number).\(suffix)").path)
      }
      file = url.appendingPathComponent("slab-\(number).extxyz").path
    }
    return SlabRow.Slab(
      atoms: slab.count, thickness_A: slab.thickness, layers: layers,
      excessAtoms: Dictionary(uniqueKeysWithValues: excess.map { ($0.key.symbol, $0.value) }),
      file: file)
  }
}
