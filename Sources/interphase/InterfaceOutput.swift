import Atomistics
import Foundation
import Interfaces
import Workflows

/// Contacts as a table and as JSON.
struct InterfaceOutput: Encodable {
  /// One contact.
  struct Match: Encodable {
    let contact: CoherentInterface
    let ranked: ContactRanking.Entry
    let details: MatchDetails
    let adhesion: WorkOfAdhesion?
    let registry: ContactRegistry?
    let files: ContactFiles?
    /// What else should be known of it, each a sentence.
    let remarks: [String]

    /// Relaxed, if that was asked for.
    var adhesion_J_per_m2: Double? {
      adhesion.map { ($0.relaxed ?? $0.rigid) * WorkOfAdhesion.joulesPerSquareMetre }
    }

    enum CodingKeys: String, CodingKey {
      case electrolyteMiller, anodeMiller, area_A2, lengthMismatch, angleMismatch
      case vonMisesStrain, stress_GPa, terminations, gap_A, closestPair, closestDistance_A
      case contactPlanes_A, atoms, metalAtoms, adhesion_J_per_m2, adhesionRigid_J_per_m2
      case adhesionConverged, registryShift_A, registry, file, files, remarks
      case kind, groups, paperLabel, paperCounterpart, tasker, isPolar, dipole_e_per_A
      case excessCharge_e_per_A2, brokenBonds_per_nm2, cutClusterBonds_per_nm2, concerns
    }

    // Keys whose value is not known are there as null.
    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      let match = contact.match
      try container.encode(contact.electrolyteMiller.description, forKey: .electrolyteMiller)
      try container.encode(contact.metalMiller.description, forKey: .anodeMiller)
      try container.encode(contact.shared.lattice.area, forKey: .area_A2)
      try container.encode(match.lengthMismatch, forKey: .lengthMismatch)
      try container.encode(match.angleMismatch, forKey: .angleMismatch)
      try container.encode(contact.shared.largest, forKey: .vonMisesStrain)
      try container.encode(details.stress_GPa, forKey: .stress_GPa)
      try container.encode(contact.terminations, forKey: .terminations)
      try container.encode(contact.gap, forKey: .gap_A)
      let pair = contact.closestPair
      try container.encode("\(pair.metal)-\(pair.electrolyte)", forKey: .closestPair)
      try container.encode(pair.distance, forKey: .closestDistance_A)
      try container.encode(contact.contactPlanes, forKey: .contactPlanes_A)
      try container.encode(contact.structure.count, forKey: .atoms)
      try container.encode(contact.metalAtoms, forKey: .metalAtoms)
      try container.encode(adhesion_J_per_m2, forKey: .adhesion_J_per_m2)
      try container.encode(
        adhesion.map { $0.rigid * WorkOfAdhesion.joulesPerSquareMetre },
        forKey: .adhesionRigid_J_per_m2)
      try container.encode(adhesion.map(\.converged), forKey: .adhesionConverged)
      try container.encode([contact.shift.x, contact.shift.y], forKey: .registryShift_A)
      try container.encode(registry.map(InterfaceOutput.Registry.init), forKey: .registry)
      try container.encode(files?.extxyz, forKey: .file)
      try container.encode(files, forKey: .files)
      try container.encode(remarks, forKey: .remarks)
      try encodeTermination(in: &container)
      try details.encode(to: encoder)
    }

    private func encodeTermination(
      in container: inout KeyedEncodingContainer<CodingKeys>
    ) throws {
      let (kind, character) = (ranked.kind, ranked.character)
      try container.encode(ranked.outermost, forKey: .kind)
      try container.encode(kind.groups, forKey: .groups)
      try container.encode(kind.paperLabel, forKey: .paperLabel)
      try container.encode(kind.paperCounterpart, forKey: .paperCounterpart)
      try container.encode(character.tasker, forKey: .tasker)
      try container.encode(character.tasker.map { $0 == .dipole }, forKey: .isPolar)
      try container.encode(character.dipole, forKey: .dipole_e_per_A)
      try container.encode(character.excessCharge, forKey: .excessCharge_e_per_A2)
      try container.encode(character.brokenBonds, forKey: .brokenBonds_per_nm2)
      try container.encode(character.cutClusterBonds, forKey: .cutClusterBonds_per_nm2)
      try container.encode(ranked.concerns, forKey: .concerns)
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
  /// Whether `matches` are one of each kind, else the best of all.
  let isShortlist: Bool
  /// Kinds of termination that no contact within the limits has.
  let missingKinds: [String]
  let matches: [Match]
  /// The page with the pictures, if it was written.
  let page: String?

  private static let columns: [(String, String, Int)] = [
    ("no.", "", 3), ("electrolyte", "", 11), ("metal", "", 9), ("area", "(Å²)", 6),
    ("strain", "(vM, %)", 7), ("stress", "(GPa)", 6), ("gap", "(Å)", 5), ("atoms", "", 5),
    ("dipole", "(e/Å)", 7), ("broken", "(1/nm²)", 7), ("adhesion", "(J/m²)", 8),
    ("concerns", "", 14),
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
      line(Self.columns.map(\.0), "electrolyte's outermost group"),
      line(Self.columns.map(\.1), "(label of the paper)"),
    ]
    for (number, match) in matches.enumerated() {
      lines.append(line(cells(match, number + 1), group(match)))
    }
    let what =
      isShortlist
      ? "the shortlist: the best of each kind of termination (--count N shows the N best of all)"
      : "the best first"
    lines.append("\(matches.count) of \(found) contacts within the limits, \(what).")
    if !missingKinds.isEmpty {
      lines.append(
        "No contact within the limits ends in: \(missingKinds.joined(separator: ", ")).")
    }
    lines += notes
    if let page { lines.append("Written, with pictures: \(page)") }
    return lines.joined(separator: "\n")
  }

  private func cells(_ match: Match, _ number: Int) -> [String] {
    func text(_ value: Double?, _ decimals: Int) -> String {
      value.map { String(format: "%.\(decimals)f", $0) } ?? "-"
    }
    let (contact, character) = (match.contact, match.ranked.character)
    let concerns = match.ranked.concerns.map(\.rawValue).joined(separator: ", ")
    return [
      "\(number)", contact.electrolyteMiller.description, contact.metalMiller.description,
      text(contact.shared.lattice.area, 1), text(contact.shared.largest * 100, 3),
      text(match.details.stress_GPa, 2), text(contact.gap, 2), "\(contact.structure.count)",
      text(character.dipole, 3), text(character.brokenBonds, 1),
      text(match.adhesion_J_per_m2, 3) + (match.adhesion?.converged == false ? "*" : ""),
      concerns.isEmpty ? "none" : concerns,
    ]
  }

  private func group(_ match: Match) -> String {
    let kind = match.ranked.kind
    if let label = kind.paperLabel { return "\(kind.name) (\(label))" }
    return kind.paperCounterpart.map { "\(kind.name) (nearest to \($0))" } ?? kind.name
  }

  /// What the words of the table mean, where they occur.
  private var notes: [String] {
    var notes: [String] = []
    let concerns = Set(matches.flatMap(\.ranked.concerns))
    if concerns.contains(.polar) {
      notes.append(
        "polar: the electrolyte's slab has a dipole (Tasker's class III), which its atoms will screen."
      )
    }
    if concerns.contains(.stress) {
      notes.append("stress: a side is under more than the paper's 0.1 GPa.")
    }
    if concerns.contains(.cutsClusters) {
      notes.append("cuts clusters: bonds of clusters end at the face.")
    }
    if matches.contains(where: { $0.adhesion?.converged == false }) {
      notes.append("* a relaxation did not converge; the value is that of where it ended.")
    }
    return notes
  }
}
