import ArgumentParser
import Atomistics
import Foundation
import Thermodynamics
import Workflows

/// `interphase diagram`: the phase diagram as a picture.
struct Diagram: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Draw a phase diagram: hull, Gibbs triangle, tetrahedron or a section.",
    discussion: """
      Two components give the hull against composition, three a triangle, four a tetrahedron. More \
      need --section: the plane or the space through two to four compositions. A region of a section \
      whose phases lie outside it has a letter, and the key tells them. Phases stand at the mole \
      fractions of the corners' formula units as typed.

      --intact makes a compound a corner in place of all its elements but the working ion. With \
      --voltage the diagram is open to the working ion, which is then no corner.

      -o names the picture, an SVG file; its data go beside it as CSV.

      Examples:
        interphase diagram --entries Data/phases.csv --system Li-P-S -o Li-P-S.svg
        interphase diagram --entries Data/phases.csv --system Li-P-S-B-H --intact LiBH4 \\
          --target "Li6PS5(BH4)" -o fig1b.svg
        interphase diagram --entries Data/phases.csv --system Li-P-S-Cl \\
          --section "Li2S,P2S5,LiCl" --target Li6PS5Cl -o section.svg
      """)

  @OptionGroup var entryOptions: EntryOptions

  @OptionGroup var systemOptions: SystemOptions

  @Option(help: "Two to four compositions as corners, joined by commas, e.g. \"Li2S,P2S5,LiCl\".")
  var section: String?

  @Option(parsing: .upToNextOption, help: "Compositions to mark, e.g. Li6PS5Cl.")
  var target: [String] = []

  @Option(help: "Draw entries up to this far above the hull too, e.g. \"50 meV/atom\".")
  var showUnstable: String?

  @OptionGroup var common: CommonOptions

  func run() throws {
    let table = try entryOptions.table()
    let figure = try figure(table)
    for warning in entryOptions.schemeWarning(table) {
      common.say("interphase: \(warning)")
    }
    let files = try common.output.map { try figure.write(to: $0) } ?? []
    if common.json {
      try common.printJSON(DiagramOutput(figure, files: files))
    } else {
      print(text(figure))
    }
  }

  private func figure(_ table: EntryTable) throws -> PhaseDiagramFigure {
    let ion = try entryOptions.ion()
    let diagram = try systemOptions.diagram(of: table, workingIon: ion)
    return try PhaseDiagramFigure(
      of: diagram,
      corners: try section.map {
        try $0.split(separator: ",", omittingEmptySubsequences: false).map {
          try component(String($0))
        }
      },
      targets: try target.map(component),
      showingUnstable: try showUnstable.map { try Quantity.energyPerAtom($0) },
      title: systemOptions.basis.voltage.map { "\(ion) reservoir at \(fixed($0, 2)) V" } ?? "")
  }

  private func component(_ formula: String) throws -> ComponentBasis.Component {
    let name = formula.trimmingCharacters(in: .whitespaces)
    return ComponentBasis.Component(formula: name, composition: try Composition(formula: name))
  }

  private func text(_ figure: PhaseDiagramFigure) -> String {
    let corners = figure.section.simplex.vertices.map(\.formula)
    let rows = figure.nodes.map { node in
      [
        node.formula, node.kind,
        node.hullDistance_eV_per_atom.map { fixed($0 * 1000, 1) } ?? "-",
      ] + node.fractions.map { fixed($0, 4) }
    }
    let regions = figure.section.regions.map {
      "  " + $0.phases.map(\.formula).joined(separator: " + ")
    }
    let turned = figure.targets.map {
      "\($0.component.formula) turns into \(sumText($0.decomposition.phases))"
    }
    return
      ([
        figure.caption, "", columns([["phase", "kind", "above hull (meV/atom)"] + corners] + rows),
      ]
      + (turned.isEmpty ? [] : [""] + turned)
      + (regions.isEmpty ? [] : ["", "Regions:"] + regions)).joined(separator: "\n")
  }
}

/// The JSON object of `diagram`.
private struct DiagramOutput: Encodable {
  struct Node: Encodable {
    let formula: String
    let kind: String
    let fractions: [Double]
    let hullDistance_eV_per_atom: Nullable<Double>
  }
  struct Line: Encodable {
    let first: Int
    let second: Int
    let phases: [String]
  }
  struct Region: Encodable {
    let phases: [String]
    let corners: [[Double]]
    let area: Double
  }
  struct Target: Encodable {
    let formula: String
    let decomposition: [String: Double]
  }

  let corners: [String]
  let nodes: [Node]
  let lines: [Line]
  let regions: [Region]
  let targets: [Target]
  let caption: String
  let files: [String]

  init(_ figure: PhaseDiagramFigure, files: [String]) {
    corners = figure.section.simplex.vertices.map(\.formula)
    nodes = figure.nodes.map {
      Node(
        formula: $0.formula, kind: $0.kind, fractions: $0.fractions.map(tidy),
        hullDistance_eV_per_atom: Nullable($0.hullDistance_eV_per_atom.map(tidy)))
    }
    lines = figure.tiedNodes.map {
      Line(
        first: $0.first, second: $0.second,
        phases: [figure.nodes[$0.first].formula, figure.nodes[$0.second].formula])
    }
    regions = figure.section.regions.map {
      Region(
        phases: $0.phases.map(\.formula), corners: $0.corners.map { $0.map(tidy) },
        area: tidy($0.area))
    }
    targets = figure.targets.map {
      Target(
        formula: $0.component.formula, decomposition: amounts($0.decomposition.phases))
    }
    caption = figure.caption
    self.files = files
  }
}
