import Atomistics
import FileFormats
import Potentials
import Synchronization

/// A potential against labels, by group (`config_type`) and by trajectory (`traj`).
public struct LabelErrors: Sendable {
  /// | name | what | unit |
  /// |---|---|---|
  /// | `energy` | (E − E_label)/N of each frame | eV/atom |
  /// | `shiftedEnergy` | root mean square of the same after a constant per trajectory, over the frames less the trajectories; of trajectories with two frames or more | eV/atom |
  /// | `labelForce` | root mean square of the labels' components | eV/Å |
  /// | `force` | components | eV/Å |
  /// | `forceInterval` | of its root mean square | eV/Å |
  /// | `forceSlope` | of forces against the labels' | - |
  /// | `elements` | forces by element | eV/Å |
  /// | `virial` | components of (W − W_label)/N; nil without labels of it | eV/atom |
  /// | `slope` | of energies along trajectories of one composition | - |
  public struct Row: Sendable, Codable, Hashable {
    /// "all", the group or the trajectory.
    public let name: String
    public let frames: Int
    public let atoms: Int
    public let trajectories: Int
    public let energy: ErrorMeasure
    public let shiftedEnergy: Double?
    public let labelForce: Double
    public let force: ErrorMeasure
    public let forceInterval: ForceInterval?
    public let forceSlope: ForceSlope?
    public let elements: [ElementError]
    public let virial: ErrorMeasure?
    public let slope: EnergySlope?
  }

  /// All frames first, then the groups by name.
  public let groups: [Row]
  /// By name.
  public let trajectories: [Row]
  /// Frames for pictures, in the order given.
  let parity: ParitySample

  /// Evaluates the frames, several side by side.
  ///
  /// - Parameters:
  ///   - seed: of the resampling for intervals, and of the points that pictures show.
  ///   - progress: called with how many frames are done, from any thread, one at a time.
  ///   - shouldStop: asked before every frame.
  /// - Returns: nil if it was stopped.
  /// - Throws: `PotentialsError.unsupportedElement`; `AtomisticsError.badStructure`.
  public init?(
    _ frames: [TrainingFrame], of potential: NEPPotential, threads: Int, seed: UInt64 = 1,
    progress: @Sendable (Int) -> Void = { _ in }, shouldStop: @Sendable () -> Bool = { false }
  ) throws {
    precondition(!frames.isEmpty, "errors are of some frames")
    try potential.validate(Set(frames.flatMap { Set($0.structure.species) }))
    var single = potential
    single.threads = 1
    let calculator = single
    let board = Mutex(Board(count: frames.count))
    parallelFor(chunks: frames.count, threads: threads) { k in
      guard !shouldStop() else { return }
      let outcome = Result { try FrameDeviation(frames[k], calculator) }
      board.withLock { board in
        board.outcomes[k] = outcome
        board.done += 1
        progress(board.done)
      }
    }
    let outcomes = board.withLock { $0.outcomes }
    guard !outcomes.contains(where: { $0 == nil }) else { return nil }
    self.init(try outcomes.map { try $0!.get() }, seed: seed)
  }

  private struct Board {
    var outcomes: [Result<FrameDeviation, any Error>?]
    var done = 0

    init(count: Int) { outcomes = Array(repeating: nil, count: count) }
  }

  init(_ all: [FrameDeviation], seed: UInt64) {
    let groups = Dictionary(grouping: all, by: \.group).sorted { $0.key < $1.key }
    let trajectories = Dictionary(grouping: all, by: \.trajectory).sorted { $0.key < $1.key }
    self.groups =
      [Self.row("all", all, seed)] + groups.map { Self.row($0.key, $0.value, seed) }
    self.trajectories = trajectories.map { Self.row($0.key, $0.value, seed) }
    parity = ParitySample(all, seed: seed)
  }

  private static func row(_ name: String, _ frames: [FrameDeviation], _ seed: UInt64) -> Row {
    let sums = DeviationSums(frames)
    let products = frames.map { ForceProducts($0) }
    let trajectories = Dictionary(grouping: frames, by: \.trajectory).sorted { $0.key < $1.key }
      .map(\.value)
    var random = RandomGenerator(seed: seed, stage: "force interval of \(name)")
    return Row(
      name: name, frames: frames.count, atoms: frames.reduce(0) { $0 + $1.atoms },
      trajectories: trajectories.count, energy: sums.energy.measure!,
      shiftedEnergy: shifted(trajectories), labelForce: ForceProducts(products).labelRMS,
      force: sums.force.measure!,
      forceInterval: ForceInterval(trajectories.map { $0.map(\.force) }, random: &random),
      forceSlope: ForceSlope(products), elements: ElementError.each(frames),
      virial: sums.virial.measure,
      slope: EnergySlope(
        trajectories.filter { Set($0.map(\.composition)).count == 1 }.map { frames in
          frames.map { (label: $0.label, found: $0.found) }
        }))
  }

  /// √(Σ (x − x̄_t)²/(n − T)).
  private static func shifted(_ trajectories: [[FrameDeviation]]) -> Double? {
    var (squares, freedom) = (0.0, 0)
    for frames in trajectories where frames.count > 1 {
      let off = frames.map { $0.found - $0.label }
      let mean = off.reduce(0, +) / Double(off.count)
      squares += off.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      freedom += off.count - 1
    }
    return freedom > 0 ? (squares / Double(freedom)).squareRoot() : nil
  }
}
