import Atomistics
import FileFormats
import Foundation
import Potentials

/// Frames worth a label: those whose environments are farthest from all that is known.
///
/// Frames are chosen in the order of `FarthestFrames`, by the scaled descriptors of a potential. First
/// go unphysical frames (a pair nearer than `closest` times its covalent radii; a label's force above
/// `largestForce`), then frames equal to one before or to a known one, then, if `grade` is set, frames in
/// which no atom has an extrapolation grade above it.
public struct FrameSelection: Sendable {
  /// How many are chosen; nil for no limit.
  public var count: Int?
  /// The least distance of a chosen frame from those before it.
  public var distance = 0.002
  /// Frames without an atom of a grade above this are passed over; needs a potential with an active set.
  public var grade: Double?
  public var closest = ClosePair.usualLimit
  /// eV/Å.
  public var largestForce: Double?
  public var threads = 1
  private let potential: NEPPotential?

  /// - Parameter potential: whose descriptors tell environments apart; without one they are those of an
  ///   untrained potential, scaled by their range over all frames, known ones included.
  public init(potential: NEPPotential?) { self.potential = potential }

  public struct Choice: Sendable, Codable, Hashable {
    public let source: String
    public let config_type: String?
    public let traj: String?
    public let atoms: Int
    /// "first Li", or "distance".
    public let reason: String
    /// nil for the first frame with an element.
    public let distance, mean_distance: Double?
    /// The element and the number, from 1, of the atom that is that far.
    public let element: String
    public let atom: Int
    public let grade: Double?
  }

  public struct Result: Sendable {
    /// Frames of the input.
    public let frames: Int
    public let chosen: [Choice]
    /// Left out: unphysical ones by the reason, equal ones, those within the grade.
    public let unphysical: [String: Int]
    public let duplicates, withinGrade: Int
    /// Left because they are nearer than the least distance, or because there were enough.
    public let near, beyondCount: Int
    /// Of the farthest frame that was not chosen.
    public let farthestLeft: Double?
  }

  /// Chooses among the frames of the files, those of `known` counting as chosen, and writes them in the
  /// order in which they were chosen, with a table of the reasons (`table(of:)`) beside them.
  ///
  /// - Throws: `FileFormatsError`; `PotentialsError.unsupportedElement`; `WorkflowsError.badSampling`
  ///   where no frame is left, `.interrupted` after `Interruption`.
  public func select(
    _ files: [String], known: [String] = [], to path: String,
    progress: (String) -> Void = { _ in }
  ) throws -> Result {
    let all = try CandidateFrame.read(files)
    let before = try CandidateFrame.read(known)
    var (unphysical, seen) = ([String: Int](), Set(before.map(\.key)))
    let physical = all.filter { frame in
      guard let reason = trouble(frame) else { return true }
      unphysical[reason, default: 0] += 1
      return false
    }
    let single = physical.filter { seen.insert($0.key).inserted }
    guard !single.isEmpty else {
      throw WorkflowsError.badSampling(
        "none of the \(all.count) frames is left: \(all.count - physical.count) are unphysical, "
          + "\(physical.count) are known or doubles")
    }
    let seer = try potential ?? .untrained(species: elements(of: single + before))
    var found = try environments(single, seer, "candidates", progress)
    var old = try environments(before, seer, "known frames", progress)
    if potential == nil { FrameEnvironments.scaleByRange(&found, &old) }
    let open = found.indices.filter { index in grade.map { (found[index].grade ?? 0) > $0 } ?? true
    }
    let (choices, farthest, left) = try choose(
      open.map { found[$0].environments }, old.map(\.environments), progress)
    try AtomicFile.write(choices.map { single[open[$0.frame]].text }.joined(), to: path)
    let rows = choices.map { row($0, single[open[$0.frame]], found[open[$0.frame]].grade) }
    try Self.write(rows, to: Self.table(of: path))
    return Result(
      frames: all.count, chosen: rows, unphysical: unphysical,
      duplicates: physical.count - single.count, withinGrade: single.count - open.count,
      near: left, beyondCount: open.count - choices.count - left, farthestLeft: farthest)
  }

  private func elements(of frames: [CandidateFrame]) -> [Element] {
    Set(frames.flatMap(\.structure.species)).sorted()
  }

  private func trouble(_ frame: CandidateFrame) -> String? {
    if frame.structure.count == 0 { return "no atoms" }
    if !frame.structure.positions.allSatisfy(\.isFinite) { return "a position that is no number" }
    if let force = frame.largestForce {
      if !force.isFinite { return "a force that is no number" }
      if let largestForce, force > largestForce { return "a force above \(largestForce) eV/Å" }
    }
    return ClosePair(in: frame.structure, under: closest)?.text
  }

  private func environments(
    _ frames: [CandidateFrame], _ potential: NEPPotential, _ what: String,
    _ progress: (String) -> Void
  ) throws -> [GradedEnvironments] {
    var potential = potential
    potential.threads = threads
    return try frames.enumerated().map { k, frame in
      guard !Interruption.isRequested else { throw WorkflowsError.interrupted("the selection") }
      progress("descriptors of \(k) of \(frames.count) \(what)")
      do {
        return try GradedEnvironments(frame.structure, potential, graded: grade != nil)
      } catch let error as AtomisticsError {
        throw FileFormatsError.badFile(path: frame.source, line: nil, reason: error.description)
      }
    }
  }

  private func choose(
    _ frames: [FrameEnvironments], _ known: [FrameEnvironments], _ progress: (String) -> Void
  ) throws -> (choices: [FarthestFrames.Choice], farthest: Double?, near: Int) {
    var search = FarthestFrames(frames, known: known, threads: threads)
    var choices: [FarthestFrames.Choice] = []
    while let next = search.farthest() {
      guard !Interruption.isRequested else { throw WorkflowsError.interrupted("the selection") }
      guard next.distance >= distance, choices.count < count ?? .max else {
        return (choices, next.distance, search.remaining(nearerThan: distance))
      }
      search.choose(next.frame)
      choices.append(next)
      progress("\(choices.count) chosen, the last \(rounded(next.distance, 4)) away")
    }
    return (choices, nil, 0)
  }

  private func row(
    _ choice: FarthestFrames.Choice, _ frame: CandidateFrame, _ grade: Double?
  ) -> Choice {
    let element = frame.structure.species[choice.atom].symbol
    let isFirst = !choice.distance.isFinite
    return Choice(
      source: frame.source, config_type: frame.frame.notes["config_type"],
      traj: frame.frame.notes["traj"], atoms: frame.structure.count,
      reason: isFirst ? "first \(element)" : "distance",
      distance: isFirst ? nil : choice.distance,
      mean_distance: choice.meanDistance.isFinite ? choice.meanDistance : nil, element: element,
      atom: choice.atom + 1, grade: grade)
  }

  /// The table of the reasons that belongs to a file of chosen frames.
  public static func table(of path: String) -> String {
    (path.hasSuffix(".extxyz") ? String(path.dropLast(7)) : path) + ".csv"
  }

  private static func write(_ rows: [Choice], to path: String) throws {
    func text(_ value: Double?) -> String { value.map { CSVTable.field($0, decimals: 6) } ?? "" }
    try CSVTable(
      header: [
        "order", "source", "config_type", "traj", "atoms", "reason", "distance", "mean_distance",
        "element", "atom", "grade",
      ],
      rows: rows.enumerated().map { k, row in
        [
          "\(k + 1)", row.source, row.config_type ?? "", row.traj ?? "", "\(row.atoms)", row.reason,
          text(row.distance), text(row.mean_distance), row.element, "\(row.atom)", text(row.grade),
        ]
      }
    ).write(to: path)
  }
}

/// The environments of a frame, and its largest grade if that is wanted.
struct GradedEnvironments: Sendable {
  var environments: FrameEnvironments
  let grade: Double?

  init(_ structure: Structure, _ potential: NEPPotential, graded: Bool) throws {
    let found = try potential.descriptors(of: structure, withActivations: graded)
    environments = FrameEnvironments(
      species: structure.species, rows: found.rows, width: found.width)
    grade = found.activations.flatMap { activations in
      potential.activeSet?.grades(of: activations, species: structure.species).max()
    }
  }
}

extension FrameEnvironments {
  /// Divides each component by its range over all atoms of all frames.
  static func scaleByRange(_ a: inout [GradedEnvironments], _ b: inout [GradedEnvironments]) {
    let padded = padded(a.first?.environments.width ?? 1)
    var low = [Float](repeating: .infinity, count: padded)
    var high = [Float](repeating: -.infinity, count: padded)
    for part in (a + b).flatMap(\.environments.parts) {
      for (k, value) in part.rows.enumerated() {
        low[k % padded] = min(low[k % padded], value)
        high[k % padded] = max(high[k % padded], value)
      }
    }
    let factors = zip(low, high).map { $1 > $0 ? 1 / ($1 - $0) : 0 }
    func scale(_ frame: inout GradedEnvironments) {
      for p in frame.environments.parts.indices {
        for k in frame.environments.parts[p].rows.indices {
          frame.environments.parts[p].rows[k] *= factors[k % padded]
        }
      }
    }
    for k in a.indices { scale(&a[k]) }
    for k in b.indices { scale(&b[k]) }
  }
}
