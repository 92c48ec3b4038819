import Atomistics

/// Watches for atoms that cross the vacuum of a slab, which periodic images make look like atoms
/// that entered from the other side.
///
/// A slab has a vacuum where the first frame has a stretch along c without atoms that is wider than
/// `AtomicDistributionWidth.narrowestGap`. With s_i the unwrapped fractional coordinate of an atom
/// along c, s̄ the mean over all atoms and s₀ the middle of the vacuum, an atom has crossed once
///
///     s_i(t) − (s̄(t) − s̄(0))  is not in  [s₀, s₀ + 1].
///
/// | symbol | name | unit |
/// |---|---|---|
/// | width of the vacuum in the first frame | `vacuum_A` | Å |
/// | when an atom was first seen across | `time_ps` | ps |
///
/// Each atom is told once, however often it goes to and fro. A slab that drifts as a whole crosses
/// nothing. Bulk cells, double contacts and structures that do not repeat along c have no vacuum.
public struct VacuumCrossings: TrajectoryAnalysis {
  private var frames = FrameSequence()
  private var unwrapper = Unwrapper()
  private var cut = 0.0
  private var vacuum: Double?
  private var shifts: [Double] = []
  private var firstMean = 0.0
  private var hasCrossed: [Bool] = []
  private var crossings: [VacuumCrossing] = []

  public init() {}

  public mutating func consume(_ frame: Frame) throws {
    let index = try frames.accept(frame)
    if index == 0 { try findVacuum(frame.structure) }
    guard vacuum != nil else { return }
    let structure = try unwrapper.unwrap(frame).structure
    let s = zip(structure.fractionalPositions, shifts).map { $0.z + $1 }
    let mean = s.reduce(0, +) / Double(s.count)
    if index == 0 { firstMean = mean }
    let drift = mean - firstMean
    for (atom, value) in s.enumerated() where !hasCrossed[atom] {
      let place = value - drift
      guard place < cut || place > cut + 1 else { continue }
      hasCrossed[atom] = true
      crossings.append(
        VacuumCrossing(
          atom: atom + 1, element: structure.species[atom].symbol, time_ps: frame.time / 1000,
          isUpwards: place > cut + 1))
    }
  }

  private mutating func findVacuum(_ structure: Structure) throws {
    let axis = NormalAxis(structure)
    guard axis.isPeriodic, structure.count > 1 else { return }
    let s = structure.fractionalPositions.map(\.z)
    let widest = NormalAxis.widestGap(s)
    guard widest.width * axis.height > AtomicDistributionWidth.narrowestGap else { return }
    vacuum = widest.width * axis.height
    cut = widest.cut
    shifts = s.map { (NormalAxis.fold($0, above: widest.cut) - $0).rounded() }
    hasCrossed = Array(repeating: false, count: s.count)
  }

  /// - Throws: `AnalysisError.noFrames`.
  public func result() throws -> VacuumReport {
    guard frames.count > 0 else { throw AnalysisError.noFrames }
    return VacuumReport(vacuum_A: vacuum, crossings: crossings)
  }
}

/// An atom that was first seen across the vacuum.
public struct VacuumCrossing: Sendable, Codable, Hashable {
  /// Its number, from 1.
  public let atom: Int
  public let element: String
  public let time_ps: Double
  /// Whether it left along c, or against it.
  public let isUpwards: Bool
}

/// The vacuum of a slab, and who crossed it.
public struct VacuumReport: Sendable, Codable, Hashable {
  /// Its width in the first frame; nil where there is none.
  public let vacuum_A: Double?
  /// In order of time.
  public let crossings: [VacuumCrossing]

  /// What a reader of any result from this slab has to know; nil where nothing crossed.
  public var warning: String? {
    guard let vacuum_A, !crossings.isEmpty else { return nil }
    let shown = crossings.prefix(5).map {
      "\($0.element) atom \($0.atom) \($0.isUpwards ? "upwards" : "downwards") at \($0.time_ps) ps"
    }.joined(separator: ", ")
    let width = (vacuum_A * 10).rounded() / 10
    return "\(crossings.count) \(crossings.count == 1 ? "atom" : "atoms") crossed the vacuum of "
      + "\(width) Å (\(shown)\(crossings.count > 5 ? ", ..." : "")): atoms that came round the cell "
      + "look like atoms that went through the contact; use a wider vacuum or leave these times out"
  }
}
