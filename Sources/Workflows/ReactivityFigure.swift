import Atomistics
import Report
import Thermodynamics

/// The energy of two phases in contact against their proportion, every kink with its products.
///
/// Labels that find no room are numbers: those of the kinks in order, from B to A.
public struct ReactivityFigure: Sendable {
  public let chart: Chart
  /// Whether the kinks carry numbers instead of their products.
  public let isNumbered: Bool

  public init(_ found: InterfacialReactivity) {
    let (a, b) = (ChemicalText.unicode(found.formulaA), ChemicalText.unicode(found.formulaB))
    let x = found.kinks.map(\.hostFractionOfA)
    let per = found.diagram.open == nil ? "eV/atom" : "eV/atom not open"
    let own = found.kinks.map(\.energyPerAtom)
    let mutual = found.kinks.map(\.mutualEnergyPerAtom)
    let differs = zip(own, mutual).contains { abs($0 - $1) > 1e-9 }
    let color = Palette.categorical[0]
    let lines =
      [Series(name: "reaction energy", x: x, y: own, color: color)]
      + (differs
        ? [
          Series(
            name: "of the contact alone", x: x, y: mutual, style: .dashed,
            color: Palette.reference)
        ] : [])
    let plain = Chart(
      x: Axis(
        "Share of \(a) in \(a) + \(b)",
        unit: found.diagram.open == nil ? "of the atoms" : "of the atoms not open",
        range: 0...1),
      y: Axis("Energy", unit: per),
      series: lines + [Series(name: "products change", x: x, y: own, style: .points, color: color)],
      lines: [ReferenceLine(y: 0)])
    // A label belongs to a point here: a plateau without width.
    let labelled = plain.labelling(
      found.kinks.map { kink in
        LabelledStep(
          from: kink.hostFractionOfA - 1e-6, to: kink.hostFractionOfA + 1e-6, y: kink.energyPerAtom,
          label: kink.phases.map { ChemicalText.unicode($0.entry.formula) }
            .joined(separator: " + "), color: Palette.ink)
      })
    chart = labelled.chart
    isNumbered = labelled.isNumbered
  }

  /// Draws it as an SVG file, with its data and what draws it again beside it.
  ///
  /// - Parameter path: ends in `.svg`.
  /// - Returns: the names of the files.
  /// - Throws: `WorkflowsError.figureFailed`.
  @discardableResult public func write(to path: String) throws -> [String] {
    try Figure.chart(chart).write(to: path, example: "contact.svg")
  }
}
