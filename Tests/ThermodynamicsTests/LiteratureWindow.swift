import Atomistics
import Foundation
import Testing
import Thermodynamics

/// A published window and what our table of phases gives for it; see the fixture's first lines.
struct LiteratureWindow: CustomTestStringConvertible, Sendable {
  struct Edges: Sendable, Equatable {
    let reduction: Double
    let oxidation: Double
  }

  /// Published, and recomputed from our table; eV per atom of the solid.
  struct Energy: Sendable {
    let voltage: Double
    let published: Double
    let recomputed: Double
  }

  let formula: String
  let intact: [String]
  let doi: String
  let published: Edges?
  let recomputed: Edges?
  /// The schemes on which `recomputed` holds.
  let schemes: [CorrectionScheme]
  let onScheme: [CorrectionScheme: Edges?]
  let energies: [Energy]
  /// nil where the source says nothing.
  let reductionProducts: [String]?
  let oxidationProducts: [String]?
  let productsAt0V: [String]?
  let productsAt5V: [String]?

  var testDescription: String {
    ([formula] + intact + [schemes.map(\.rawValue).joined(separator: ", ")])
      .joined(separator: ", ")
  }

  func stability(_ scheme: CorrectionScheme) throws -> ElectrolyteStability {
    try ElectrolyteStability(
      of: formula, in: try Reference.table(scheme), workingIon: Element("Li")!, intact: intact)
  }
}

extension LiteratureWindow {
  static func load() throws -> [LiteratureWindow] {
    let url = try #require(
      Bundle.module.url(
        forResource: "literature-windows", withExtension: "csv", subdirectory: "Fixtures"))
    let lines = try String(contentsOf: url, encoding: .utf8).split(separator: "\n")
      .filter { !$0.hasPrefix("#") }
    let names = cells(try #require(lines.first))
    return try lines.dropFirst().map { line in
      let values = cells(line)
      try #require(values.count == names.count, "\(line)")
      return try LiteratureWindow(
        row: Dictionary(uniqueKeysWithValues: zip(names, values)))
    }
  }

  private init(row: [String: String]) throws {
    func cell(_ name: String) throws -> String { try #require(row[name], "no column \(name)") }
    func products(_ name: String) throws -> [String]? {
      let text = try cell(name)
      return text.isEmpty ? nil : text.components(separatedBy: " + ")
    }
    formula = try cell("formula")
    intact = try cell("intact").split(separator: " ").map(String.init)
    doi = try cell("doi")
    published = try Self.edges(cell("published_V"))
    recomputed = try Self.edges(cell("recomputed_V"))
    schemes = try cell("schemes").split(separator: " ").map {
      try #require(CorrectionScheme(rawValue: String($0)))
    }
    var windows: [CorrectionScheme: Edges?] = [:]
    for scheme in CorrectionScheme.allCases {
      windows.updateValue(try Self.edges(cell("\(scheme.rawValue)_V")), forKey: scheme)
    }
    onScheme = windows
    energies = try [("0V", 0.0), ("5V", 5.0)].compactMap { name, voltage in
      guard let published = Double(try cell("published_\(name)_eV")) else { return nil }
      let recomputed = try #require(Double(try cell("recomputed_\(name)_eV")))
      return Energy(voltage: voltage, published: published, recomputed: recomputed)
    }
    reductionProducts = try products("reduction_products")
    oxidationProducts = try products("oxidation_products")
    productsAt0V = try products("products_0V")
    productsAt5V = try products("products_5V")
  }

  private static func cells(_ line: Substring) -> [String] {
    line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
  }

  private static func edges(_ text: String) throws -> Edges? {
    if text == "none" { return nil }
    let values = text.split(separator: "-").compactMap { Double($0) }
    try #require(values.count == 2, "\(text) is not two voltages")
    return Edges(reduction: values[0], oxidation: values[1])
  }
}
