import Foundation

/// A figure on disk: its picture, its data and what draws the one from the other.
///
/// | file | what it is |
/// |---|---|
/// | `name.csv` | every number of the figure, full precision, units in the header |
/// | `name.gp` | charts and maps only: `gnuplot name.gp` in that folder draws `name.svg` from `name.csv` |
/// | `name.svg` | the picture |
public struct FigureFile: Sendable {
  public let name: String
  public let folder: URL
  /// The picture as it was written.
  public let svg: String
  /// Names of the files written, the data first.
  public let files: [String]

  /// Path of the data relative to the page that stands beside the figures' folder.
  public var dataPath: String { "\(folder.lastPathComponent)/\(files[0])" }

  /// Draws a figure and writes its files; each appears whole or not at all.
  ///
  /// The name may have letters, digits, `-`, `_` and `.`; so may that of the data, where another file
  /// has the picture's.
  ///
  /// - Throws: `ReportError`: nothing to draw, gnuplot missing or failing, the folder not writable.
  public init(
    _ figure: Figure, name: String, dataName: String? = nil, in folder: URL,
    gnuplot: Gnuplot? = nil
  ) throws(ReportError) {
    let dataName = dataName ?? name
    precondition(
      !name.isEmpty && name.first != "."
        && name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.".contains($0)) },
      "'\(name)' is not a plain file name")
    try figure.requireContent(name: name)
    (self.name, self.folder) = (name, folder)
    let scratch = try ScratchFolder(beside: folder)
    defer { scratch.remove() }
    if let own = figure.ownDrawing {
      svg = own.svg
      files = ["\(dataName).csv", "\(name).svg"]
      try scratch.write(own.csv, to: files[0])
      try scratch.write(svg, to: files[1])
    } else {
      let drawing = figure.gnuplotDrawing(name: name, dataName: dataName)
      files = ["\(dataName).csv", "\(name).gp", "\(name).svg"]
      try scratch.write(drawing.csv, to: files[0])
      try scratch.write(drawing.script, to: files[1])
      let program = if let gnuplot { gnuplot } else { try Gnuplot() }
      try program.run(files[1], in: scratch.url, figure: name)
      svg = try scratch.read(files[2], figure: name)
    }
    for file in files { try scratch.publish(file, to: folder) }
  }
}

extension Figure {
  /// The data and the script of what has axes.
  fileprivate func gnuplotDrawing(
    name: String, dataName: String
  ) -> (csv: String, script: String) {
    let layout: FigureLayout
    switch self {
    case .chart(let chart): layout = .single(chart)
    case .panels(let figure): layout = .grid(figure)
    case .maps(let map):
      return (map.csv, ColorMapScript(name: name, dataName: dataName, map: map).text)
    case .scene, .composition, .landscape: preconditionFailure("a picture has no axes")
    }
    let data = FigureData(charts, namesPanels: charts.count > 1)
    return (
      data.csv, GnuplotScript(name: name, dataName: dataName, layout: layout, data: data).text
    )
  }

  /// What is drawn without gnuplot.
  fileprivate var ownDrawing: (svg: String, csv: String)? {
    switch self {
    case .chart, .panels, .maps: nil
    case .scene(let scene): (scene.svg(), scene.csv)
    case .composition(let diagram): (diagram.svg(), diagram.csv)
    case .landscape(let landscape): (landscape.svg(), landscape.csv)
    }
  }
}
