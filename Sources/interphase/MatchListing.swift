import Atomistics
import Foundation
import Interfaces

/// `interphase interface --matches`: the matches of the lattices, before any slab is made.
struct MatchListing {
  private struct Match: Encodable {
    let electrolyteMiller: String
    let anodeMiller: String
    let area_A2: Double
    let lengthMismatch: Double
    let angleMismatch: Double
    let lengthDifference_A: Double
    let angleDifference_degrees: Double
    let vonMisesStrain: Double
    /// Of the metal, if it takes all: xx, yy, xy.
    let strain: [Double]
    let electrolyteSurface_A: [[Double]]
    let anodeSurface_A: [[Double]]
    let electrolyteSupercell: [[Int]]
    let anodeSupercell: [[Int]]
    /// Rows are x, y and z of the slab in the axes of the crystal as given.
    let electrolyteRotation: [[Double]]
    let anodeRotation: [[Double]]
  }
  private struct Result: Encodable {
    let found: Int
    let matches: [Match]
  }
  private let matches: [Match]

  init(electrolyte: CleavableCrystal, metal: CleavableCrystal, settings: ContactSettings) throws {
    func rows(_ lattice: PlaneLattice) -> [[Double]] {
      [[lattice.a.x, lattice.a.y], [lattice.b.x, lattice.b.y]]
    }
    func rows(_ m: Matrix3) -> [[Double]] { (0..<3).map { [m[$0].x, m[$0].y, m[$0].z] } }
    func rows(_ m: PlaneSupercell) -> [[Int]] { m.rows.map { [$0.x, $0.y] } }
    matches = try CoherentInterface.matches(
      electrolyte: electrolyte, metal: metal, settings: settings
    ).map {
      let match = $0.match
      return Match(
        electrolyteMiller: $0.electrolyteMiller.description,
        anodeMiller: $0.metal.miller.description,
        area_A2: match.area, lengthMismatch: match.lengthMismatch,
        angleMismatch: match.angleMismatch, lengthDifference_A: match.lengthDifference,
        angleDifference_degrees: match.angleDifference, vonMisesStrain: match.vonMisesStrain,
        strain: [match.strain.x, match.strain.y, match.strain.z],
        electrolyteSurface_A: rows($0.electrolyte.surface), anodeSurface_A: rows($0.metal.surface),
        electrolyteSupercell: rows(match.electrolyte), anodeSupercell: rows(match.metal),
        electrolyteRotation: rows($0.electrolyte.rotation), anodeRotation: rows($0.metal.rotation))
    }
  }

  func show(_ common: CommonOptions) throws {
    if common.json { return try common.printJSON(Result(found: matches.count, matches: matches)) }
    print(" electrolyte  metal       area (Å²)  lengths (%)  angle (%)  strain (vM, %)")
    for match in matches {
      print(
        String(
          format: " %@ %@ %9.2f  %11.3f  %9.3f  %14.4f",
          match.electrolyteMiller.padding(toLength: 12, withPad: " ", startingAt: 0),
          match.anodeMiller.padding(toLength: 11, withPad: " ", startingAt: 0), match.area_A2,
          match.lengthMismatch * 100, match.angleMismatch * 100, match.vonMisesStrain * 100))
    }
    print("\(matches.count) matches within the limits, each once, least strain first.")
  }
}
