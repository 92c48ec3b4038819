/// A quantity over two axes as cells in colour with contour lines, in one panel or several that share
/// their axes and the scale of the colours.
///
/// Cells without a value (not finite) stay white. Contour lines are at the labelled values of the scale,
/// but for its zero where that is its middle. They lie between the middles of cells, linearly; across
/// empty cells they go from the next cell below to the next one above, and end where there is none.
///
/// | file | columns of the data |
/// |---|---|
/// | `name.csv` | `panel` (where there are several), from and to along x, from and to along y, the value, and what contour lines go by; column after column of cells, bottom first |
public struct ColorMap: Sendable, Hashable {
  /// How values become colours.
  public enum Scale: Sendable, Hashable {
    /// From the least to the greatest value, dark to light: viridis, even in lightness and told
    /// apart by the colour-blind (doi 10.5281/zenodo.592450, S. van der Walt and N. Smith).
    case sequential
    /// From −m to m, m the greatest magnitude: blue over grey to red, after K. Moreland,
    /// doi 10.1007/978-3-642-10520-3_9. Its middle is grey, so that it is not taken for an empty cell.
    case diverging
  }

  /// One pair of axes with its cells.
  public struct Panel: Sendable, Hashable {
    public let title: String
    /// Borders of the cells, ascending; one more than there are cells.
    public let xEdges: [Double]
    public let yEdges: [Double]
    /// A row for each cell along y, from the bottom.
    public let values: [[Double]]

    public init(title: String = "", xEdges: [Double], yEdges: [Double], values: [[Double]]) {
      func ascends(_ edges: [Double]) -> Bool {
        edges.count > 1 && zip(edges, edges.dropFirst()).allSatisfy { $0 < $1 }
          && edges.allSatisfy(\.isFinite)
      }
      precondition(ascends(xEdges) && ascends(yEdges), "the borders of cells ascend")
      precondition(
        values.count == yEdges.count - 1
          && values.allSatisfy { $0.count == xEdges.count - 1 }, "one value for each cell")
      (self.title, self.xEdges, self.yEdges, self.values) = (title, xEdges, yEdges, values)
    }

    /// The values with those of empty cells between the next ones below and above, linearly.
    var bridged: [[Double]] {
      var filled = values
      for i in 0..<xEdges.count - 1 {
        let there = values.indices.filter { values[$0][i].isFinite }
        for (low, high) in zip(there, there.dropFirst()) where high - low > 1 {
          for j in low + 1..<high {
            let share = (middle(j) - middle(low)) / (middle(high) - middle(low))
            filled[j][i] = values[low][i] + share * (values[high][i] - values[low][i])
          }
        }
      }
      return filled
    }

    private func middle(_ j: Int) -> Double { (yEdges[j] + yEdges[j + 1]) / 2 }
  }

  /// Written above all panels.
  public let title: String
  public let x: Axis
  public let y: Axis
  /// What the colours mean; its range, if it has one, is that of the scale.
  public let quantity: Axis
  public let scale: Scale
  public let panels: [Panel]
  /// Thin lines across each panel.
  public let lines: [ReferenceLine]

  public init(
    title: String = "", x: Axis, y: Axis, quantity: Axis, scale: Scale, panels: [Panel],
    lines: [ReferenceLine] = []
  ) {
    precondition(!panels.isEmpty, "a map has a panel")
    precondition(
      !x.isLogarithmic && !y.isLogarithmic && !quantity.isLogarithmic, "maps have linear axes")
    (self.title, self.x, self.y, self.quantity) = (title, x, y, quantity)
    (self.scale, self.panels, self.lines) = (scale, panels, lines)
  }

  var finiteValues: [Double] { panels.flatMap { $0.values.joined() }.filter(\.isFinite) }

  /// The values at the ends of the scale.
  var range: ClosedRange<Double> {
    if let range = quantity.range { return range }
    let values = finiteValues
    switch scale {
    case .sequential:
      let (low, high) = (values.min() ?? 0, values.max() ?? 0)
      return high - low > 1e-9 * abs(high) ? low...high : low - 0.5...high + 0.5
    case .diverging:
      let most = values.map(abs).max() ?? 0
      return most > 0 ? -most...most : -1...1
    }
  }

  /// Evenly from the low to the high end.
  var colors: [Color] {
    switch scale {
    case .sequential:
      [
        0x440154, 0x472D7B, 0x3B528B, 0x2C728E, 0x21918C, 0x28AE80, 0x5EC962, 0xADDC30, 0xFDE725,
      ].map { Color($0) }
    case .diverging:
      [
        0x3B4CC0, 0x6282EA, 0x8DB0FE, 0xB8D0F9, 0xDDDDDD, 0xF5C4AD, 0xF49A7B, 0xDE604D, 0xB40426,
      ].map { Color($0) }
    }
  }

  /// The numbers as a table.
  var csv: String {
    let hasPanels = panels.count > 1
    func ends(_ axis: Axis) -> [String] {
      ["from", "to"].map { "\(axis.quantity) \($0)\(axis.unit.isEmpty ? "" : " (\(axis.unit))")" }
    }
    let header =
      (hasPanels ? ["panel"] : []) + ends(x) + ends(y)
      + [quantity.label, "for contour lines"]
    var lines = [header.map(FigureData.field).joined(separator: ",")]
    for (index, panel) in panels.enumerated() {
      let name = panel.title.isEmpty ? "\(index + 1)" : panel.title
      let lead = hasPanels ? FigureData.field(name) + "," : ""
      let bridged = panel.bridged
      for i in 0..<panel.xEdges.count - 1 {
        for (j, row) in panel.values.enumerated() {
          lines.append(
            "\(lead)\(panel.xEdges[i]),\(panel.xEdges[i + 1]),\(panel.yEdges[j]),"
              + "\(panel.yEdges[j + 1]),\(row[i]),\(bridged[j][i])")
        }
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
