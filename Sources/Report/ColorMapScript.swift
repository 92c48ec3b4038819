/// The gnuplot program that draws maps in colour from their CSV.
struct ColorMapScript: GnuplotLanguage {
  let name: String
  /// Of the file with the data, which may not have the picture's name.
  let dataName: String
  let map: ColorMap

  private static let width = 760.0
  private static let left = 68.0
  /// Room for the scale of the colours.
  private static let right = 118.0
  private static let bottom = 58.0
  private static let gap = SIMD2(34.0, 54.0)

  private var columns: Int { map.panels.count > 1 ? 2 : 1 }
  private var rows: Int { (map.panels.count + columns - 1) / columns }
  private var panelHeight: Double { map.panels.count > 1 ? 210 : 340 }
  private var top: Double { (map.title.isEmpty ? 14 : 38) + (map.panels.count > 1 ? 20 : 0) }
  private var height: Double {
    Self.bottom + Double(rows) * panelHeight + Double(rows - 1) * Self.gap.y + top
  }

  var text: String {
    var lines = preamble
    for index in map.panels.indices { lines += contours(index) }
    lines += ["set datafile separator whitespace", "set multiplot"]
    for index in map.panels.indices { lines += panel(index) }
    lines += ["unset multiplot", "unset output"]
    return lines.joined(separator: "\n") + "\n"
  }

  private var preamble: [String] {
    let (low, high) = (map.range.lowerBound, map.range.upperBound)
    let ramp = map.colors.enumerated().map { "\($0) '\($1.hex)'" }.joined(separator: ", ")
    return [
      "# Draws \(name).svg from \(dataName).csv; in this folder: gnuplot \(name).gp",
      "reset",
      "set encoding utf8",
      "set datafile separator comma",
      "set terminal svg size \(number(Self.width)),\(number(height)) font 'Arial,13' "
        + "background '#ffffff'",
      "set output \(quoted(name + ".svg"))",
      "finite(c) = valid(c) && abs(column(c)) < 1e300 ? column(c) : NaN",
      "unset key",
      "set minussign",
      "set border 15 lw 1 lc rgb '\(Palette.ink.hex)'",
      "set tics scale 0.6 nomirror out textcolor rgb '\(Palette.ink.hex)'",
      "set palette defined (\(ramp))",
      "set cbrange [\(low):\(high)]",
      "set cbtics \(level)",
      "set cblabel \(quoted(map.quantity.label)) offset 1,0 noenhanced textcolor rgb '\(Palette.ink.hex)'",
      "set cntrparam levels discrete \(levels.map { "\($0)" }.joined(separator: ","))",
    ]
  }

  /// What the labels of the scale, and the contour lines, are apart.
  private var level: Double { evenStep(map.range, intervals: 8) }

  private var levels: [Double] {
    let (low, high) = (map.range.lowerBound, map.range.upperBound)
    let numbers = Int((low / level).rounded(.up))...Int((high / level).rounded(.down))
    // Around nothing there is noise and no line.
    let chosen = numbers.filter { $0 != 0 || map.scale != .diverging }
    return chosen.isEmpty ? [(low + high) / 2] : chosen.map { Double($0) * level }
  }

  private func size(_ index: Int) -> (x: Int, y: Int) {
    let panel = map.panels[index]
    return (panel.xEdges.count - 1, panel.yEdges.count - 1)
  }

  private func hasContours(_ index: Int) -> Bool { size(index).x > 1 && size(index).y > 1 }

  /// The cells of a panel as gnuplot takes them, and the contour lines through their middles.
  private func contours(_ index: Int) -> [String] {
    let (x, y) = size(index)
    let before = (0..<index).reduce(0) { $0 + size($1).x * size($1).y }
    let first = map.panels.count > 1 ? 2 : 1
    let using = (first..<first + 4).map { "(column(\($0)))" }.joined(separator: ":")
    var lines = [
      "",
      "set table $cells\(index)",
      "plot \(quoted(dataName + ".csv")) skip \(1 + before) every ::::\(x * y - 1) using "
        + "\(using):(finite(\(first + 4))):(finite(\(first + 5))) with table",
      "unset table",
    ]
    guard hasContours(index) else { return lines }
    lines += [
      "# A blank line ends each column of cells.",
      "set print $grid\(index)",
      "do for [i=1:|$cells\(index)|] {",
      "  print $cells\(index)[i]",
      "  if (i % \(y) == 0) { print '' }",
      "}",
      "unset print",
      "set datafile separator whitespace",
      "set table $contours\(index)",
      "set contour base; unset surface",
      "splot $grid\(index) using (($1+$2)/2):(($3+$4)/2):6 with lines",
      "unset contour; set surface",
      "unset table",
      "set datafile separator comma",
    ]
    return lines
  }

  private func panel(_ index: Int) -> [String] {
    let (row, column) = (index / columns, index % columns)
    let inner = Self.width - Self.left - Self.right - Double(columns - 1) * Self.gap.x
    let panelWidth = inner / Double(columns)
    let left = Self.left + Double(column) * (panelWidth + Self.gap.x)
    let high = height - top - Double(row) * (panelHeight + Self.gap.y)
    let color = "textcolor rgb '\(Palette.ink.hex)'"
    let isLowest = index + columns >= map.panels.count
    var lines = [
      "", "unset label", "unset arrow",
      "set lmargin at screen \(fraction(left, Self.width))",
      "set rmargin at screen \(fraction(left + panelWidth, Self.width))",
      "set bmargin at screen \(fraction(high - panelHeight, height))",
      "set tmargin at screen \(fraction(high, height))",
      "set xlabel \(quoted(isLowest ? map.x.label : "")) offset 0,0.4 noenhanced \(color)",
      "set ylabel \(quoted(column == 0 ? map.y.label : "")) noenhanced \(color)",
    ]
    lines += ranges(index)
    lines += titles(index, left: left, high: high)
    lines += scale(index)
    for line in map.lines {
      let ends =
        line.direction == .y
        ? "from graph 0, first \(line.value) to graph 1, first \(line.value)"
        : "from first \(line.value), graph 0 to first \(line.value), graph 1"
      lines.append("set arrow \(ends) nohead front lw 1 dashtype (6,4) lc rgb '\(Palette.ink.hex)'")
    }
    // What has no value has no place either, and nothing is drawn.
    let cells =
      "$cells\(index) using (abs($5) < 1e300 ? ($1+$2)/2 : NaN):(($3+$4)/2):1:2:3:4:5 "
      + "with boxxyerror fillcolor palette fillstyle solid 1.0 noborder"
    let curves = "$contours\(index) using 1:2 with lines lw 1.1 lc rgb '\(Palette.ink.hex)'"
    lines.append(
      "plot " + ([cells] + (hasContours(index) ? [curves] : [])).joined(separator: ", \\\n  "))
    return lines
  }

  private func ranges(_ index: Int) -> [String] {
    let panel = map.panels[index]
    func range(_ axis: Axis, _ edges: [Double]) -> ClosedRange<Double> {
      axis.range ?? edges[0]...edges[edges.count - 1]
    }
    let (x, y) = (range(map.x, panel.xEdges), range(map.y, panel.yEdges))
    return [
      "set xrange [\(x.lowerBound):\(x.upperBound)]",
      "set yrange [\(y.lowerBound):\(y.upperBound)]",
      "set xtics \(evenStep(x, intervals: columns > 1 ? 5 : 10))",
      "set ytics \(evenStep(y, intervals: columns > 1 ? 6 : 9))",
    ]
  }

  private func titles(_ index: Int, left: Double, high: Double) -> [String] {
    func label(_ text: String, x: Double, y: Double) -> String {
      "set label \(quoted(text)) at screen \(fraction(x, Self.width)), screen "
        + "\(fraction(y, height)) left front noenhanced font ',13' "
        + "textcolor rgb '\(Palette.ink.hex)'"
    }
    let title = map.panels[index].title
    return
      (index == 0 && !map.title.isEmpty
      ? [label(map.title, x: Self.left, y: height - 18)] : [])
      + (title.isEmpty ? [] : [label(title, x: left + 2, y: high + 10)])
  }

  /// The scale of the colours stands once, beside all panels.
  private func scale(_ index: Int) -> [String] {
    guard index == 0 else { return ["unset colorbox"] }
    let x = Self.width - Self.right + 16
    let whole = height - top - Self.bottom
    let length = min(whole, 340)
    let low = Self.bottom + (whole - length) / 2
    return [
      "set colorbox user origin screen \(fraction(x, Self.width)), \(fraction(low, height)) "
        + "size screen \(fraction(16, Self.width)), \(fraction(length, height))"
    ]
  }
}
