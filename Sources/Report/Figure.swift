/// Something drawn: a chart, a grid of charts, maps in colour, a picture of a structure, a phase
/// diagram or a landscape.
public enum Figure: Sendable {
  case chart(Chart)
  case panels(PanelFigure)
  case scene(Scene)
  case composition(CompositionDiagram)
  case landscape(Landscape)
  case maps(ColorMap)

  /// The charts of the figure, none for a picture and a phase diagram.
  var charts: [Chart] {
    switch self {
    case .chart(let chart): [chart]
    case .panels(let figure): figure.charts
    case .scene, .composition, .landscape, .maps: []
    }
  }

  /// Throws where a series, a chart or the whole figure has nothing that could be drawn.
  func requireContent(name: String) throws(ReportError) {
    if case .scene(let scene) = self {
      guard !scene.atoms.isEmpty else {
        throw .nothingToDraw(figure: name, reason: "the structure has no atoms")
      }
      return
    }
    if case .composition(let diagram) = self {
      guard !diagram.nodes.isEmpty else {
        throw .nothingToDraw(figure: name, reason: "the diagram has no phases")
      }
      return
    }
    if case .landscape(let landscape) = self {
      guard landscape.values.contains(where: \.isFinite) else {
        throw .nothingToDraw(figure: name, reason: "the landscape has no finite value")
      }
      return
    }
    if case .maps(let map) = self {
      guard !map.finiteValues.isEmpty else {
        throw .nothingToDraw(figure: name, reason: "no cell of the map has a finite value")
      }
      return
    }
    guard !charts.isEmpty else {
      throw .nothingToDraw(figure: name, reason: "it has no charts")
    }
    for chart in charts {
      let title = chart.title.isEmpty ? "" : " in '\(chart.title)'"
      guard !chart.series.isEmpty else {
        throw .nothingToDraw(figure: name, reason: "there is no series\(title)")
      }
      for series in chart.series where !chart.canDraw(series) {
        let what = series.x.isEmpty ? "is empty" : "has no finite point"
        throw .nothingToDraw(figure: name, reason: "series '\(series.name)'\(title) \(what)")
      }
    }
  }
}

extension Chart {
  /// Whether one point at least has a place on the axes.
  func canDraw(_ series: Series) -> Bool {
    zip(series.x, series.y).contains { valueX, valueY in
      valueX.isFinite && valueY.isFinite && (!x.isLogarithmic || valueX > 0)
        && (!y.isLogarithmic || valueY > 0)
    }
  }
}
