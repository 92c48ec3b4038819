import Atomistics
import FileFormats
import Foundation

/// Frames to train on and frames to hold a model against, split by what they descend from.
///
/// Energies lose a shift per element, found by least squares over the frames trained on:
///
///     min_ε Σ_f (E_f/N_f − Σ_e ε_e n_fe/N_f)² + λ Σ_e ε_e²,    λ = 10⁻⁸ of the mean square row
///
/// where λ only chooses among solutions that fit alike (elements that always come together).
/// Frames with large forces weigh less, w/(1 + (F_rms/F₀)²), F₀ = 1.5 eV/Å.
public struct TrainingSet: Sendable {
  public let train: [TrainingFrame]
  public let valid: [TrainingFrame]
  /// ε in eV per atom.
  public let shifts: [Element: Double]
  static let softForce = 1.5

  /// Holds whole trajectories out, as many as make up a share of the frames; drawn by `seed`. The
  /// last trajectory of a group, and of an element, stays in training.
  ///
  /// - Throws: `WorkflowsError.badTraining` where nothing could be held out, or nothing is left.
  public init(_ frames: [TrainingFrame], holdingOut share: Double, seed: Int) throws {
    var held = Set<String>()
    // Of each group and each element: the trajectories that are still trained on.
    var left: [String: Set<String>] = [:]
    for frame in frames {
      for need in Self.needs(frame) { left[need, default: []].insert(frame.trajectory) }
    }
    let wanted = share * Double(frames.count)
    let sizes = Dictionary(grouping: frames, by: \.trajectory)
    var count = 0
    for trajectory in Self.shuffled(Array(sizes.keys), seed: seed) {
      guard Double(count) < wanted else { break }
      let needs = Set(sizes[trajectory]!.flatMap(Self.needs))
      guard needs.allSatisfy({ left[$0]!.count > 1 }) else { continue }
      for need in needs { left[need]!.remove(trajectory) }
      held.insert(trajectory)
      count += sizes[trajectory]!.count
    }
    guard !held.isEmpty else {
      throw WorkflowsError.badTraining(
        "no trajectory can be held out: every one is the only one of its group or of an element "
          + "(notes config_type and traj of each frame); give more, or a file with --valid")
    }
    try self.init(
      train: frames.filter { !held.contains($0.trajectory) },
      valid: frames.filter { held.contains($0.trajectory) })
  }

  /// A split that was made before.
  ///
  /// - Throws: `WorkflowsError.badTraining` for an empty side, or an element that only the frames
  ///   held out have.
  public init(train: [TrainingFrame], valid: [TrainingFrame]) throws {
    guard !train.isEmpty, !valid.isEmpty else {
      throw WorkflowsError.badTraining(
        "there are no frames to \(train.isEmpty ? "train on" : "hold the model against")")
    }
    let known = Set(train.flatMap(\.structure.species))
    if let other = valid.flatMap(\.structure.species).first(where: { !known.contains($0) }) {
      throw WorkflowsError.badTraining(
        "only the frames held out have \(other); a model cannot learn it from the others")
    }
    self.train = train
    self.valid = valid
    shifts = Self.shifts(of: train)
  }

  /// Elements by atomic number.
  public var elements: [Element] { shifts.keys.sorted() }

  /// Groups that are held out and not trained on.
  public var strangers: [String] {
    Set(valid.map(\.group)).subtracting(train.map(\.group)).sorted()
  }

  /// What a frame stands for in training.
  private static func needs(_ frame: TrainingFrame) -> Set<String> {
    Set(frame.structure.species.map { "element \($0.symbol)" }).union(["group \(frame.group)"])
  }

  private static func shuffled(_ names: [String], seed: Int) -> [String] {
    names.sorted {
      SHA256Digest.hex(of: Data("\(seed) \($0)".utf8))
        < SHA256Digest.hex(of: Data("\(seed) \($1)".utf8))
    }
  }

  private static func shifts(of frames: [TrainingFrame]) -> [Element: Double] {
    let elements = Set(frames.flatMap(\.structure.species)).sorted()
    let count = elements.count
    var matrix = [[Double]](repeating: [Double](repeating: 0, count: count), count: count)
    var right = [Double](repeating: 0, count: count)
    for frame in frames {
      let atoms = Double(frame.structure.count)
      let row = elements.map { element in
        Double(frame.structure.species.count { $0 == element }) / atoms
      }
      for i in 0..<count {
        right[i] += row[i] * frame.energy / atoms
        for j in 0..<count { matrix[i][j] += row[i] * row[j] }
      }
    }
    let ridge = 1e-8 * (0..<count).reduce(0) { $0 + matrix[$1][$1] } / Double(count)
    for i in 0..<count { matrix[i][i] += ridge }
    return Dictionary(uniqueKeysWithValues: zip(elements, solve(matrix, right)))
  }

  /// Gauss's elimination of a symmetric positive definite system, which needs no pivots.
  private static func solve(_ matrix: [[Double]], _ right: [Double]) -> [Double] {
    var (a, b) = (matrix, right)
    for k in b.indices {
      for i in (k + 1)..<max(k + 1, b.count) {
        let factor = a[i][k] / a[k][k]
        for j in k..<b.count { a[i][j] -= factor * a[k][j] }
        b[i] -= factor * b[k]
      }
    }
    for k in b.indices.reversed() {
      for j in (k + 1)..<max(k + 1, b.count) { b[k] -= a[k][j] * b[j] }
      b[k] /= a[k][k]
    }
    return b
  }

  /// What a frame weighs in training.
  func weight(of frame: TrainingFrame) -> Double {
    let soft = frame.forceScale / Self.softForce
    return frame.weight / (1 + soft * soft)
  }

  /// A frame's energy less the shifts of its atoms, eV.
  func shiftedEnergy(of frame: TrainingFrame) -> Double {
    frame.energy - frame.structure.species.reduce(0) { $0 + (shifts[$1] ?? 0) }
  }

  /// The files that trainers read.
  func write(train trainPath: String, valid validPath: String) throws {
    for (frames, path) in [(train, trainPath), (valid, validPath)] {
      try AtomicFile.write(
        frames.map { $0.text(energy: shiftedEnergy(of: $0), weight: weight(of: $0)) }.joined(),
        to: path)
    }
  }
}
