import ArgumentParser
import Atomistics
import Foundation
import Interfaces
import Workflows

/// What `interphase interface --like pymatgen` shows: terminations of the faces, matches, contacts.
struct PymatgenListing {
  struct Termination: Encodable {
    let number: Int
    let shift: Double
    let label: String
    let cutBonds: Int
  }
  struct Match: Encodable {
    let electrolyteMiller: String
    let anodeMiller: String
    let area_A2: Double
    let electrolyteTransformation: [[Int]]
    let anodeTransformation: [[Int]]
    /// Two lengths (Å) and the angle (degrees).
    let electrolyteLattice: [Double]
    let anodeLattice: [Double]
    /// Of the film.
    let strain: [Double]
    let vonMisesStrain: Double
    var atoms: Int?
    var files: ContactFiles?
  }
  private struct Result: Encodable {
    let convention = "pymatgen 2026.10.24"
    let film: String
    let found: Int
    let electrolyteTerminations: [Termination]?
    let anodeTerminations: [Termination]?
    /// Numbers of the lists.
    let terminations: [Int]?
    let matches: [Match]
  }

  let film: Region
  var matches: [Match] = []
  /// Of a single pair of faces; electrolyte, metal.
  var terminations: (electrolyte: [Termination], metal: [Termination])?
  /// By which numbers contacts were built.
  var chosen: (electrolyte: Int, metal: Int)?

  func show(_ common: CommonOptions) throws {
    if common.json {
      return try common.printJSON(
        Result(
          film: film.rawValue, found: matches.count,
          electrolyteTerminations: terminations?.electrolyte,
          anodeTerminations: terminations?.metal,
          terminations: chosen.map { [$0.electrolyte, $0.metal] }, matches: matches))
    }
    if let terminations {
      show("electrolyte", terminations.electrolyte)
      show("metal", terminations.metal)
    }
    print(" electrolyte  metal       area (Å²)  strain (vM, %)  cells")
    for match in matches {
      let line = String(
        format: " %@ %@ %9.2f  %14.4f  %@ | %@",
        match.electrolyteMiller.padding(toLength: 12, withPad: " ", startingAt: 0),
        match.anodeMiller.padding(toLength: 11, withPad: " ", startingAt: 0), match.area_A2,
        match.vonMisesStrain * 100, "\(match.electrolyteTransformation)",
        "\(match.anodeTransformation)")
      print(line + (match.files.map { "  \(match.atoms ?? 0) atoms  \($0.extxyz)" } ?? ""))
    }
    let name = film == .electrolyte ? "electrolyte" : "metal"
    print("\(matches.count) matches as pymatgen lists them, the \(name) strained as its film.")
    if let chosen {
      print(
        "Built with terminations \(chosen.electrolyte) and \(chosen.metal); the film is mirrored, "
          + "as in pymatgen.")
    }
  }

  private func show(_ side: String, _ terminations: [Termination]) {
    print("Terminations of the \(side):")
    print("  number   shift  bonds of clusters cut  label")
    for one in terminations {
      print(String(format: "  %6d  %.4f  %21d  %@", one.number, one.shift, one.cutBonds, one.label))
    }
    print("")
  }
}
