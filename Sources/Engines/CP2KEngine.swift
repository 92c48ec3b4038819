import Atomistics
import FileFormats
import Foundation
import Potentials
import Sockets

/// CP2K by its i-PI driver (`RUN_TYPE DRIVER`).
///
/// Our input, `Clients/cp2k.inp`, is PBE with GTH potentials, the basis sets DZVP-MOLOPT-SR-GTH, 600
/// Ry (1000 with fluorine), and Fermi-Dirac smearing of 0.05 eV; k-points are at most 0.25 Å⁻¹ apart.
/// A template of the user's has the places `{socket}`, `{cell}` and `{coordinates}`, and if wished `{kinds}`,
/// `{kpoints}`, `{cutoff}` and `{added_mos}`.
///
/// CP2K 2023.1 reads unix sockets at `/tmp/ipi_HOST`, takes the cell as it stands, and is started
/// anew for other atoms.
public struct CP2KEngine: ExternalEngine {
  public let name: String
  private let template: InputTemplate?

  /// With our input.
  public init() {
    name = "cp2k"
    template = nil
  }

  /// With the user's template.
  ///
  /// - Throws: `EnginesError.missingFile`, `.badTemplate`.
  public init(template path: String) throws {
    name = "cp2k:\(URL(fileURLWithPath: path).lastPathComponent)"
    template = try InputTemplate(
      path: path, what: "an input of CP2K", required: ["socket", "cell", "coordinates"])
  }

  public var recipe: String { template?.text ?? Self.ownInput }

  /// Our input with its places.
  public static var ownInput: String {
    String(decoding: PackageResources.cp2k_inp, as: UTF8.self)
  }

  public func locate() throws -> [String] {
    let names = ["cp2k.psmp", "cp2k.ssmp", "cp2k.popt", "cp2k.sopt", "cp2k"]
    if let found = ProgramSearch.words(variable: "INTERPHASE_CP2K", names: names) { return found }
    throw EnginesError.missing(
      engine: name, what: "there is no program cp2k.psmp", install: KnownEngine.cp2k.installLine)
  }

  public func validate(_ species: Set<Element>) throws {
    // A template may name whatever it likes.
    guard template == nil else { return }
    for element in species where Self.valence[element.symbol] == nil {
      throw PotentialsError.unsupportedElement(
        element, potential: "\(name) with our input",
        supported: Self.valence.keys.compactMap { Element($0) }.sorted())
    }
  }

  public func command(
    for structure: Structure, at address: SocketAddress, in directory: URL, threads: Int
  ) throws -> ClientCommand {
    guard structure.periodic == [true, true, true] else {
      throw AtomisticsError.badStructure(
        "\(name) takes structures that repeat in all three directions; give this one a cell with a "
          + "vacuum and declare it periodic")
    }
    guard case .unix(let path) = address, path.hasPrefix(SocketAddress.namePrefix) else {
      preconditionFailure("clients are started at /tmp/ipi_NAME")
    }
    let input = InputTemplate.fill(
      recipe,
      [
        "socket": String(path.dropFirst(SocketAddress.namePrefix.count)),
        "cell": Self.cell(structure.lattice), "coordinates": Self.coordinates(structure),
        "kinds": Self.kinds(structure.species), "kpoints": Self.kpoints(structure.lattice),
        "cutoff": "\(Self.cutoff(structure.species))",
        "added_mos": "\(Self.addedOrbitals(structure.species))",
      ])
    let file = directory.appendingPathComponent("cp2k.inp")
    try AtomicFile.write(input, to: file.path)
    return ClientCommand(try locate() + ["-i", file.path], threads: threads)
  }

  public func complaint(in log: String) -> String? {
    if log.contains("SCF run NOT converged") { return "the self-consistent field did not converge" }
    let lines = log.split(whereSeparator: \.isNewline).map(String.init)
    guard let head = lines.lastIndex(where: { $0.contains("[ABORT]") }) else { return nil }
    // The words stand at the right of a drawing, in a frame of asterisks.
    let words = lines[head...].dropFirst().prefix { !$0.contains("O/|") }.map { line in
      line.drop { $0 == " " || $0 == "*" }.drop { "\\_/|".contains($0) }
        .trimmingCharacters(in: CharacterSet(charactersIn: " *|"))
    }
    return words.filter { !$0.isEmpty }.joined(separator: " ")
  }
}

extension CP2KEngine {
  /// The valence electrons of the GTH-PBE potentials, and with them the elements of our input.
  private static let valence = [
    "H": 1, "Li": 3, "B": 3, "C": 4, "N": 5, "O": 6, "F": 7, "Na": 9, "P": 5, "S": 6, "Cl": 7,
    "K": 9,
  ]
  /// The longest distance between k-points, 2π included, 1/Å.
  private static let spacing = 0.25

  private static func cell(_ lattice: Lattice) -> String {
    zip(["A", "B", "C"], [lattice.a, lattice.b, lattice.c])
      .map { "\($0) \($1.x) \($1.y) \($1.z)" }.joined(separator: "\n      ")
  }

  private static func coordinates(_ structure: Structure) -> String {
    zip(structure.species, structure.positions)
      .map { "\($0.symbol) \($1.x) \($1.y) \($1.z)" }.joined(separator: "\n      ")
  }

  private static func kinds(_ species: [Element]) -> String {
    Set(species).sorted().map { element in
      """
      &KIND \(element.symbol)
            BASIS_SET DZVP-MOLOPT-SR-GTH
            POTENTIAL GTH-PBE-q\(valence[element.symbol] ?? 0)
          &END KIND
      """
    }.joined(separator: "\n    ")
  }

  /// A mesh at most `spacing` wide; nothing where one point is enough, which CP2K then treats as
  /// real.
  private static func kpoints(_ lattice: Lattice) -> String {
    let mesh = KPointMesh(lattice, spacing: spacing)
    guard mesh.counts != [1, 1, 1] else { return "" }
    let counts = mesh.counts.map { "\($0)" }.joined(separator: " ")
    return """
      &KPOINTS
            SCHEME MONKHORST-PACK \(counts)
          &END KPOINTS
      """
  }

  /// Ry. Fluorine's potential is hard: of rattled LiF forces are off by 0.09 eV/Å at 600 Ry, against
  /// 1000 Ry, which plane waves of GPAW confirm to 0.03.
  private static func cutoff(_ species: [Element]) -> Int {
    species.contains { $0.symbol == "F" } ? 1000 : 600
  }

  /// Room above the occupied orbitals for what smearing lifts: a fifth of them, at least 8.
  private static func addedOrbitals(_ species: [Element]) -> Int {
    max(8, species.reduce(0) { $0 + (valence[$1.symbol] ?? 4) } / 10)
  }
}
