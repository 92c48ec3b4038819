import FileFormats
import Foundation

/// What the files of a run say about its extrapolation grades.
///
/// | name | meaning |
/// |---|---|
/// | `times_ps`, `grades` | the largest grade of each row of `thermo.csv`, equilibration included |
/// | `peak` | the largest of the rows and of the frames that were kept |
/// | `kept` | frames in `extrapolating.extxyz` |
public struct GradeSummary: Sendable, Equatable {
  /// A grade, the step that had it and the atom, counted from 0.
  public struct Peak: Sendable, Equatable {
    public let grade: Double
    public let step: Int
    public let atom: Int
  }

  public let times_ps: [Double]
  public let grades: [Double]
  public let peak: Peak
  public let kept: Int

  /// Reads the directory of a run.
  ///
  /// - Returns: nil if the run had no active set.
  /// - Throws: `FileFormatsError` for files that are missing or damaged.
  public init?(directory: URL) throws {
    let table = try CSVTable(
      path: directory.appendingPathComponent(DynamicsRunFiles.tableName).path)
    guard table.column("grade_max") != nil else { return nil }
    let (time, grade) = (try table.requiredColumn("time_ps"), try table.requiredColumn("grade_max"))
    let (step, atom) = (try table.requiredColumn("step"), try table.requiredColumn("grade_atom"))
    var (times, peaks): ([Double], [Peak]) = ([], [])
    for row in table.rows.indices {
      times.append(try table.number(row: row, column: time))
      peaks.append(
        Peak(
          grade: try table.number(row: row, column: grade),
          step: try table.whole(row: row, column: step),
          atom: try table.whole(row: row, column: atom)))
    }
    let frames = try Self.keptPeaks(
      directory.appendingPathComponent(DynamicsRunFiles.extrapolatingName).path)
    guard let largest = (peaks + frames).max(by: { $0.grade < $1.grade }) else { return nil }
    (times_ps, grades) = (times, peaks.map(\.grade))
    (peak, kept) = (largest, frames.count)
  }

  /// What counts as above 1. The active environments have a grade of 1 up to rounding, and single
  /// precision knows a grade to 2 %.
  public static let extrapolates = 1.02

  /// The fraction of the rows with a grade above this.
  public func share(above limit: Double) -> Double {
    Double(grades.count { $0 > limit }) / Double(max(1, grades.count))
  }

  /// The largest grade of each frame that was kept, from its comment line.
  private static func keptPeaks(_ path: String) throws -> [Peak] {
    let lines = try LineReader(path: path)
    var peaks: [Peak] = []
    while let first = try lines.next() {
      guard let atoms = Int(first), atoms > 0, let comment = try lines.next(),
        let peak = Peak(comment: comment)
      else {
        throw FileFormatsError.badFile(
          path: path, line: lines.lineNumber,
          reason: "this is no frame that was kept for its grade; run it again")
      }
      peaks.append(peak)
      for _ in 0..<atoms where try lines.next() == nil {
        throw FileFormatsError.truncated(path, line: lines.lineNumber)
      }
    }
    guard lines.lineWasEnded else {
      throw FileFormatsError.truncated(path, line: lines.lineNumber)
    }
    return peaks
  }
}

extension GradeSummary.Peak {
  /// From "... step=12 grade_max=3.4 grade_atom=5 ..."; nil if one is missing.
  fileprivate init?(comment: String) {
    var values: [Substring: Substring] = [:]
    for word in comment.split(separator: " ") {
      let sides = word.split(separator: "=", maxSplits: 1)
      if sides.count == 2 { values[sides[0]] = sides[1] }
    }
    guard let grade = values["grade_max"].flatMap({ Double($0) }),
      let step = values["step"].flatMap({ Int($0) }),
      let atom = values["grade_atom"].flatMap({ Int($0) })
    else { return nil }
    self.init(grade: grade, step: step, atom: atom)
  }
}

extension CSVTable {
  /// The whole number in a row and column.
  fileprivate func whole(row: Int, column: Int) throws -> Int {
    let value = try number(row: row, column: column)
    guard let whole = Int(exactly: value) else {
      throw FileFormatsError.badFile(
        path: path, line: lineNumbers[row],
        reason: "\(value) in the column '\(header[column])' is not a whole number")
    }
    return whole
  }
}
