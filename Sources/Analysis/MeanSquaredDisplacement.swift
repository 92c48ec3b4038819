import Atomistics

/// The mean squared displacement of a species and its diffusivity:
///
///     MSD(τ) = ⟨ |u_i(t + τ) − u_i(t)|² ⟩ over atoms i and all origins t,   u = r − R,
///     D = slope of MSD(τ) between τ₁ and τ₂ / (2d)
///
/// | symbol | name | unit |
/// |---|---|---|
/// | r | unwrapped position | Å |
/// | R | centre of mass of all atoms of the cell, unless the drift is kept | Å |
/// | τ | `lags_ps` | ps |
/// | MSD | `msd_A2`; `msdInPlane_A2` along a and b; `msdNormal_A2` across them | Å² |
/// | D | `diffusivity`, with d = 3, 2 and 1 | cm²/s |
///
/// Origins overlap, and so values at neighbouring lags and origins depend on one another: the
/// scatter around a fitted line says nothing of the error. The trajectory is therefore cut into
/// K segments of equal length, at least 2τ₂ long. Each gives a slope from its own origins alone; D
/// is their mean, its standard error s/√K, and the 95 % band that of Student's t with K − 1 degrees
/// of freedom. It covers whatever correlates atoms with one another and lasts shorter than a
/// segment; it does not cover a system that changes with time, nor a motion slower than τ₂.
///
/// Without a choice τ₂ is a tenth of the trajectory and τ₁ a quarter of τ₂, which makes K = 5.
/// With τ₂ given, K is as large as fits, up to 20; below 4 there is no error.
///
/// Frames must be evenly spaced. Beyond `capacity` frames only every second, fourth, ... is kept
/// (`PositionHistory`), so that memory is bounded. Where the cell changes, displacements hold its
/// breathing, and a warning says so.
///
/// Sources: Frenkel and Smit, Understanding Molecular Simulation (2nd ed., 2002), section 4.4.1;
/// Flyvbjerg and Petersen, J. Chem. Phys. 91, 461 (1989), on the error of correlated data from
/// blocks.
public struct MeanSquaredDisplacement: TrajectoryAnalysis {
  /// Nil stands for any element.
  public let species: Element?
  public let selection: AtomSelection
  public let removesDrift: Bool
  /// τ₁ to τ₂ in fs.
  public let fitRange: ClosedRange<Double>?
  public let capacity: Int

  private var frames = FrameSequence()
  private var unwrapper = Unwrapper()
  private var atoms: [Int] = []
  private var history = PositionHistory(atoms: 0, capacity: 4)
  private var axes: [Vector3] = []
  private var firstCenter = Vector3.zero
  private var firstLattice: Lattice?
  private var cellChange = 0.0

  /// - Parameters:
  ///   - fitRange: lags in fs between which the slope is taken.
  ///   - capacity: how many frames are kept at most; even.
  /// - Throws: `AnalysisError.badParameter`.
  public init(
    _ species: Element?, selection: AtomSelection = .all, removesDrift: Bool = true,
    fitRange: ClosedRange<Double>? = nil, capacity: Int = 2048
  ) throws {
    if let fitRange {
      guard fitRange.lowerBound > 0, fitRange.upperBound > fitRange.lowerBound else {
        throw AnalysisError.badParameter(
          name: "the range of the fit",
          value: "\(fitRange.lowerBound / 1000) to \(fitRange.upperBound / 1000) ps",
          expected: "a time above zero and a later one")
      }
    }
    self.species = species
    self.selection = selection
    self.removesDrift = removesDrift
    self.fitRange = fitRange
    self.capacity = capacity
  }

  public mutating func consume(_ frame: Frame) throws {
    let index = try frames.accept(frame)
    let structure = try unwrapper.unwrap(frame).structure
    if index == 0 { try begin(structure) }
    try frames.checkEvenSpacing()
    note(structure.lattice)
    let drift = removesDrift ? structure.centerOfMass - firstCenter : .zero
    let axes = axes
    history.append(
      atoms.lazy.map { atom in
        let u = structure.positions[atom] - drift
        return Vector3(u.dot(axes[0]), u.dot(axes[1]), u.dot(axes[2]))
      })
  }

  private mutating func begin(_ structure: Structure) throws {
    atoms = try selection.atoms(of: species, in: structure)
    history = PositionHistory(atoms: atoms.count, capacity: capacity)
    firstCenter = structure.centerOfMass
    firstLattice = structure.lattice
    let normal = structure.lattice.a.cross(structure.lattice.b)
    let z = normal / normal.length
    let x = structure.lattice.a / structure.lattice.a.length
    axes = [x, z.cross(x), z]
  }

  private mutating func note(_ lattice: Lattice) {
    guard let firstLattice, lattice != firstLattice else { return }
    for k in 0..<3 {
      let change = (lattice.matrix[k] - firstLattice.matrix[k]).length
      cellChange = max(cellChange, change / firstLattice.matrix[k].length)
    }
  }

  /// - Throws: `AnalysisError.noFrames`, `.tooShort` where no lag fits into the trajectory or the
  ///   range of the fit is longer than it.
  public func result() throws -> SquaredDisplacements {
    guard frames.count > 0 else { throw AnalysisError.noFrames }
    guard history.count >= 2 else {
      throw AnalysisError.tooShort("a displacement takes two frames, and there is one")
    }
    let interval = frames.spacing * Double(history.stride)
    let all = 0..<history.count
    let parts = (0..<3).map { k in
      (1..<history.count).map { history.meanSquare(k, lag: $0, in: all) }
    }
    let inPlane = zip(parts[0], parts[1]).map(+)
    let total = zip(inPlane, parts[2]).map(+)
    let fit = try fit(total, interval: interval)
    return SquaredDisplacements(
      species: species?.symbol ?? "any", selection: selection.name, atoms: atoms.count,
      drift: removesDrift ? "centre of mass of all atoms removed" : "kept", frames: frames.count,
      framesKept: history.count, lags_ps: (1..<history.count).map { Double($0) * interval / 1000 },
      origins: (1..<history.count).map { history.count - $0 }, msd_A2: total,
      msdInPlane_A2: inPlane, msdNormal_A2: parts[2], fit: fit, warnings: warnings(fit))
  }

  private func fit(_ msd: [Double], interval: Double) throws -> DisplacementFit? {
    let longest = history.count - 1
    var (low, high) = (max(1, longest / 40), longest / 10)
    if let fitRange {
      low = max(1, Int((fitRange.lowerBound / interval).rounded()))
      high = max(low + 1, Int((fitRange.upperBound / interval).rounded()))
      guard high <= longest else {
        throw AnalysisError.tooShort(
          "the fit goes up to \(fitRange.upperBound / 1000) ps, the trajectory is "
            + "\(Double(longest) * interval / 1000) ps long; give an earlier end")
      }
    }
    guard high > low else { return nil }
    let segments = min(DisplacementFit.mostSegments, max(1, longest / (2 * high)))
    let length = longest / segments
    let lags = Array(low...high)
    let times = lags.map { Double($0) * interval }
    let slopes = (0..<3).map { k in
      (0..<segments).map { segment in
        // Neighbours share the frame at which one ends and the next begins.
        let range = segment * length..<(segment + 1) * length + 1
        return slope(times, lags.map { history.meanSquare(k, lag: $0, in: range) })
      }
    }
    func diffusivity(_ parts: [Int]) -> Diffusivity {
      Diffusivity(
        slopes: (0..<segments).map { s in parts.reduce(0) { $0 + slopes[$1][s] } },
        dimensions: parts.count)
    }
    let values = lags.map { msd[$0 - 1] }
    let exponent =
      values.allSatisfy { $0 > 0 }
      ? slope(times.map(naturalLogarithm), values.map(naturalLogarithm)) : nil
    return DisplacementFit(
      from_ps: times[0] / 1000, to_ps: times[times.count - 1] / 1000, segments: segments,
      exponent: exponent, total: diffusivity([0, 1, 2]), inPlane: diffusivity([0, 1]),
      normal: diffusivity([2]))
  }

  private func warnings(_ fit: DisplacementFit?) -> [String] {
    var warnings: [String] = []
    if let fit {
      if fit.segments < DisplacementFit.leastSegments {
        warnings.append(
          "the trajectory is shorter than \(2 * DisplacementFit.leastSegments) times the end of "
            + "the fit: the diffusivity has no error")
      }
      if let exponent = fit.exponent, !(0.8...1.2).contains(exponent) {
        warnings.append(
          "between \(fit.from_ps) and \(fit.to_ps) ps the displacement grows as t to the power "
            + "\((exponent * 100).rounded() / 100): this is not (yet) diffusion")
      }
    } else {
      warnings.append("the trajectory is too short for a diffusivity")
    }
    if cellChange > 1e-6 {
      warnings.append(
        "the cell changes by up to \((cellChange * 1e4).rounded() / 100) %: displacements hold that"
      )
    }
    if let warning = unwrapper.warning { warnings.append(warning) }
    return warnings
  }
}

/// The mean squared displacement against the lag; one value a lag.
public struct SquaredDisplacements: Sendable, Codable {
  public let species: String
  /// Which of its atoms.
  public let selection: String
  public let atoms: Int
  /// What was done about the motion of the whole.
  public let drift: String
  public let frames: Int
  /// How many of the frames displacements were taken between, evenly.
  public let framesKept: Int
  public let lags_ps: [Double]
  /// Over how many origins each value is a mean.
  public let origins: [Int]
  public let msd_A2: [Double]
  public let msdInPlane_A2: [Double]
  public let msdNormal_A2: [Double]
  /// Nil where the trajectory is too short.
  public let fit: DisplacementFit?
  public let warnings: [String]
}
