import Foundation
import Report
import Testing

@Suite struct ColorMapTests {
  /// A plane, v = x + y at the middles of cells of 1 by 2, without a value in some.
  private func map(
    _ scale: ColorMap.Scale = .sequential, panels: Int = 1, size: (Int, Int) = (6, 5),
    empty: Set<Int> = []
  ) -> ColorMap {
    let (m, n) = size
    func value(_ i: Int, _ j: Int) -> Double {
      guard !empty.contains(j * m + i) else { return .nan }
      let (x, y) = (Double(i) + 0.5, 2 * Double(j) + 1)
      return x + y - 6
    }
    let values = (0..<n).map { j in (0..<m).map { i in value(i, j) } }
    let panel = (0..<panels).map { index in
      ColorMap.Panel(
        title: panels > 1 ? "part \(index), 'x'" : "", xEdges: (0...m).map { Double($0) },
        yEdges: (0...n).map { 2 * Double($0) - 4 }, values: values)
    }
    return ColorMap(
      title: "A plane", x: Axis("Time", unit: "ps"), y: Axis("Depth", unit: "Å"),
      quantity: Axis("Change", unit: "e"), scale: scale, panels: panel,
      lines: [ReferenceLine(y: 0)])
  }

  private func cells(_ svg: String) throws -> Int {
    svg.matches(of: try Regex("<polygon|<rect")).count
  }

  @Test func dataScriptAndPicture() throws {
    let folder = try TemporaryFolder()
    let file = try FigureFile(.maps(map()), name: "plane", in: folder.url)
    #expect(file.files == ["plane.csv", "plane.gp", "plane.svg"])
    let lines = try folder.text("plane.csv").split(separator: "\n")
    #expect(
      lines[0]
        == "Time from (ps),Time to (ps),Depth from (Å),Depth to (Å),Change (e),for contour lines")
    #expect(
      lines.count == 31 && lines[1] == "0.0,1.0,-4.0,-2.0,-4.5,-4.5"
        && lines[6].hasPrefix("1.0,2.0,"))
    for text in ["A plane", "Time (ps)", "Depth (Å)", "Change (e)"] {
      #expect(file.svg.contains(text), "\(text)")
    }
    try FileManager.default.removeItem(at: folder.url.appendingPathComponent("plane.svg"))
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["gnuplot", "plane.gp"]
    process.currentDirectoryURL = folder.url
    try process.run()
    process.waitUntilExit()
    #expect(try folder.text("plane.svg") == file.svg)
  }

  /// A plane's contour lines are straight, and their ends lie where x + y is the level.
  @Test func contourLinesLieAtTheirValues() throws {
    let folder = try TemporaryFolder()
    _ = try FigureFile(.maps(map()), name: "plane", in: folder.url)
    let script = try folder.text("plane.gp").replacingOccurrences(
      of: "set multiplot",
      with:
        "set print 'lines.txt'\ndo for [i=1:|$contours0|] { print $contours0[i] }\nunset print\nset multiplot"
    )
    try script.write(
      to: folder.url.appendingPathComponent("told.gp"), atomically: true, encoding: .utf8)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["gnuplot", "told.gp"]
    process.currentDirectoryURL = folder.url
    try process.run()
    process.waitUntilExit()
    let points = try folder.text("lines.txt").split(separator: "\n")
      .filter { !$0.contains("#") }
      .map { $0.split(separator: " ").compactMap { Double($0) } }.filter { $0.count == 3 }
    #expect(points.count > 10)
    for point in points {
      // v = x + (y + 4) − 6.
      #expect(abs(point[0] + point[1] - 2 - point[2]) < 1e-4, "\(point)")
    }
  }

  @Test func emptyCellsStayWhite() throws {
    let folder = try TemporaryFolder()
    let whole = try FigureFile(.maps(map()), name: "whole", in: folder.url).svg
    let holes = try FigureFile(.maps(map(empty: [0, 7, 8])), name: "holes", in: folder.url).svg
    #expect(try cells(whole) - cells(holes) == 3)
    let rows = try numbers(folder.text("holes.csv"))
    #expect(rows.filter { $0[4].isNaN }.count == 3)
    // Below the first row there is nothing to go from; the others are bridged, here in a plane.
    #expect(rows.filter { $0[5].isNaN }.count == 1 && rows[0][5].isNaN)
    for row in rows where !row[5].isNaN { #expect(abs(row[5] - (row[0] + row[2] - 0.5)) < 1e-12) }
  }

  /// The numbers below the header.
  private func numbers(_ text: String) throws -> [[Double]] {
    text.split(separator: "\n").dropFirst().map {
      $0.split(separator: ",").compactMap { Double($0) }
    }
  }

  @Test func panelsShareTheScale() throws {
    let folder = try TemporaryFolder()
    let file = try FigureFile(.maps(map(.diverging, panels: 3)), name: "four", in: folder.url)
    let lines = try folder.text("four.csv").split(separator: "\n")
    #expect(lines.count == 91 && lines[0].hasPrefix("panel,"))
    #expect(lines[31].hasPrefix("\"part 1, 'x'\","))
    for index in 0..<3 { #expect(file.svg.contains("part \(index), ")) }
    #expect(file.svg.components(separatedBy: "Change (e)").count - 1 == 1)
    // −4.5 to 8.5 on a scale whose middle is 0.
    #expect(try folder.text("four.gp").contains("set cbrange [-8.5:8.5]"))
  }

  @Test func smallMaps() throws {
    let folder = try TemporaryFolder()
    for size in [(1, 1), (1, 4), (4, 1), (2, 2)] {
      let file = try FigureFile(.maps(map(size: size)), name: "small", in: folder.url)
      #expect(file.svg.contains("A plane"))
    }
    let error = #expect(throws: ReportError.self) {
      try FigureFile(.maps(map(size: (1, 1), empty: [0])), name: "none", in: folder.url)
    }
    #expect(error?.description.contains("no cell of the map") == true)
  }

  @Test func dataMayHaveAnotherName() throws {
    let folder = try TemporaryFolder()
    let file = try FigureFile(.maps(map()), name: "map", dataName: "map-figure", in: folder.url)
    #expect(file.files == ["map-figure.csv", "map.gp", "map.svg"])
    #expect(file.dataPath.hasSuffix("/map-figure.csv"))
    #expect(try folder.names == file.files)
  }
}
