import Atomistics
import FileFormats
import Potentials

/// Errors of a potential against labels, by group.
///
/// | name | unit |
/// |---|---|
/// | `energy`: root mean square of (E − E_label)/N | eV/atom |
/// | `force`: root mean square over components | eV/Å |
/// | `virial`: root mean square over components of (W − W_label)/N; nil without labels of it | eV/atom |
public struct TrainingErrors: Sendable, Codable, Hashable {
  public struct Row: Sendable, Codable, Hashable {
    /// "train", "valid" or "test".
    public let set: String
    /// "all" or the group.
    public let group: String
    public let frames: Int
    public let energy: Double
    public let force: Double
    public let virial: Double?
  }

  public let rows: [Row]

  public init(_ set: TrainingSet, _ potential: NEPPotential) throws {
    rows = try [("train", set.train), ("valid", set.valid)].flatMap {
      try Self.rows($0, $1, potential)
    }
  }

  /// On frames that no training saw.
  public init(test frames: [TrainingFrame], _ potential: NEPPotential) throws {
    rows = try Self.rows("test", frames, potential)
  }

  /// All frames, then each group.
  private static func rows(
    _ set: String, _ frames: [TrainingFrame], _ potential: NEPPotential
  ) throws -> [Row] {
    let all = try frames.map { try FrameDeviation($0, potential) }
    let groups = Dictionary(grouping: all, by: \.group).sorted { $0.key < $1.key }
    return [row(set, "all", all)] + groups.map { row(set, $0.key, $0.value) }
  }

  private static func row(_ set: String, _ group: String, _ frames: [FrameDeviation]) -> Row {
    let sums = DeviationSums(frames)
    return Row(
      set: set, group: group, frames: frames.count, energy: sums.energy.measure?.rms ?? 0,
      force: sums.force.measure?.rms ?? 0, virial: sums.virial.measure?.rms)
  }

  /// The table as CSV.
  public func write(to path: String) throws {
    try CSVTable(
      header: [
        "set", "group", "frames", "energy_meV_per_atom", "force_eV_per_A", "virial_meV_per_atom",
      ],
      rows: rows.map {
        [
          $0.set, $0.group, "\($0.frames)", CSVTable.field(1000 * $0.energy, decimals: 3),
          CSVTable.field($0.force, decimals: 5),
          $0.virial.map { CSVTable.field(1000 * $0, decimals: 3) } ?? "",
        ]
      }
    ).write(to: path)
  }
}
