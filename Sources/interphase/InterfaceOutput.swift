import Atomistics
import Foundation
import Interfaces
import Workflows

/// Contacts as a table and as JSON.
struct InterfaceOutput: Encodable {
  struct Match: Encodable {
    let electrolyteMiller: String
    let anodeMiller: String
    let area_A2: Double
    let lengthMismatch: Double
    let angleMismatch: Double
    let vonMisesStrain: Double
    let stress_GPa: Double?
    let terminations: [String]
    let gap_A: Double
    let closestPair: String
    let closestDistance_A: Double
    let contactPlanes_A: [Double]
    let atoms: Int
    let metalAtoms: Int
    /// Relaxed, if that was asked for.
    let adhesion_J_per_m2: Double?
    let adhesionRigid_J_per_m2: Double?
    let adhesionConverged: Bool?
    let registryShift_A: [Double]
    let registry: Registry?
    let file: String?
    let files: ContactFiles?
    /// What else should be known of it, each a sentence.
    let remarks: [String]

    enum CodingKeys: String, CodingKey {
      case electrolyteMiller, anodeMiller, area_A2, lengthMismatch, angleMismatch
      case vonMisesStrain, stress_GPa, terminations, gap_A, closestPair, closestDistance_A
      case contactPlanes_A, atoms, metalAtoms, adhesion_J_per_m2, adhesionRigid_J_per_m2
      case adhesionConverged, registryShift_A, registry, file, files, remarks
    }

    // Keys whose value is not known are there as null.
    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(electrolyteMiller, forKey: .electrolyteMiller)
      try container.encode(anodeMiller, forKey: .anodeMiller)
      try container.encode(area_A2, forKey: .area_A2)
      try container.encode(lengthMismatch, forKey: .lengthMismatch)
      try container.encode(angleMismatch, forKey: .angleMismatch)
      try container.encode(vonMisesStrain, forKey: .vonMisesStrain)
      try container.encode(stress_GPa, forKey: .stress_GPa)
      try container.encode(terminations, forKey: .terminations)
      try container.encode(gap_A, forKey: .gap_A)
      try container.encode(closestPair, forKey: .closestPair)
      try container.encode(closestDistance_A, forKey: .closestDistance_A)
      try container.encode(contactPlanes_A, forKey: .contactPlanes_A)
      try container.encode(atoms, forKey: .atoms)
      try container.encode(metalAtoms, forKey: .metalAtoms)
      try container.encode(adhesion_J_per_m2, forKey: .adhesion_J_per_m2)
      try container.encode(adhesionRigid_J_per_m2, forKey: .adhesionRigid_J_per_m2)
      try container.encode(adhesionConverged, forKey: .adhesionConverged)
      try container.encode(registryShift_A, forKey: .registryShift_A)
      try container.encode(registry, forKey: .registry)
      try container.encode(file, forKey: .file)
      try container.encode(files, forKey: .files)
      try container.encode(remarks, forKey: .remarks)
    }
  }

  struct Registry: Encodable {
    struct Point: Encodable {
      let shift_A: [Double]
      let gap_A: Double
      let energy_eV: Double
    }
    struct Relaxed: Encodable {
      let shift_A: [Double]
      let energy_eV: Double
      let converged: Bool
    }
    /// Rows of the cell of distinct shifts.
    let cell_A: [[Double]]
    let divisions: [Int]
    let points: [Point]
    let relaxed: [Relaxed]

    init(_ registry: ContactRegistry) {
      let scan = registry.scan
      cell_A = [scan.cell.a, scan.cell.b].map { [$0.x, $0.y] }
      divisions = [scan.divisions.x, scan.divisions.y]
      points = scan.points.map {
        Point(shift_A: [$0.shift.x, $0.shift.y], gap_A: $0.gap, energy_eV: $0.energy)
      }
      relaxed = registry.relaxed.map {
        Relaxed(
          shift_A: [$0.point.shift.x, $0.point.shift.y], energy_eV: $0.energy,
          converged: $0.converged)
      }
    }
  }

  let found: Int
  let matches: [Match]
  /// The page with the pictures, if it was written.
  let page: String?

  private static let columns: [(String, String, Int)] = [
    ("no.", "", 4), ("electrolyte", "", 12), ("metal", "", 11), ("area", "(Å²)", 7),
    ("strain", "(vM, %)", 8), ("stress", "(GPa)", 8), ("gap", "(Å)", 6),
    ("closest pair", "(Å)", 13),
    ("atoms", "", 6), ("adhesion", "(J/m²)", 9),
  ]

  /// For a person.
  var table: String {
    func line(_ cells: [String], _ last: String) -> String {
      " "
        + zip(cells, Self.columns).map {
          $0.padding(toLength: max($1.2, $0.count), withPad: " ", startingAt: 0)
        }.joined(separator: " ") + " " + last
    }
    var lines = [
      line(Self.columns.map(\.0), "at the contact"),
      line(Self.columns.map(\.1), "metal | electrolyte"),
    ]
    for (number, match) in matches.enumerated() {
      func text(_ value: Double?, _ decimals: Int) -> String {
        value.map { String(format: "%.\(decimals)f", $0) } ?? "-"
      }
      lines.append(
        line(
          [
            "\(number + 1)", match.electrolyteMiller, match.anodeMiller, text(match.area_A2, 1),
            text(match.vonMisesStrain * 100, 3), text(match.stress_GPa, 2), text(match.gap_A, 2),
            "\(match.closestPair) \(text(match.closestDistance_A, 2))", "\(match.atoms)",
            text(match.adhesion_J_per_m2, 3) + (match.adhesionConverged == false ? "*" : ""),
          ], match.terminations.joined(separator: " | ")))
    }
    lines.append("\(matches.count) of \(found) contacts within the limits, least strain first.")
    if matches.contains(where: { $0.adhesionConverged == false }) {
      lines.append("* a relaxation did not converge; the value is that of where it ended.")
    }
    if let page { lines.append("Written, with pictures: \(page)") }
    return lines.joined(separator: "\n")
  }
}
