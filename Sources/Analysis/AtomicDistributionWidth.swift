import Atomistics

/// The spread of a species across the contact, Eq. 2 of the paper:
///
///     σ(t) = √( (1/N) Σ_i (z_i − z̄)² ),   z̄ = (1/N) Σ_i z_i
///
/// | symbol | name | unit |
/// |---|---|---|
/// | z | height of an atom above the plane of a and b, unwrapped | Å |
/// | σ | `sigma_A` | Å |
/// | z̄ | `mean_A` | Å |
/// | s.e. of σ(t) − σ(0) | `changeError_A` | Å |
///
/// The error of the change is that of resampling atoms, to first order: with
/// I_i = ((z_i − z̄)² − σ²) / 2σ it is √( Σ_i (I_i(t) − I_i(0))² / (N (N − 1)) ). It takes atoms for
/// independent, so for ligands of one cluster it is too small; and it says nothing of what differs
/// from one run to another, for which seeds are compared.
///
/// Heights need a place where the periodic cell is cut open. It is cut once, on the first frame,
/// in the middle of the widest stretch along c that holds none of the chosen atoms: in the vacuum,
/// or in the metal for a species of the electrolyte in a periodic double contact. From then on
/// atoms are unwrapped. Where the chosen atoms leave no such stretch (lithium in a double contact),
/// σ depends on the cut and a warning says so: choose a region instead.
///
/// Atoms that leave the cut cell, seen from the mean of the chosen atoms, are counted: they went
/// through the vacuum or came out of the other contact.
///
/// Source: Fang and Jena, PRX Energy 2, 043013 (2023), Eq. 2.
public struct AtomicDistributionWidth: TrajectoryAnalysis {
  /// Å; a narrower stretch without atoms is only the space between two layers.
  public static let narrowestGap = 5.0

  public let species: Element
  public let selection: AtomSelection

  private var frames = FrameSequence()
  private var unwrapper = Unwrapper()
  private var atoms: [Int] = []
  /// Whole cells that bring each chosen atom above the cut.
  private var shifts: [Double] = []
  private var cut = 0.0
  private var gap = 0.0
  private var isPeriodic = false
  private var firstMean = 0.0
  private var crossed: Set<Int> = []
  private var sigma: [Double] = []
  private var mean: [Double] = []
  private var firstInfluence: [Double] = []
  private var changeError: [Double] = []

  public init(_ species: Element, selection: AtomSelection = .all) {
    self.species = species
    self.selection = selection
  }

  public mutating func consume(_ frame: Frame) throws {
    let index = try frames.accept(frame)
    if index == 0 { try cutOpen(frame.structure) }
    let structure = try unwrapper.unwrap(frame).structure
    let height = NormalAxis(structure).height
    let heights = zip(atoms, shifts).map { atom, shift in
      (structure.lattice.fractional(structure.positions[atom]).z + shift) * height
    }
    let count = Double(heights.count)
    let average = heights.reduce(0, +) / count
    let variance = heights.reduce(0) { $0 + ($1 - average) * ($1 - average) } / count
    mean.append(average)
    sigma.append(variance.squareRoot())
    addError(heights, average: average, variance: variance)
    if index == 0 { firstMean = average / height }
    countCrossings(heights.map { $0 / height }, drift: average / height - firstMean)
  }

  private mutating func addError(_ heights: [Double], average: Double, variance: Double) {
    let sigma = variance.squareRoot()
    let influence = heights.map { z in
      sigma > 0 ? ((z - average) * (z - average) - variance) / (2 * sigma) : 0
    }
    if changeError.isEmpty { firstInfluence = influence }
    let squares = zip(influence, firstInfluence).reduce(0) {
      $0 + ($1.0 - $1.1) * ($1.0 - $1.1)
    }
    let count = Double(heights.count)
    changeError.append(count > 1 ? (squares / (count * (count - 1))).squareRoot() : 0)
  }

  private mutating func cutOpen(_ structure: Structure) throws {
    atoms = try selection.atoms(of: species, in: structure)
    let axis = NormalAxis(structure)
    isPeriodic = axis.isPeriodic
    let coordinates = atoms.map { structure.lattice.fractional(structure.positions[$0]).z }
    guard isPeriodic else {
      shifts = Array(repeating: 0, count: atoms.count)
      return
    }
    let widest = NormalAxis.widestGap(coordinates)
    cut = widest.cut
    gap = widest.width * axis.height
    shifts = coordinates.map { (NormalAxis.fold($0, above: cut) - $0).rounded() }
  }

  private mutating func countCrossings(_ coordinates: [Double], drift: Double) {
    guard isPeriodic else { return }
    for (atom, s) in zip(atoms, coordinates) where !(cut...(cut + 1)).contains(s - drift) {
      crossed.insert(atom)
    }
  }

  /// - Throws: `AnalysisError.noFrames`.
  public func result() throws -> AtomicSpread {
    guard frames.count > 0 else { throw AnalysisError.noFrames }
    return AtomicSpread(
      species: species.symbol, selection: selection.name, atoms: atoms.count,
      times_ps: frames.times_ps, sigma_A: sigma, mean_A: mean, changeError_A: changeError,
      crossedBoundary: crossed.count,
      warnings: warnings)
  }

  private var warnings: [String] {
    var warnings: [String] = []
    if isPeriodic && gap < Self.narrowestGap && atoms.count > 1 {
      warnings.append(
        "the \(species) atoms (\(selection.name)) fill the periodic cell along its third axis: "
          + "their spread depends on where the cell is cut; choose the atoms of one region")
    }
    if !crossed.isEmpty {
      warnings.append(
        "\(crossed.count) \(species) atoms (\(selection.name)) left the cell through the vacuum or "
          + "the boundary at which it was cut; they are followed on, and widen the spread")
    }
    if let warning = unwrapper.warning { warnings.append(warning) }
    return warnings
  }
}

/// σ(t) of Eq. 2; one value a frame.
public struct AtomicSpread: Sendable, Codable {
  public let species: String
  /// Which of its atoms.
  public let selection: String
  public let atoms: Int
  public let times_ps: [Double]
  public let sigma_A: [Double]
  /// z̄, from the plane of a and b of the cell.
  public let mean_A: [Double]
  /// The standard error of σ(t) − σ(0), atoms resampled; nil in results of earlier versions.
  public let changeError_A: [Double]?
  /// How many of the atoms left the cell that was cut open on the first frame.
  public let crossedBoundary: Int
  public let warnings: [String]
}
