import ArgumentParser
import Atomistics
import Thermodynamics

/// From which band gap on a product counts as an insulator.
struct GapOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Products with a smaller band gap conduct, e.g. \"0.5 eV\"; a bare number is in eV.",
      valueName: "gap"))
  var gapThreshold = "0.5 eV"

  /// In eV.
  func threshold() throws -> Double {
    let value = try Double(gapThreshold) ?? Quantity.energy(gapThreshold)
    guard value > 0, value.isFinite else {
      throw ValidationError("--gap-threshold is a gap above 0 eV, not '\(gapThreshold)'.")
    }
    return value
  }
}

/// The column that says whether the products insulate, and the line below the table.
struct ConductivityColumn {
  let cells: [String]
  let note: String
}

/// The column, if the table has any band gap.
///
/// - Throws: `ValidationError` for a threshold that is none.
func conductivityColumn(
  _ found: ElectrolyteStability, _ table: EntryTable, _ options: GapOptions
) throws -> ConductivityColumn? {
  let threshold = try options.threshold()
  guard table.hasBandGaps else { return nil }
  return ConductivityColumn(
    cells: found.productConductivities(threshold: threshold).map { products in
      products.phases.isEmpty
        ? products.name : "\(products.name): \(products.phases.joined(separator: ", "))"
    },
    note: """
      Products: conducting where one has a band gap below \(tidy(threshold)) eV, unknown where none \
      has and a gap is not known, insulating where all gaps are at or above it.
      """)
}

/// What `window` says of the products of a step.
struct ProductsOutput: Encodable {
  enum CodingKeys: String, CodingKey {
    case name = "class"
    case phases
    case gapThreshold_eV
  }

  let name: String
  let phases: [String]
  let gapThreshold_eV: Double

  init(_ products: ProductConductivity) {
    name = products.name
    phases = products.phases
    gapThreshold_eV = products.threshold
  }
}
