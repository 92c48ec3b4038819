import Atomistics
import Foundation
import Interfaces
import Workflows

/// What is told of a contact's match: cells, strain and stress of both sides, and what to mind.
struct MatchDetails: Encodable {
  let electrolyteSurface_A: [[Double]]
  let anodeSurface_A: [[Double]]
  let electrolyteSupercell: [[Int]]
  let anodeSupercell: [[Int]]
  let lattice_A: [[Double]]
  let lengthDifference_A: Double
  let angleDifference_degrees: Double
  let anodeStrain: [Double]
  let electrolyteStrain: [Double]
  let anodeVonMisesStrain: Double
  let electrolyteVonMisesStrain: Double
  let anodeStress_GPa: Double?
  let electrolyteStress_GPa: Double?
  let anodeThickness_A: Double
  let electrolyteThickness_A: Double
  let anodeCut_A: Double
  let electrolyteCut_A: Double
  let flags: [String]

  init(_ candidate: ContactCandidate, stress: ContactStress?) {
    func rows(_ lattice: PlaneLattice) -> [[Double]] {
      [[lattice.a.x, lattice.a.y], [lattice.b.x, lattice.b.y]]
    }
    func components(_ strain: SurfaceStrain) -> [Double] { [strain.xx, strain.yy, strain.xy] }
    let (match, shared) = (candidate.match, candidate.shared)
    electrolyteSurface_A = rows(candidate.electrolyte.surface)
    anodeSurface_A = rows(candidate.metal.surface)
    electrolyteSupercell = match.electrolyte.rows.map { [$0.x, $0.y] }
    anodeSupercell = match.metal.rows.map { [$0.x, $0.y] }
    lattice_A = rows(shared.lattice)
    lengthDifference_A = match.lengthDifference
    angleDifference_degrees = match.angleDifference
    anodeStrain = components(shared.metal)
    electrolyteStrain = components(shared.electrolyte)
    anodeVonMisesStrain = shared.metal.vonMises
    electrolyteVonMisesStrain = shared.electrolyte.vonMises
    anodeStress_GPa = stress.map { $0.metal(candidate) * Units.gigapascal }
    electrolyteStress_GPa = stress?.electrolyte(candidate).map { $0 * Units.gigapascal }
    anodeThickness_A = Double(candidate.metalLayers) * candidate.metal.spacing
    electrolyteThickness_A = Double(candidate.electrolyteLayers) * candidate.electrolyte.spacing
    (anodeCut_A, electrolyteCut_A) = (candidate.metalCut, candidate.cut)
    flags = Self.stressFlags(anodeStress_GPa, electrolyteStress_GPa)
  }

  private static func stressFlags(_ anode: Double?, _ electrolyte: Double?) -> [String] {
    let limit = ContactStress.paperLimit * Units.gigapascal
    return [("metal", anode), ("electrolyte", electrolyte)].compactMap { name, stress in
      guard let stress, stress > limit else { return nil }
      return String(
        format: "the %@ is under %.3f GPa, more than the paper's %.1f", name, stress, limit)
    }
  }

  /// Of both sides the larger; nil without elastic constants.
  var stress_GPa: Double? {
    anodeStress_GPa.map { max($0, electrolyteStress_GPa ?? 0) }
  }

  private enum CodingKeys: String, CodingKey {
    case electrolyteSurface_A, anodeSurface_A, electrolyteSupercell, anodeSupercell, lattice_A
    case lengthDifference_A, angleDifference_degrees, anodeStrain, electrolyteStrain
    case anodeVonMisesStrain, electrolyteVonMisesStrain, anodeStress_GPa, electrolyteStress_GPa
    case anodeThickness_A, electrolyteThickness_A, anodeCut_A, electrolyteCut_A, flags
  }

  // Keys whose value is not known are there as null.
  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(electrolyteSurface_A, forKey: .electrolyteSurface_A)
    try container.encode(anodeSurface_A, forKey: .anodeSurface_A)
    try container.encode(electrolyteSupercell, forKey: .electrolyteSupercell)
    try container.encode(anodeSupercell, forKey: .anodeSupercell)
    try container.encode(lattice_A, forKey: .lattice_A)
    try container.encode(lengthDifference_A, forKey: .lengthDifference_A)
    try container.encode(angleDifference_degrees, forKey: .angleDifference_degrees)
    try container.encode(anodeStrain, forKey: .anodeStrain)
    try container.encode(electrolyteStrain, forKey: .electrolyteStrain)
    try container.encode(anodeVonMisesStrain, forKey: .anodeVonMisesStrain)
    try container.encode(electrolyteVonMisesStrain, forKey: .electrolyteVonMisesStrain)
    try container.encode(anodeStress_GPa, forKey: .anodeStress_GPa)
    try container.encode(electrolyteStress_GPa, forKey: .electrolyteStress_GPa)
    try container.encode(anodeThickness_A, forKey: .anodeThickness_A)
    try container.encode(electrolyteThickness_A, forKey: .electrolyteThickness_A)
    try container.encode(anodeCut_A, forKey: .anodeCut_A)
    try container.encode(electrolyteCut_A, forKey: .electrolyteCut_A)
    try container.encode(flags, forKey: .flags)
  }
}
