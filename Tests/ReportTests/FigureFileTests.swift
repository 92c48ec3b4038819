import Foundation
import Report
import Testing

@Suite struct FigureFileTests {
  @Test func dataAreTheSeries() throws {
    let folder = try TemporaryFolder()
    let file = try FigureFile(.chart(Sample.chart), name: "uptake", in: folder.url)
    #expect(file.files == ["uptake.csv", "uptake.gp", "uptake.svg"])
    #expect(try folder.names == file.files)
    let lines = try folder.text("uptake.csv").split(separator: "\n")
    #expect(lines[0] == "series,Voltage (V against Li⁺/Li),Li uptake (per formula unit),low,high")
    #expect(lines.count == 1 + Sample.chart.series.map(\.x.count).reduce(0, +))
    let elements = lines.filter { $0.hasPrefix("elements,") }.map { $0.split(separator: ",") }
    #expect(elements.compactMap { Double($0[1]) } == Sample.stairs.x)
    #expect(elements.compactMap { Double($0[2]) } == Sample.stairs.y)
    // Full precision, gaps kept, and names without what gnuplot takes otherwise.
    #expect(lines.contains("it's 'x'; 50% /n {a_b},2.0,\(1.0 / 3.0),0.2,0.5"))
    #expect(lines.contains("it's 'x'; 50% /n {a_b},1.0,nan,nan,nan"))
  }

  @Test func everySeriesIsDrawn() throws {
    let folder = try TemporaryFolder()
    let svg = try FigureFile(.chart(Sample.chart), name: "all", in: folder.url).svg
    for series in Sample.chart.series where series.style != .points {
      let paths = try drawnPaths(svg, color: series.color)
      #expect(paths.contains { $0.filter { "ML".contains($0) }.count >= 2 })
    }
    // The three curves and the band, each its own plot, and none of them empty.
    let plots = svg.components(separatedBy: "id=\"gnuplot_plot_").dropFirst()
    #expect(plots.count == 4)
    for plot in plots {
      let drawn = try #require(plot.range(of: "</g>\n\t</g>")).lowerBound
      #expect(
        ["d='M", "<use", "polygon"].contains { plot[..<drawn].contains($0) }, "\(plot.prefix(60))")
    }
    let points = svg.components(separatedBy: "color = '\(Palette.system("CN").hex)'").count - 1
    let drawn = svg.components(separatedBy: "gpPt6'").count - 1
    #expect(points + drawn >= 2)
  }

  @Test func theScriptDrawsTheSamePicture() throws {
    let folder = try TemporaryFolder()
    let file = try FigureFile(.chart(Sample.chart), name: "again", in: folder.url)
    try FileManager.default.removeItem(at: folder.url.appendingPathComponent("again.svg"))
    try runGnuplot("again.gp", in: folder.url)
    #expect(try folder.text("again.svg") == file.svg)
    // It is the data that is drawn: another number, another picture.
    let data = folder.url.appendingPathComponent("again.csv")
    let changed = try folder.text("again.csv").replacingOccurrences(of: ",8.0,", with: ",6.5,")
    try changed.write(to: data, atomically: true, encoding: .utf8)
    try runGnuplot("again.gp", in: folder.url)
    #expect(try folder.text("again.svg") != file.svg)
  }

  @Test func panelsShareOneLegend() throws {
    let folder = try TemporaryFolder()
    let charts = ["P–S", "Li–S", "Li–P", "Li–Cl"].map { title in
      Chart(
        title: title, x: Axis("r", unit: "Å"), y: Axis("g(r)", unit: ""),
        series: [Sample.curve("contact"), Sample.curve("bulk")])
    }
    let figure = PanelFigure(charts: charts, columns: 3)
    let file = try FigureFile(.panels(figure), name: "rdf", in: folder.url)
    #expect(file.svg.components(separatedBy: "<text>contact</text>").count - 1 == 1)
    let csv = try folder.text("rdf.csv")
    #expect(csv.hasPrefix("panel,series,r (Å),g(r)\n"))
    for title in charts.map(\.title) { #expect(csv.contains("\n\(title),bulk,")) }
  }

  @Test func gapsDoNotJoin() throws {
    let folder = try TemporaryFolder()
    func parts(_ y: [Double]) throws -> Int {
      let series = Series(
        name: "s", x: y.indices.map { Double($0) }, y: y, color: Color(0x123456))
      let chart = Chart(
        x: Axis("x", unit: ""), y: Axis("y", unit: "", range: 0...9), series: [series],
        legend: .none)
      let svg = try FigureFile(.chart(chart), name: "gap", in: folder.url).svg
      return try drawnPaths(svg, color: Color(0x123456)).joined().filter { $0 == "M" }.count
    }
    #expect(try parts([1, 2, 3, 4, 5]) == 1)
    #expect(try parts([1, 2, .nan, 4, 5]) == 2)
    #expect(try parts([1, 2, .infinity, 4, 5]) == 2)
    #expect(try parts([1, 2, -.infinity, 4, 5]) == 2)
  }

  @Test func nothingToDrawIsSaid() throws {
    let folder = try TemporaryFolder()
    func expectRefusal(_ series: [Series], _ words: String) {
      let chart = Chart(
        x: Sample.volts, y: Axis("y", unit: "", isLogarithmic: true), series: series)
      let error = #expect(throws: ReportError.self) {
        try FigureFile(.chart(chart), name: "empty", in: folder.url)
      }
      #expect(error?.description.contains(words) == true, "\(String(describing: error))")
    }
    expectRefusal([], "no series")
    expectRefusal([Series(name: "a", x: [], y: [], color: .black)], "'a' is empty")
    expectRefusal([Series(name: "a", x: [1], y: [.nan], color: .black)], "no finite point")
    expectRefusal([Series(name: "a", x: [1], y: [-1], color: .black)], "no finite point")
    #expect(try folder.names.isEmpty)
  }

  @Test func missingGnuplotIsSaid() throws {
    let error = #expect(throws: ReportError.self) { try Gnuplot(searchPath: "/nowhere:/none") }
    #expect(error?.description.contains("apt-get install gnuplot-nox") == true)
  }

  @Test func aFolderThatCannotBeWrittenIsSaid() throws {
    let folder = try TemporaryFolder()
    let file = folder.url.appendingPathComponent("file")
    try Data().write(to: file)
    let error = #expect(throws: ReportError.self) {
      try FigureFile(.chart(Sample.chart), name: "a", in: file)
    }
    guard case .cannotWrite(let path, _)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(path == file.path)
  }

  /// What the paths of one colour draw.
  private func drawnPaths(_ svg: String, color: Color) throws -> [String] {
    let pattern = try Regex(
      "<path stroke='rgb\\(\(rgb(color))\\)'[^>]*d='([^']*)'", as: (Substring, Substring).self)
    return svg.matches(of: pattern).map { String($0.output.1) }
  }

  private func rgb(_ color: Color) -> String {
    [color.red, color.green, color.blue].map { " *\($0)" }.joined(separator: ", *")
  }

  private func runGnuplot(_ script: String, in folder: URL) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["gnuplot", script]
    process.currentDirectoryURL = folder
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
  }
}
