import Atomistics
import Report
import Thermodynamics

extension ReportWriter {
  /// The phase diagram with the salt as a vertex (Fig. 1b), where it has at most four components.
  func phaseDiagramBlocks(_ electrolyte: StudyConfiguration.Electrolyte) throws -> [Block] {
    guard let scheme = CorrectionScheme(rawValue: leadingScheme) else { return [] }
    let table = try EntryTable(
      path: try run.study.input(configuration.thermodynamics.entries).path, scheme: scheme)
    let target = try Composition(formula: electrolyte.formula)
    let basis = try ComponentBasis(
      target: target, workingIon: configuration.workingIon, intact: [electrolyte.salt])
    guard (2...4).contains(basis.components.count) else { return [] }
    let diagram = try PhaseDiagram(
      entries: table.entries(withElements: basis.elements), basis: basis)
    let figure = try PhaseDiagramFigure(
      of: diagram,
      targets: [ComponentBasis.Component(formula: electrolyte.formula, composition: target)])
    return [
      try figures.draw(
        figure.figure, "phases-\(electrolyte.name)", caption: prose(figure.caption))
    ]
  }
}
