import Atomistics
import Foundation
import Report

extension Figure {
  /// Draws the figure as an SVG file, with its data and what draws it again beside it.
  ///
  /// - Parameters:
  ///   - path: ends in `.svg`.
  ///   - dataName: what the data are called without `.csv`, where not as the picture.
  ///   - example: a name that would do, for the message.
  /// - Returns: the names of the files, the data first.
  /// - Throws: `WorkflowsError.figureFailed`.
  func write(to path: String, dataName: String? = nil, example: String) throws -> [String] {
    let file = URL(fileURLWithPath: path)
    let name = file.deletingPathExtension().lastPathComponent
    let isPlain =
      name.first != "."
      && name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.".contains($0)) }
    guard file.pathExtension.lowercased() == "svg", !name.isEmpty, isPlain else {
      throw WorkflowsError.figureFailed(
        path: path,
        reason: "expected a name of letters, digits, - and _ that ends in .svg, such as \(example)",
        kind: .usage)
    }
    do throws(ReportError) {
      return try FigureFile(
        self, name: name, dataName: dataName, in: file.deletingLastPathComponent()
      ).files
    } catch {
      throw WorkflowsError.figureFailed(
        path: path, reason: error.description, kind: error.failureKind)
    }
  }
}

extension ReportError {
  /// What kind of trouble it is.
  var failureKind: FailureKind {
    switch self {
    case .gnuplotMissing, .gnuplotFailed: .unavailable
    case .nothingToDraw: .badData
    case .cannotWrite: .cannotWrite
    }
  }
}
