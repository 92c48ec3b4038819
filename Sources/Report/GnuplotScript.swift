/// The gnuplot program that draws a figure from its CSV.
struct GnuplotScript: GnuplotLanguage {
  let name: String
  /// Of the file with the data, which may not have the picture's name.
  let dataName: String
  let layout: FigureLayout
  let data: FigureData
  private let panelNames: [String]

  init(name: String, dataName: String, layout: FigureLayout, data: FigureData) {
    (self.name, self.dataName, self.layout, self.data) = (name, dataName, layout, data)
    panelNames = FigureData.panelNames(layout.panels.map(\.chart))
  }

  var text: String {
    var lines = preamble
    for index in layout.panels.indices { lines += panel(index) }
    lines += ["unset multiplot", "unset output"]
    return lines.joined(separator: "\n") + "\n"
  }

  private var preamble: [String] {
    let column = data.hasPanels ? "strcol(1) eq p && strcol(2) eq s" : "strcol(1) eq s"
    return [
      "# Draws \(name).svg from \(dataName).csv; in this folder: gnuplot \(name).gp",
      "reset",
      "set encoding utf8",
      "set datafile separator comma",
      "set terminal svg size \(number(layout.width)),\(number(layout.height)) "
        + "font 'Arial,13' background '#ffffff'",
      "set output \(quoted(name + ".svg"))",
      "# The value of column c in the rows of series s, else a gap.",
      "finite(c) = valid(c) && abs(column(c)) < 1e300 ? column(c) : NaN",
      data.hasPanels
        ? "at(p, s, c) = \(column) ? finite(c) : NaN" : "at(s, c) = \(column) ? finite(c) : NaN",
      "unset key",
      "set minussign",
      "set border 15 lw 1 lc rgb '\(Palette.ink.hex)'",
      "set tics scale 0.6 nomirror textcolor rgb '\(Palette.ink.hex)'",
      "set multiplot",
    ]
  }

  private func panel(_ index: Int) -> [String] {
    let panel = layout.panels[index]
    let chart = panel.chart
    var lines = ["", "unset label", "unset arrow", "unset object"]
    lines += frame(panel)
    lines += background(chart)
    if index == 0 { lines += legend }
    lines += texts(layout.annotations[index], panel: panel)
    lines.append("plot " + curves(chart, panel: panelNames[index]).joined(separator: ", \\\n  "))
    return lines
  }

  private func frame(_ panel: FigureLayout.Panel) -> [String] {
    let (box, chart) = (panel.frame.box, panel.chart)
    let (x, y) = (panel.frame.x, panel.frame.y)
    let color = "textcolor rgb '\(Palette.ink.hex)'"
    return [
      "set lmargin at screen \(fraction(box.left, layout.width))",
      "set rmargin at screen \(fraction(box.right, layout.width))",
      "set bmargin at screen \(fraction(box.bottom, layout.height))",
      "set tmargin at screen \(fraction(box.top, layout.height))",
      x.isLogarithmic ? "set logscale x" : "unset logscale x",
      y.isLogarithmic ? "set logscale y" : "unset logscale y",
      "set xrange [\(x.range.lowerBound):\(x.range.upperBound)]",
      "set yrange [\(y.range.lowerBound):\(y.range.upperBound)]",
      "set xtics \(step(x, count: box.width < 300 ? 5 : 10))",
      "set ytics \(step(y, count: box.height < 220 ? 5 : 9))",
      "set xlabel \(quoted(panel.showsXLabel ? chart.x.label : "")) offset 0,0.4 noenhanced \(color)",
      "set ylabel \(quoted(panel.showsYLabel ? chart.y.label : "")) noenhanced \(color)",
    ]
  }

  private func step(_ scale: AxisScale, count: Double) -> String {
    guard !scale.isLogarithmic else { return "autofreq" }
    return "\(evenStep(scale.range, intervals: count))"
  }

  private func background(_ chart: Chart) -> [String] {
    var lines: [String] = []
    for range in chart.shaded {
      let (low, high) = (range.range.lowerBound, range.range.upperBound)
      let corners =
        range.direction == .x
        ? "from first \(low), graph 0 to first \(high), graph 1"
        : "from graph 0, first \(low) to graph 1, first \(high)"
      let shade = range.color.hex(transparency: 0.84)
      lines.append(
        "set object rectangle \(corners) behind clip fillcolor rgb '\(shade)' "
          + "fillstyle solid noborder")
    }
    for line in chart.lines {
      let ends =
        line.direction == .y
        ? "from graph 0, first \(line.value) to graph 1, first \(line.value)"
        : "from first \(line.value), graph 0 to first \(line.value), graph 1"
      lines.append("set arrow \(ends) nohead back lw 0.8 lc rgb '#b0b0b0'")
    }
    return lines
  }

  private func texts(_ texts: ChartAnnotations, panel: FigureLayout.Panel) -> [String] {
    var lines: [String] = []
    if !panel.chart.title.isEmpty {
      let at = Point(
        x: panel.frame.box.left + 2,
        y: panel.frame.box.top + 10)
      lines.append(label(panel.chart.title, at: at, color: Palette.ink, size: 13, align: "left"))
    }
    for range in texts.rangeLabels {
      let color = range.color.mixed(with: .black, fraction: 0.35)
      lines.append(label(range.text, at: range.center, color: color, size: 12, align: "center"))
    }
    for item in texts.placed {
      let (annotation, box) = (item.annotation, item.place.box)
      if let leader = item.place.leader {
        lines.append(
          "set arrow from \(screen(leader.start)) to \(screen(leader.end)) nohead front lw 0.8 "
            + "lc rgb '\(annotation.color.hex)'")
      }
      if annotation.shape == .disc {
        lines.append(disc(box.center, color: annotation.color))
      }
      let color = annotation.shape == .disc ? Color.white : annotation.color
      lines.append(
        label(
          annotation.text, at: box.center, color: color,
          size: annotation.shape == .disc ? 11 : ChartAnnotations.fontSize, align: "center"))
    }
    return lines
  }

  private var legend: [String] {
    layout.legend.entries.flatMap { entry in
      let series = entry.series
      let end = Point(x: entry.origin.x + LegendLayout.sampleWidth, y: entry.origin.y)
      let sample: String
      if series.style == .points {
        let middle = Point(x: (entry.origin.x + end.x) / 2, y: end.y)
        sample = "set label '' at \(screen(middle)) front point \(point(series))"
      } else {
        sample =
          "set arrow from \(screen(entry.origin)) to \(screen(end)) nohead front \(line(series))"
      }
      let text = label(
        series.name, at: Point(x: end.x + 6, y: end.y), color: Palette.ink,
        size: LegendLayout.fontSize, align: "left")
      return [sample, text]
    }
  }

  private func curves(_ chart: Chart, panel: String) -> [String] {
    let first = data.hasPanels ? 3 : 2
    let file = quoted(dataName + ".csv") + " skip 1 using "
    func column(_ series: Series, _ offset: Int) -> String {
      let rows = data.hasPanels ? "\(csvText(panel)), " : ""
      return "(at(\(rows)\(csvText(series.name)), \(first + offset)))"
    }
    let bands = chart.series.filter { $0.band != nil }.map { series in
      "\(file)\(column(series, 0)):\(column(series, 2)):\(column(series, 3)) "
        + "with filledcurves fillcolor rgb '\(series.color.hex(transparency: 0.78))' notitle"
    }
    let lines = chart.series.map { series in
      let style =
        switch series.style {
        case .points: "points \(point(series))"
        case .steps: "steps \(line(series))"
        case .line, .dashed: "lines \(line(series))"
        }
      return "\(file)\(column(series, 0)):\(column(series, 1)) with \(style) "
        + "title \(quoted(series.name)) noenhanced"
    }
    return bands + lines
  }
}

extension GnuplotScript {
  private func line(_ series: Series) -> String {
    let dash = series.style == .dashed ? " dashtype (7,5)" : ""
    return "lw \(number(series.width)) lc rgb '\(series.color.hex)'\(dash)"
  }

  private func point(_ series: Series) -> String {
    "pt 7 ps \(number(series.width * 0.25)) lc rgb '\(series.color.hex)'"
  }

  /// gnuplot's SVG point of size 1 has a radius of 4.5 pixels at this font size.
  private func disc(_ center: Point, color: Color) -> String {
    let size = ChartAnnotations.discRadius / 4.5
    return "set label '' at \(screen(center)) front point pt 7 ps \(number(size)) "
      + "lc rgb '\(color.hex)'"
  }

  private func label(
    _ text: String, at point: Point, color: Color, size: Double, align: String
  ) -> String {
    "set label \(quoted(text)) at \(screen(point)) \(align) front noenhanced "
      + "font ',\(number(size))' textcolor rgb '\(color.hex)'"
  }

  private func screen(_ point: Point) -> String {
    "screen \(fraction(point.x, layout.width)), screen \(fraction(point.y, layout.height))"
  }

  /// A name as it stands in the CSV, where quotes around the field are gone when gnuplot reads it.
  private func csvText(_ text: String) -> String {
    let field = FigureData.name(text)
    return quoted(field.hasPrefix("\"") ? String(field.dropFirst().dropLast()) : field)
  }
}
