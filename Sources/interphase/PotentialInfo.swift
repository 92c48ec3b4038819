import ArgumentParser
import FileFormats
import Foundation
import Potentials
import Workflows

struct PotentialInfo: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "info", abstract: "What a potential is made of.",
    discussion: """
      A potential's file holds no training frames, so that no extrapolation grade is available \
      until `interphase potential active-set` makes an active set from some; one that lies beside \
      the file as active-set.json is named.

      Example: interphase potential info nep89
      """)

  @Argument(help: "The potential's name, or the path of a nep.txt file.")
  var name: String

  @OptionGroup var common: CommonOptions

  private struct Info: Encodable {
    let name, path, format, sha256: String
    let licence, citation: String?
    let species: [String]
    let radialCutoffs_A: [Double]
    let angularCutoffs_A: [Double]
    let n_max: [Int]
    let basis_size: [Int]
    let l_max: [Int]
    let neurons: Int
    let parameters: Int
    let zbl: String
    let grade: String
  }

  func run() throws {
    let info = try describe()
    if common.json { return try common.printJSON(info) }
    func range(_ values: [Double]) -> String {
      Set(values).sorted().map { "\($0)" }.joined(separator: ", ") + " Å"
    }
    let rows = [
      ("path", info.path), ("format", info.format),
      ("species", "\(info.species.count): " + info.species.joined(separator: " ")),
      ("radial cut-off", range(info.radialCutoffs_A)),
      ("angular cut-off", range(info.angularCutoffs_A)),
      ("n_max", "\(info.n_max[0]) radial, \(info.n_max[1]) angular"),
      ("basis_size", "\(info.basis_size[0]) radial, \(info.basis_size[1]) angular"),
      (
        "l_max",
        "\(info.l_max[0]) three-body, \(info.l_max[1]) four-body, "
          + "\(info.l_max[2]) five-body"
      ),
      ("neurons", "\(info.neurons)"), ("parameters", "\(info.parameters)"), ("ZBL", info.zbl),
      ("grade", info.grade),
      ("licence", info.licence ?? "not known to the program"),
      ("cite", info.citation ?? "not known to the program"), ("SHA-256", info.sha256),
    ]
    for (label, value) in rows {
      print(label + String(repeating: " ", count: max(1, 17 - label.count)) + value)
    }
  }

  private func describe() throws -> Info {
    let path = try PotentialLibrary.resolve(name)
    let header = try NEPFile(path: path).header
    let digest = try SHA256Digest.hex(ofFile: path)
    let known = KnownPotential.with(sha256: digest)
    let zbl =
      switch header.repulsion {
      case .none: "none"
      case .universal(let inner, let outer): "universal, switched off from \(inner) to \(outer) Å"
      case .covalent(let factor, let outer):
        "universal, switched off up to \(factor) times the sum of covalent radii, at most \(outer) Å"
      case .flexible: "flexible, its own numbers for each pair"
      }
    return Info(
      name: known?.name ?? name, path: path, format: header.format, sha256: digest,
      licence: known?.licence, citation: known?.citation,
      species: header.species.map(\.symbol), radialCutoffs_A: header.radialCutoffs,
      angularCutoffs_A: header.angularCutoffs, n_max: [header.radialOrder, header.angularOrder],
      basis_size: [header.radialBasis, header.angularBasis],
      l_max: [header.maximumL, header.hasFourBody ? 2 : 0, header.hasFiveBody ? 1 : 0],
      neurons: header.neurons, parameters: header.parameterCount, zbl: zbl,
      grade: Self.grade(path))
  }

  /// A carried potential has its active set beside it.
  private static func grade(_ path: String) -> String {
    let set = URL(fileURLWithPath: path).deletingLastPathComponent()
      .appendingPathComponent("active-set.json").path
    return FileManager.default.fileExists(atPath: set)
      ? "against \(set)"
      : "not available; `interphase potential active-set` makes a set to measure against"
  }
}
