import Atomistics
import Foundation
import Report
import Thermodynamics

/// An electrolyte against voltage, one curve for each component basis (Fig. 1a of the paper).
///
/// | figure | y | unit |
/// |---|---|---|
/// | `uptake` | ions taken up | per formula unit |
/// | `decompositionEnergy` | D(V), of turning into the equilibrium at V | eV per atom of the solid |
///
/// D is a straight line on each step with the slope of its uptake: D(V) = D(V0) + n (V - V0) / N.
public struct StabilityFigure: Sendable {
  /// What one basis makes of the electrolyte.
  public struct Curve: Sendable {
    let name: String
    let steps: [StepResult]
    let window: WindowResult?
    let color: Color
    let width: Double
  }

  let composition: Composition
  let workingIon: Element
  let curves: [Curve]
  /// Where the axis of voltages ends.
  let last: Double

  init(composition: Composition, workingIon: Element, curves: [Curve]) {
    self.composition = composition
    self.workingIon = workingIon
    self.curves = curves
    last = (curves.flatMap(\.steps).map(\.from_V).max() ?? 3) + 0.4
  }

  /// The same electrolyte in several bases.
  public init(_ stabilities: [ElectrolyteStability]) {
    let colors = [Palette.reference, Palette.system("BH4"), Palette.system("BF4")]
    let curves = stabilities.enumerated().map { index, found in
      let salts = found.basis.components.filter { $0.composition.onlyElement == nil }
        .map { ChemicalText.unicode($0.formula) }
      return Curve(
        name: salts.isEmpty
          ? "elements as vertices"
          : "\(salts.joined(separator: ", ")) as \(salts.count == 1 ? "a vertex" : "vertices")",
        steps: found.profile.steps.map { StepResult($0, of: found) },
        window: found.window.map {
          WindowResult(reduction_V: $0.reduction, oxidation_V: $0.oxidation)
        }, color: colors[min(index, colors.count - 1)], width: index == 0 ? 4 : 2)
    }
    self.init(
      composition: stabilities[0].composition, workingIon: stabilities[0].profile.workingIon,
      curves: curves)
  }

  private var voltage: Axis {
    Axis("Voltage against \(workingIon)⁺/\(workingIon)", unit: "V", range: 0...last)
  }

  /// The window of the last curve, the one of interest.
  private var window: [ShadedRange] {
    guard let curve = curves.last, let window = curve.window else { return [] }
    return [
      ShadedRange(
        window.reduction_V...(window.oxidation_V ?? last), label: "no uptake, \(curve.name)",
        color: curve.color)
    ]
  }

  /// The staircase of uptake, its plateaus named or numbered.
  public var uptake: LabelledChart {
    Chart(
      x: voltage, y: Axis("\(workingIon) uptake", unit: "per formula unit"),
      series: curves.map { curve in
        Series(
          name: curve.name, x: curve.steps.map(\.from_V) + [last],
          y: curve.steps.map(\.uptake) + [curve.steps.last?.uptake ?? 0], style: .steps,
          color: curve.color, width: curve.width)
      }, shaded: window, lines: [ReferenceLine(y: 0)]
    ).labelling(
      curves.flatMap { curve in curve.steps.map { Self.labelled($0, curve.color) } })
  }

  /// The decomposition energy; nil where the electrolyte's energy is not known.
  public var decompositionEnergy: Chart? {
    let atoms = composition.atomCount
    let series = curves.compactMap { curve -> Series? in
      let energies = curve.steps.compactMap(\.decompositionEnergy_eV_per_atom)
      guard energies.count == curve.steps.count, let step = curve.steps.last,
        let energy = energies.last
      else { return nil }
      return Series(
        name: curve.name, x: curve.steps.map(\.from_V) + [last],
        y: energies + [energy + step.uptake * (last - step.from_V) / atoms], style: .line,
        color: curve.color, width: curve.width)
    }
    guard series.count == curves.count, !series.isEmpty else { return nil }
    // Room above zero, where the window's label stands.
    let values = series.flatMap(\.y)
    let height = max((values.max() ?? 0) - (values.min() ?? 0), 0.01)
    let range = ((values.min() ?? 0) - 0.05 * height)...(max(values.max() ?? 0, 0) + 0.12 * height)
    return Chart(
      x: voltage,
      y: Axis("Decomposition energy", unit: "eV per atom of the electrolyte", range: range),
      series: series, shaded: window, lines: [ReferenceLine(y: 0)])
  }

  static func labelled(_ step: StepResult, _ color: Color) -> LabelledStep {
    // Rounded, and phases in one order: what both bases share gets one number.
    LabelledStep(
      from: step.from_V.rounded(to: 4), to: step.to_V?.rounded(to: 4),
      y: step.uptake.rounded(to: 4), label: label(step), color: color)
  }

  /// The phases of a step as a sum.
  static func label(_ step: StepResult) -> String {
    sum(step.phases.sorted { $0.formula < $1.formula }).plain
  }
}

extension StepResult {
  init(_ step: UptakeProfile.Step, of found: ElectrolyteStability) {
    self.init(
      from_V: step.from, to_V: step.to, uptake: step.uptake,
      phases: step.phases.map { PhaseResult(formula: $0.entry.formula, amount: $0.amount) },
      products: ProductsResult(found.profile.productConductivity(of: step)),
      decompositionEnergy_eV_per_atom: found.decompositionEnergy(of: step))
  }
}

extension StabilityFigure {
  /// One line of the key that belongs to a numbered figure.
  public struct Key: Sendable {
    public let number: Int
    public let from: Double
    public let to: Double?
    public let phases: String
  }

  /// Draws both figures into a folder as `uptake-FORMULA` and `decomposition-energy-FORMULA`.
  ///
  /// - Returns: the names of the pictures, and the key where the plateaus have numbers.
  /// - Throws: `ReportError`.
  public func write(to folder: String) throws -> (pictures: [String], key: [Key]) {
    let name = composition.formula
    let url = URL(filePath: folder, directoryHint: .isDirectory)
    let labelled = uptake
    var pictures = [try FigureFile(.chart(labelled.chart), name: "uptake-\(name)", in: url)]
    if let chart = decompositionEnergy {
      pictures.append(
        try FigureFile(.chart(chart), name: "decomposition-energy-\(name)", in: url))
    }
    let key = labelled.keys.map {
      Key(number: $0.number, from: $0.step.from, to: $0.step.to, phases: $0.step.label)
    }
    return (pictures.map { "\($0.name).svg" }, labelled.isNumbered ? key : [])
  }
}
