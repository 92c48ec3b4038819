import Atomistics

/// What is done with extrapolation grades.
///
/// | name | unit |
/// |---|---|
/// | `threshold`: frames with an atom above it are kept | - |
/// | `stop`: a run with an atom above it stops; nil goes on | - |
/// | `interval`: the least time between two kept frames | fs |
public struct GradeSettings: Codable, Hashable, Sendable, CustomStringConvertible {
  public var threshold = 2.0
  public var stop: Double?
  public var interval = 100.0

  public init() {}

  public var description: String {
    "kept above \(threshold) every \(interval) fs, "
      + (stop.map { "stopped above \($0)" } ?? "never stopped")
  }

  /// Throws `AtomisticsError.badQuantity` unless every value can be meant.
  func validate() throws {
    try DynamicsSettings.requireAbove([
      (threshold, "a grade above 0 from which frames are kept"),
      (stop ?? 1, "a grade above 0 from which the run stops"),
    ])
    if let stop, stop < threshold {
      throw AtomisticsError.badQuantity(
        "\(stop)",
        expected: "a grade to stop at that is not below the one to keep frames at, "
          + "\(threshold)")
    }
  }
}

/// The largest grade of a step and the atom that has it, counted from 0.
struct LargestGrade {
  let grade: Double
  let atom: Int

  init?(_ grades: [Double]?) {
    guard let grades, let atom = grades.indices.max(by: { grades[$0] < grades[$1] }) else {
      return nil
    }
    (grade, self.atom) = (grades[atom], atom)
  }
}
