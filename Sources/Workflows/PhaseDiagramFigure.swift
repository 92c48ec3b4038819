import Atomistics
import Foundation
import Report
import Thermodynamics

/// A phase diagram as a drawing: two corners give the hull as a chart, three a Gibbs triangle, four
/// a tetrahedron.
///
/// Phases stand at the mole fractions of the corners' formula units (`CompositionSimplex`). A target,
/// such as an electrolyte that no entry knows, is drawn with lines to the phases that it turns into.
public struct PhaseDiagramFigure: Sendable {
  public let section: CompositionSection
  public let targets: [Target]
  public let caption: String
  /// Stable phases first, then the targets, then unstable ones.
  public let nodes: [Node]
  let title: String
  let diagram: PhaseDiagram

  /// A composition of interest and its equilibrium.
  public struct Target: Sendable {
    public let component: ComponentBasis.Component
    public let decomposition: Decomposition
  }

  /// A phase or a target with its place.
  public struct Node: Codable, Sendable {
    public let formula: String
    public let kind: String
    /// Mole fractions of the corners.
    public let fractions: [Double]
    /// nil for a target that is no phase of the diagram.
    public let hullDistance_eV_per_atom: Double?
  }

  /// - Parameters:
  ///   - corners: of a section; where none are given, the diagram's components that are not open.
  ///   - targets: compositions to mark, each within the section.
  ///   - limit: entries up to this far above the hull (eV per atom that is not open) are drawn too,
  ///     of each composition the lowest; nil: none.
  /// - Throws: `ThermodynamicsError`: no two, three or four corners, a corner or a target outside.
  public init(
    of diagram: PhaseDiagram, corners: [ComponentBasis.Component]? = nil,
    targets: [ComponentBasis.Component] = [], showingUnstable limit: Double? = nil,
    title: String = ""
  ) throws {
    let vertices = corners ?? diagram.closedComponents
    guard (2...4).contains(vertices.count) else {
      throw ThermodynamicsError.badBasis(Self.wrongCount(vertices))
    }
    let section = try CompositionSection(of: diagram, vertices: vertices)
    self.targets = try targets.map { target in
      guard section.simplex.fractions(of: target.composition) != nil else {
        throw ThermodynamicsError.badBasis(
          "\(target.formula) does not lie between "
            + "\(vertices.map(\.formula).joined(separator: ", ")); take other corners or leave it out"
        )
      }
      return Target(
        component: target, decomposition: try diagram.decomposition(of: target.composition))
    }
    (self.section, self.diagram, self.title) = (section, diagram, title)
    nodes = Self.nodes(section, targets: targets, limit: limit)
    caption = Self.caption(section, diagram)
  }

  private static func wrongCount(_ vertices: [ComponentBasis.Component]) -> String {
    let names = vertices.map(\.formula).joined(separator: ", ")
    return vertices.count < 2
      ? "a diagram of \(names) alone has nothing to draw; name at least two components"
      : "\(vertices.count) corners (\(names)) cannot be drawn in one picture; draw a section through "
        + "two to four compositions (--section \"Li2S,P2S5,LiCl\"), keep a compound whole in place of "
        + "its elements (--intact) or open the diagram to the working ion (--voltage)"
  }

  private static func nodes(
    _ section: CompositionSection, targets: [ComponentBasis.Component], limit: Double?
  ) -> [Node] {
    let isTarget = { (entry: ComputedEntry) in
      targets.contains { $0.composition.isSameCompound(as: entry.composition) }
    }
    let stable = section.stable.filter { !isTarget($0.entry) }
    let marked = targets.map { target in
      let known = (section.stable + section.unstable)
        .filter { target.composition.isSameCompound(as: $0.entry.composition) }
        .map(\.hullDistance).min()
      return Node(
        formula: target.formula, kind: "target",
        fractions: section.simplex.fractions(of: target.composition) ?? [],
        hullDistance_eV_per_atom: known)
    }
    var shown: [CompositionSection.Phase] = []
    for phase in section.unstable.sorted(by: { $0.hullDistance < $1.hullDistance })
    where limit.map({ phase.hullDistance <= $0 }) ?? false {
      let others = (section.stable + shown).map(\.entry.composition)
      let isBeaten = others.contains { $0.isSameCompound(as: phase.entry.composition) }
      if !isBeaten, !isTarget(phase.entry) { shown.append(phase) }
    }
    return stable.map { Node($0, kind: "stable") } + marked
      + shown.map { Node($0, kind: "unstable") }
  }

  private static func caption(_ section: CompositionSection, _ diagram: PhaseDiagram) -> String {
    let corners = section.simplex.vertices.map(\.formula).joined(separator: ", ")
    let open =
      diagram.open.map { ", open to \($0.element) (which is no corner and does not count)" } ?? ""
    let lettered =
      section.regions.contains { $0.phases.count > section.simplex.vertices.count }
      ? " Dark lines are tie lines; grey ones bound the regions of one equilibrium, in which phases "
        + "outside the section take part." : ""
    return "Phases between \(corners)\(open); places are mole fractions of the corners' formula "
      + "units as named.\(lettered)"
  }

  /// The drawing: a chart of the hull, a triangle or a tetrahedron.
  public var figure: Figure {
    get throws {
      section.simplex.vertices.count == 2
        ? .chart(try hullChart()) : .composition(compositionDiagram)
    }
  }

  /// Writes the picture to `path` and its data beside it.
  ///
  /// - Returns: the names of the files, the data first.
  /// - Throws: `WorkflowsError.figureFailed` and what `figure` throws.
  @discardableResult public func write(to path: String) throws -> [String] {
    try figure.write(to: path, example: "Li-P-S.svg")
  }
}

extension PhaseDiagramFigure.Node {
  fileprivate init(_ phase: CompositionSection.Phase, kind: String) {
    self.init(
      formula: phase.entry.formula, kind: kind, fractions: phase.fractions,
      hullDistance_eV_per_atom: phase.hullDistance)
  }
}

extension Composition {
  /// Whether two formulas have the same atomic fractions.
  func isSameCompound(as other: Composition) -> Bool {
    elementSet == other.elementSet
      && elements.allSatisfy { abs(self[$0] / atomCount - other[$0] / other.atomCount) < 1e-9 }
  }
}
