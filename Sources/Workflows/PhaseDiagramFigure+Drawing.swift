import Atomistics
import Report
import Thermodynamics

extension PhaseDiagramFigure {
  /// The triangle or the tetrahedron.
  var compositionDiagram: CompositionDiagram {
    CompositionDiagram(
      vertices: section.simplex.vertices.map(\.formula), nodes: nodes.map(drawn),
      lines: tieLines + targets.flatMap(decompositionLines), regions: section.regions.map(drawn),
      title: title, description: spoken)
  }

  /// Pairs of `nodes` that are joined by a tie line, by index.
  public var tiedNodes: [(first: Int, second: Int)] {
    section.lines.compactMap { line in
      guard let first = index(of: section.stable[line.first].entry.composition),
        let second = index(of: section.stable[line.second].entry.composition)
      else { return nil }
      return (first, second)
    }
  }

  private var tieLines: [CompositionDiagram.Line] {
    tiedNodes.map { CompositionDiagram.Line($0.first, $0.second) }
  }

  private func decompositionLines(_ target: Target) -> [CompositionDiagram.Line] {
    guard let own = index(of: target.component.composition) else { return [] }
    return target.decomposition.phases.compactMap { phase in
      index(of: phase.entry.composition).flatMap {
        $0 == own ? nil : CompositionDiagram.Line(own, $0, kind: .decomposition)
      }
    }
  }

  /// A stable phase or a target among the nodes.
  private func index(of composition: Composition) -> Int? {
    let compositions =
      section.stable.map(\.entry.composition).filter { known in
        !targets.contains { $0.component.composition.isSameCompound(as: known) }
      } + targets.map(\.component.composition)
    return compositions.firstIndex { $0.isSameCompound(as: composition) }
  }

  private func drawn(_ node: Node) -> CompositionDiagram.Node {
    let note =
      node.kind == "unstable"
      ? node.hullDistance_eV_per_atom.map { "+\(meV($0))" } ?? "" : ""
    return CompositionDiagram.Node(
      cornerName(node) ?? node.formula, at: node.fractions,
      kind: .init(rawValue: node.kind) ?? .stable, note: note,
      color: node.kind == "target" ? targetColor(node.formula) : Palette.ink)
  }

  /// The corner's own name where a phase is the corner, such as Cl for Cl2.
  private func cornerName(_ node: Node) -> String? {
    guard let corner = node.fractions.firstIndex(where: { $0 > 1 - 1e-9 }),
      let composition = try? Composition(formula: node.formula)
    else { return nil }
    let vertex = section.simplex.vertices[corner]
    return vertex.composition.isSameCompound(as: composition) ? vertex.formula : nil
  }

  private func targetColor(_ formula: String) -> Color {
    let color = Palette.system(formula)
    return color == Palette.reference ? Color(0xD55E00) : color
  }

  private func meV(_ energy: Double) -> String {
    let value = energy * 1000
    return value >= 0.95 ? "\(Int(value.rounded()))" : "\((value * 10).rounded() / 10)"
  }

  /// A region whose corners are its phases needs no letter.
  private func drawn(_ region: CompositionSection.Region) -> CompositionDiagram.Region {
    let names = Set(region.corners.compactMap(phase(at:)))
    let phases = region.phases.map(\.formula)
    return CompositionDiagram.Region(
      corners: region.corners, phases: phases,
      isLabelled: names != Set(phases) || region.corners.count != phases.count)
  }

  private func phase(at fractions: [Double]) -> String? {
    section.stable.first { phase in
      zip(phase.fractions, fractions).allSatisfy { abs($0 - $1) < 1e-8 }
    }?.entry.formula
  }

  private var spoken: String {
    let stable = nodes.filter { $0.kind == "stable" }.map(\.formula).joined(separator: ", ")
    let turned = targets.map { target in
      " \(target.component.formula) turns into "
        + target.decomposition.phases.map(\.entry.formula).joined(separator: " + ") + "."
    }.joined()
    let head = title.isEmpty ? "Phase diagram." : "\(title)."
    return "\(head) \(caption) Stable: \(stable).\(turned)"
  }

  // MARK: Two corners

  /// The hull of two components: energies of formation against the mole fraction of the second.
  func hullChart() throws -> Chart {
    let (x, energies) = (section.stable.map { $0.fractions[1] }, try section.stable.map(formation))
    let order = x.indices.sorted { x[$0] < x[$1] }
    let names = section.simplex.vertices.map(\.formula)
    let isElemental = section.simplex.vertices.allSatisfy { $0.composition.atomCount == 1 }
    let shown = nodes.filter { $0.kind == "unstable" }
    let unstable = section.unstable.filter { phase in
      shown.contains {
        $0.formula == phase.entry.formula && $0.hullDistance_eV_per_atom == phase.hullDistance
      }
    }
    var series = [
      Series(
        name: "hull", x: order.map { x[$0] }, y: order.map { energies[$0] }, color: Palette.ink,
        width: 1.5),
      Series(
        name: "stable phases", x: order.map { x[$0] }, y: order.map { energies[$0] },
        style: .points, color: Palette.categorical[0], width: 5),
    ]
    if !unstable.isEmpty {
      series.append(
        Series(
          name: "unstable", x: unstable.map { $0.fractions[1] }, y: try unstable.map(formation),
          style: .points, color: Palette.reference, width: 4))
    }
    let quantity = diagram.open == nil ? "formation energy" : "grand potential of formation"
    return Chart(
      title: title,
      x: Axis("mole fraction of \(ChemicalText.unicode(names[1]))", unit: "", range: 0...1),
      y: Axis(quantity, unit: isElemental ? "eV/atom" : "eV per mole of components"),
      series: series,
      annotations: try (section.stable + unstable).map { phase in
        Annotation(
          ChemicalText.unicode(phase.entry.formula), x: phase.fractions[1],
          y: try formation(phase))
      }, lines: [ReferenceLine(y: 0)])
  }

  /// From the equilibria of the corners, for as much as makes up one formula unit of corners, in
  /// which tie lines are straight.
  private func formation(_ phase: CompositionSection.Phase) throws -> Double {
    let simplex = section.simplex
    let point = simplex.composition(at: phase.fractions)
    let hull = try diagram.decomposition(of: point).energy
    let corners = try zip(simplex.vertices, phase.fractions).reduce(0) {
      $0 + $1.1 * (try diagram.decomposition(of: $1.0.composition).energy)
    }
    let atoms = simplex.closedAtomCount(of: point, in: diagram)
    return hull - corners + phase.hullDistance * atoms
  }
}

extension CompositionSimplex {
  /// Atoms that do not belong to an open species.
  fileprivate func closedAtomCount(of composition: Composition, in diagram: PhaseDiagram)
    -> Double
  {
    composition.atomCount - (diagram.open.map { composition[$0.element] } ?? 0)
  }
}
