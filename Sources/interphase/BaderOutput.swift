import Analysis
import Atomistics
import FileFormats

/// What `interphase bader` prints.
struct BaderOutput: Encodable {
  /// So many maxima are listed, those with the most electrons; a noisy density has very many.
  private static let mostMaxima = 1000

  struct Atom: Encodable {
    let element: String
    let electrons: Double
    let charge: Double?
    let volume_A3: Double
    let maxima: Int

    enum CodingKeys: String, CodingKey { case element, electrons, charge, volume_A3, maxima }

    /// A charge that is not known is null, not absent.
    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(element, forKey: .element)
      try container.encode(electrons, forKey: .electrons)
      try container.encode(charge, forKey: .charge)
      try container.encode(volume_A3, forKey: .volume_A3)
      try container.encode(maxima, forKey: .maxima)
    }
  }

  struct Maximum: Encodable {
    let position_A: [Double]
    /// From 1, in the file's order.
    let atom: Int
    let element: String
    let distance_A: Double
    let electrons: Double
    let volume_A3: Double
    let density_e_per_A3: Double
  }

  let atoms: [Atom]
  let electrons: Double
  let vacuumElectrons: Double
  let vacuumVolume_A3: Double
  let vacuumDensity_e_per_A3: Double
  let volume_A3: Double
  let density: String
  let method: String
  let grid: [Int]
  let maxima: Int
  let offNucleusMaximaCount: Int
  let offNucleusElectrons: Double
  let offNucleusMaxima: [Maximum]
  let warnings: [String]

  init(
    _ partition: BaderPartition, _ ions: IonCharges, grid: VolumetricGrid, vacuumDensity: Double
  ) {
    let species = grid.structure.species
    atoms = partition.atoms.enumerated().map { index, atom in
      Atom(
        element: species[index].symbol, electrons: atom.electrons,
        charge: ions.charges.map { $0[index] - atom.electrons }, volume_A3: atom.volume,
        maxima: atom.maxima)
    }
    electrons = partition.electrons
    vacuumElectrons = partition.vacuumElectrons
    vacuumVolume_A3 = partition.vacuumVolume
    vacuumDensity_e_per_A3 = vacuumDensity
    volume_A3 = grid.structure.volume
    density = ions.electrons?.rawValue ?? "unknown"
    method = partition.method.rawValue
    self.grid = [grid.counts.x, grid.counts.y, grid.counts.z]
    maxima = partition.maxima.count
    let off = partition.offNucleusMaxima
    offNucleusMaximaCount = off.count
    offNucleusElectrons = off.map(\.electrons).reduce(0, +)
    offNucleusMaxima = off.sorted { $0.electrons > $1.electrons }.prefix(Self.mostMaxima).map {
      Maximum(
        position_A: [$0.position.x, $0.position.y, $0.position.z], atom: $0.atom + 1,
        element: species[$0.atom].symbol, distance_A: $0.distance, electrons: $0.electrons,
        volume_A3: $0.volume, density_e_per_A3: $0.density)
    }
    warnings = ions.warnings + Self.warnings(partition, species)
  }

  private static func warnings(_ partition: BaderPartition, _ species: [Element]) -> [String] {
    var warnings: [String] = []
    let off = partition.offNucleusMaxima
    if !off.isEmpty {
      let electrons = CSVTable.field(off.map(\.electrons).reduce(0, +), decimals: 4)
      warnings.append(
        "\(off.count) of \(partition.maxima.count) maxima lie farther than "
          + "\(CSVTable.field(partition.nuclearRadius, decimals: 3)) Å from any nucleus; their "
          + "\(electrons) electrons count to the nearest atoms")
    }
    let empty = partition.atoms.indices.filter { partition.atoms[$0].maxima == 0 }
    if !empty.isEmpty {
      let names = empty.prefix(5).map { "\($0 + 1) (\(species[$0]))" }.joined(separator: ", ")
      warnings.append(
        "the density has no maximum for \(empty.count) atoms: \(names)\(empty.count > 5 ? ", ..." : ""); "
          + "their electrons count to neighbours; use a finer grid, or give the density with the "
          + "core as --reference")
    }
    return warnings
  }

  func table() -> CSVTable {
    CSVTable(
      header: ["atom", "element", "electrons", "charge", "volume_A3", "maxima"],
      rows: atoms.enumerated().map { index, atom in
        [
          "\(index + 1)", atom.element, CSVTable.field(atom.electrons),
          atom.charge.map { CSVTable.field($0) } ?? "", CSVTable.field(atom.volume_A3),
          "\(atom.maxima)",
        ]
      })
  }

  func summary() -> String {
    func value(_ number: Double) -> String { CSVTable.field(number, decimals: 4) }
    var lines = [heads(["atom", "element", "electrons", "charge/e", "V/Å³"])]
    for (index, atom) in atoms.enumerated() {
      lines.append(
        heads([
          "\(index + 1)", atom.element, value(atom.electrons),
          atom.charge.map(value) ?? "unknown", value(atom.volume_A3),
        ]))
    }
    lines.append(
      "\(value(electrons)) electrons in all (\(density) density, \(method), grid "
        + grid.map { "\($0)" }.joined(separator: " x ") + ")")
    lines.append(
      "vacuum, below \(vacuumDensity_e_per_A3) e/Å³: \(value(vacuumElectrons)) electrons in "
        + "\(value(vacuumVolume_A3)) Å³")
    lines.append(
      "\(maxima) maxima, \(offNucleusMaximaCount) of them off the nuclei with "
        + "\(value(offNucleusElectrons)) electrons")
    return lines.joined(separator: "\n")
  }
}
