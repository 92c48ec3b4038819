import ArgumentParser
import Atomistics
import Foundation
import Interfaces

/// `interphase interface --like pymatgen`: the list that ZSLGenerator makes for each pair of faces.
struct PymatgenListing {
  private struct Match: Encodable {
    let electrolyteMiller: String
    let anodeMiller: String
    let area_A2: Double
    let electrolyteTransformation: [[Int]]
    let anodeTransformation: [[Int]]
    /// Two lengths (Å) and the angle (degrees).
    let electrolyteLattice: [Double]
    let anodeLattice: [Double]
    let strain: [Double]
    let vonMisesStrain: Double
  }
  private struct Result: Encodable {
    let convention = "pymatgen 2026.10.24"
    let film = "electrolyte"
    let substrate = "anode"
    let found: Int
    let matches: [Match]
  }

  private let matches: [Match]

  init(
    electrolyte: Structure, metal: Structure, settings: ContactSettings, options: MatchOptions
  ) throws {
    guard settings.limits.kind == .relative else {
      throw ValidationError("pymatgen's limits are relative; --absolute-length does not go with it")
    }
    try settings.validate()
    var search = PymatgenMatches()
    search.area = settings.limits.area
    search.length = settings.limits.length
    search.angle = settings.limits.angle
    search.bidirectional = options.bidirectional
    func cells(_ crystal: Structure, _ face: String?) throws -> [OrientedCell] {
      let faces =
        try face.map { [try Self.miller($0)] }
        ?? MillerIndex.all(upTo: settings.maximumIndex)
      return faces.map { OrientedCell(crystal, up: $0) }
    }
    let (films, metals) = (
      try cells(electrolyte, options.electrolyteFace), try cells(metal, options.anodeFace)
    )
    matches = films.flatMap { film in
      metals.flatMap { metal in
        search.all(film: film.surface, substrate: metal.surface).map {
          Match(
            electrolyteMiller: film.miller.description, anodeMiller: metal.miller.description,
            area_A2: $0.area, electrolyteTransformation: Self.rows($0.filmTransformation),
            anodeTransformation: Self.rows($0.substrateTransformation),
            electrolyteLattice: [$0.film.a, $0.film.b, $0.film.angle],
            anodeLattice: [$0.substrate.a, $0.substrate.b, $0.substrate.angle],
            strain: [$0.strain.xx, $0.strain.yy, $0.strain.xy],
            vonMisesStrain: $0.strain.vonMises)
        }
      }
    }
  }

  func show(_ common: CommonOptions) throws {
    if common.json { return try common.printJSON(Result(found: matches.count, matches: matches)) }
    print(" electrolyte  metal       area (Å²)  strain (vM, %)  cells")
    for match in matches {
      print(
        String(
          format: " %@ %@ %9.2f  %14.4f  %@ | %@",
          match.electrolyteMiller.padding(toLength: 12, withPad: " ", startingAt: 0),
          match.anodeMiller.padding(toLength: 11, withPad: " ", startingAt: 0), match.area_A2,
          match.vonMisesStrain * 100, "\(match.electrolyteTransformation)",
          "\(match.anodeTransformation)"))
    }
    print("\(matches.count) matches as pymatgen lists them, the electrolyte strained as its film.")
  }

  private static func rows(_ matrix: PlaneSupercell) -> [[Int]] {
    matrix.rows.map { [$0.x, $0.y] }
  }

  private static func miller(_ text: String) throws -> MillerIndex {
    let numbers = text.split { " (),".contains($0) }.map { Int($0) }
    guard numbers.count == 3, let h = numbers[0], let k = numbers[1], let l = numbers[2],
      let face = MillerIndex(validating: h, k, l)
    else {
      throw ValidationError(
        "a face is three whole numbers without a common divisor, e.g. \"1 1 0\"; it is '\(text)'")
    }
    return face
  }
}
