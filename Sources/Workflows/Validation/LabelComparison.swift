import Atomistics
import Foundation

/// Labels of the same frames by several calculators, against those by one, the reference.
///
/// Every calculator is held against the same frames: those that all files have. Absolute energies of
/// different programs have different zeros; compared are energies less a constant per trajectory, and
/// their slope against the reference's.
public struct LabelComparison: Sendable {
  /// One file of labels.
  public struct Subject: Sendable {
    /// Who labelled it, by the note `label`; the file's name where that is not told, or not one.
    public let name: String
    public let errors: LabelErrors
  }

  /// Who made the reference.
  public let reference: String
  public let subjects: [Subject]
  /// Frames compared.
  public let frames: Int
  /// The largest component of what the reference's forces in a frame add up to, eV/Å; with forces of
  /// a converged calculation next to nothing.
  public let netForce: Double
  /// Frames of the reference that a file does not hold.
  public let leftOut: Int

  /// Frames are the same whose atoms, in order, and corners of the cell lie no further apart, Å.
  static let tolerance = 1e-3

  /// - Parameters:
  ///   - reference: a file of labels; its notes say groups (`config_type`) and trajectories (`traj`).
  ///   - files: other labels of its frames, in any order.
  ///   - seed: of the resampling for intervals.
  /// - Throws: `FileFormatsError`; `WorkflowsError.badValidation` where files have no frame in common.
  public init(reference: String, _ files: [String], seed: UInt64 = 1) throws {
    precondition(!files.isEmpty, "a comparison has two sides")
    let wanted = try TrainingFrame.read([reference])
    let found = try files.map { try TrainingFrame.read([$0]) }
    let matches = found.map { frames in wanted.map { Self.match($0.structure, in: frames) } }
    let common = wanted.indices.filter { k in matches.allSatisfy { $0[k] != nil } }
    guard !common.isEmpty else {
      throw WorkflowsError.badValidation(
        "no frame of \(reference) is in \(files.count == 1 ? files[0] : "all other files"): frames "
          + "are the same whose atoms, in the same order, lie within \(Self.tolerance) Å")
    }
    let names = Self.names(zip(files, found).map { ($0, $1) })
    self.reference = Self.names([(reference, wanted)])[0]
    subjects = zip(names, zip(found, matches)).map { name, pair in
      let deviations = common.map { k in
        let other = pair.0[pair.1[k]!]
        return FrameDeviation(
          wanted[k], energy: other.energy, forces: other.forces, virial: other.virial)
      }
      return Subject(name: name, errors: LabelErrors(deviations, seed: seed))
    }
    netForce =
      common.map { k in
        let sum = wanted[k].forces.reduce(Vector3.zero, +)
        return (0..<3).map { abs(sum[$0]) }.max() ?? 0
      }.max() ?? 0
    frames = common.count
    leftOut = wanted.count - common.count
  }

  private static func match(_ structure: Structure, in frames: [TrainingFrame]) -> Int? {
    func near(_ a: Vector3, _ b: Vector3) -> Bool { (a - b).length <= tolerance }
    return frames.firstIndex { frame in
      let other = frame.structure
      return other.species == structure.species
        && near(other.lattice.a, structure.lattice.a) && near(other.lattice.b, structure.lattice.b)
        && near(other.lattice.c, structure.lattice.c)
        && zip(other.positions, structure.positions).allSatisfy { near($0, $1) }
    }
  }

  /// Labels where every file has one of its own, else the files' names.
  private static func names(_ files: [(path: String, frames: [TrainingFrame])]) -> [String] {
    let labels = files.map { Set($0.frames.map(\.label)) }
    let single = labels.compactMap { $0.count == 1 ? $0.first! : nil }
    if single.count == files.count, Set(single).count == files.count { return single }
    return files.map { URL(fileURLWithPath: $0.path).lastPathComponent }
  }

  /// The table, by calculator and group.
  public var table: ValidationTable {
    ValidationTable(
      "comparison", caption: "Labels against those of \(reference).",
      columns: [
        .init("calculator", "calculator"), .init("group", "group"), .init("frames", "frames"),
        .init("atoms", "atoms"), .init("trajectories", "trajectories"),
        .init("reference_force_rms_eV_per_A", "|F| eV/Å"),
        .init("force_rms_eV_per_A", "force eV/Å"), .init("force_rms_low_eV_per_A", "from"),
        .init("force_rms_high_eV_per_A", "to"), .init("resampled"), .init("resampled_units"),
        .init("force_mae_eV_per_A", "MAE"), .init("force_max_eV_per_A", "max"),
        .init("force_slope", "force slope"), .init("force_slope_low", "from"),
        .init("force_slope_high", "to"), .init("force_correlation", "r"),
        .init("energy_rms_shifted_meV_per_atom", "energy meV/atom"), .init("slope", "energy slope"),
        .init("slope_standard_error", "±"), .init("slope_frames"), .init("slope_trajectories"),
      ],
      rows: subjects.flatMap { subject in
        subject.errors.groups.map { row in
          [
            .text(subject.name), .text(row.name), .count(row.frames), .count(row.atoms),
            .count(row.trajectories), .number(row.labelForce, 3), .number(row.force.rms, 4),
            .number(row.forceInterval?.low, 4), .number(row.forceInterval?.high, 4),
            .count(row.forceInterval?.units ?? 0),
            .text(
              row.forceInterval.map { $0.isOfTrajectories ? "trajectories" : "frames" } ?? "none"),
            .number(row.force.mae, 4), .number(row.force.largest, 2),
            .number(row.forceSlope?.slope, 3), .number(row.forceSlope?.lowest, 3),
            .number(row.forceSlope?.highest, 3), .number(row.forceSlope?.correlation, 3),
            .number(row.shiftedEnergy.map { 1000 * $0 }, 2), .number(row.slope?.slope, 3),
            .number(row.slope?.standardError, 3), .count(row.slope?.frames ?? 0),
            .count(row.slope?.trajectories ?? 0),
          ]
        }
      },
      notes: [
        "|F|: root mean square of the reference's force components. Force: that of the differences, "
          + "with its 95 % interval by resampling trajectories (frames, of one trajectory); force slope: "
          + "Σ F·F_reference/Σ F_reference², its least and most of a single frame, and the "
          + "correlation r. Energy: root mean square per atom, less a constant per trajectory; "
          + "slope: of energies along trajectories of at least \(EnergySlope.fewestFrames) frames."
      ])
  }

  /// Forces by calculator, group and element.
  public var elementTable: ValidationTable {
    ValidationTable(
      "elements", caption: "Forces by element, against those of \(reference).",
      columns: [
        .init("calculator", "calculator"), .init("group", "group"), .init("element", "element"),
        .init("atoms", "atoms"), .init("reference_force_rms_eV_per_A", "|F| eV/Å"),
        .init("force_rms_eV_per_A", "force eV/Å"), .init("force_slope", "slope"),
        .init("force_correlation", "r"),
      ],
      rows: subjects.flatMap { subject in
        subject.errors.groups.flatMap { row in
          row.elements.map { error in
            let sums = error.products
            return [
              .text(subject.name), .text(row.name), .text(error.element.symbol), .count(sums.atoms),
              .number(sums.labelRMS, 3), .number(sums.rms, 4), .number(sums.slope, 3),
              .number(sums.correlation, 3),
            ]
          }
        }
      })
  }
}
