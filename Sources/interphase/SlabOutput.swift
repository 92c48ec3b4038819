import Atomistics
import Foundation
import Interfaces

/// A termination and its slab, as `interphase slab` tells them.
struct SlabRow: Encodable {
  struct Slab: Encodable {
    let atoms: Int
    let thickness_A: Double
    let layers: Int
    /// Beyond whole formula units.
    let excessAtoms: [String: Int]
    let file: String?

    enum CodingKeys: String, CodingKey { case atoms, thickness_A, layers, excessAtoms, file }

    // Keys whose value is not known are there as null, here and below.
    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(atoms, forKey: .atoms)
      try container.encode(thickness_A, forKey: .thickness_A)
      try container.encode(layers, forKey: .layers)
      try container.encode(excessAtoms, forKey: .excessAtoms)
      try container.encode(file, forKey: .file)
    }
  }

  let miller: String
  /// The faces that the crystal's symmetry makes equal to this one, itself included.
  let equalFaces: [String]
  let area_A2: Double
  let spacing_A: Double
  let kind: String
  let sentence: String
  let plane: String
  let paperLabel: String?
  let paperCounterpart: String?
  let tasker: String?
  let isPolar: Bool?
  let dipole_e_per_A: Double?
  let excessCharge_e_per_A2: Double?
  let brokenBonds_per_nm2: Double?
  let cutClusterBonds_per_nm2: Double
  let slab: Slab

  init(_ termination: Termination, slab: Slab, faces: [MillerIndex]) {
    let (kind, character) = (termination.kind, termination.character)
    miller = termination.face.description
    equalFaces = faces.isEmpty ? [miller] : faces.map(\.description)
    area_A2 = termination.cell.area
    spacing_A = termination.cell.spacing
    self.kind = kind.name
    sentence = kind.sentence
    plane = kind.planeLabel
    paperLabel = kind.paperLabel
    paperCounterpart = kind.paperCounterpart
    tasker = character.tasker?.rawValue
    isPolar = character.tasker.map { $0 == .dipole }
    dipole_e_per_A = character.dipole
    excessCharge_e_per_A2 = character.excessCharge
    brokenBonds_per_nm2 = character.brokenBonds
    cutClusterBonds_per_nm2 = character.cutClusterBonds
    self.slab = slab
  }

  enum CodingKeys: String, CodingKey {
    case miller, equalFaces, area_A2, spacing_A, kind, sentence, plane, paperLabel
    case paperCounterpart, tasker, isPolar, dipole_e_per_A, excessCharge_e_per_A2,
      brokenBonds_per_nm2, cutClusterBonds_per_nm2, slab
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(miller, forKey: .miller)
    try container.encode(equalFaces, forKey: .equalFaces)
    try container.encode(area_A2, forKey: .area_A2)
    try container.encode(spacing_A, forKey: .spacing_A)
    try container.encode(kind, forKey: .kind)
    try container.encode(sentence, forKey: .sentence)
    try container.encode(plane, forKey: .plane)
    try container.encode(paperLabel, forKey: .paperLabel)
    try container.encode(paperCounterpart, forKey: .paperCounterpart)
    try container.encode(tasker, forKey: .tasker)
    try container.encode(isPolar, forKey: .isPolar)
    try container.encode(dipole_e_per_A, forKey: .dipole_e_per_A)
    try container.encode(excessCharge_e_per_A2, forKey: .excessCharge_e_per_A2)
    try container.encode(brokenBonds_per_nm2, forKey: .brokenBonds_per_nm2)
    try container.encode(cutClusterBonds_per_nm2, forKey: .cutClusterBonds_per_nm2)
    try container.encode(slab, forKey: .slab)
  }
}

/// What `interphase slab --json` prints.
struct SlabResult: Encodable {
  let formula: String
  let spaceGroup: String
  let spaceGroupNumber: Int
  let isChiral: Bool
  /// By element, each charge that occurs; null where none are known.
  let charges_e: [String: [Double]]?
  let terminations: [SlabRow]

  enum CodingKeys: String, CodingKey {
    case formula, spaceGroup, spaceGroupNumber, isChiral, charges_e, terminations
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(formula, forKey: .formula)
    try container.encode(spaceGroup, forKey: .spaceGroup)
    try container.encode(spaceGroupNumber, forKey: .spaceGroupNumber)
    try container.encode(isChiral, forKey: .isChiral)
    try container.encode(charges_e, forKey: .charges_e)
    try container.encode(terminations, forKey: .terminations)
  }

  init(
    crystal: Structure, symmetry: CrystalSymmetry, charges: FormalCharges?,
    of ready: CleavableCrystal, terminations: [SlabRow]
  ) {
    let reduced = crystal.composition.reduced
    // The order in which such formulas are written: Li6PS5Cl comes near.
    let order = reduced.elements.sorted {
      ($0.electronegativity ?? 9, $0) < ($1.electronegativity ?? 9, $1)
    }
    formula = Composition(order.map { ($0, reduced[$0]) }).formula
    spaceGroup = symmetry.symbol
    spaceGroupNumber = symmetry.number
    isChiral = symmetry.isChiral
    charges_e = charges.map { charges in
      Dictionary(grouping: zip(ready.primitive.species, charges.values), by: { $0.0.symbol })
        .mapValues { Array(Set($0.map(\.1))).sorted() }
    }
    self.terminations = terminations
  }

  var table: String {
    var lines = [
      "\(formula), \(spaceGroup) (\(spaceGroupNumber))" + (isChiral ? ", chiral" : ""),
      charges,
      " no.  face         equal  area    d      class  dipole   excess    broken  cut      atoms  kind",
      "                   faces  (Å²)    (Å)           (e/Å)    (e/Å²)    bonds (per nm²)         [plane]",
    ]
    for (number, row) in terminations.enumerated() {
      let cells: [(String, Int)] = [
        ("\(number + 1)", 4), (row.miller, 12), ("\(row.equalFaces.count)", 6),
        (Self.text(row.area_A2, 1), 7), (Self.text(row.spacing_A, 2), 6), (row.tasker ?? "-", 6),
        (Self.text(row.dipole_e_per_A, 3), 8), (Self.text(row.excessCharge_e_per_A2, 4), 9),
        (Self.text(row.brokenBonds_per_nm2, 1), 7), (Self.text(row.cutClusterBonds_per_nm2, 1), 8),
        ("\(row.slab.atoms)", 6),
      ]
      let line = cells.map {
        $0.0.padding(toLength: max($0.1, $0.0.count), withPad: " ", startingAt: 0)
      }
      let paper =
        row.paperLabel.map { ", the paper's \($0)" }
        ?? row.paperCounterpart.map { ", nearest to the paper's \($0)" } ?? ""
      lines.append(" " + line.joined(separator: " ") + " \(row.kind) [\(row.plane)\(paper)]")
    }
    lines.append(
      "\(terminations.count) terminations; class III has a dipole, excess is the charge of the "
        + "face of a slab of whole repeats.")
    return lines.joined(separator: "\n")
  }

  private var charges: String {
    guard let charges_e else { return "no formal charges: no dipoles and broken bonds are given" }
    let parts = charges_e.sorted { $0.key < $1.key }.map { element, values in
      element + " "
        + values.map { ($0 > 0 ? "+" : "") + String(format: "%g", $0) }.joined(separator: " and ")
    }
    return "formal charges (e): " + parts.joined(separator: ", ")
  }

  private static func text(_ x: Double?, _ digits: Int) -> String {
    // A zero has no sign.
    x.map { String(format: "%.\(digits)f", abs($0) < 0.5 * pow(10, -Double(digits)) ? 0 : $0) }
      ?? "-"
  }
}
