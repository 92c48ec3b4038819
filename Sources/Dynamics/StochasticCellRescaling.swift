import Atomistics

/// Stochastic cell rescaling: the cell diffuses towards the target stress with the noise that makes
/// volume and shape sample constant pressure and temperature (NPT).
///
///     δ = (β/3τ) 𝒫[P + σ₀] Δt + √(2 k_B T β Δt/(3 V τ)) 𝒫[R],   σ₀ = −P₀ 1 for a pressure
///
/// With 𝒫 the projection on 1, tr δ = ln V'/V is the equation of the volume of Bernetti and Bussi;
/// on all symmetric strains it is the equation of the cell matrix of Del Tatto and others with its
/// antisymmetric part, a rotation, left out. Stationary for V exp(−(K + U + P₀ V)/k_B T) with respect
/// to the invariant measure dM/V³ of the cell matrix M, which is constant pressure and temperature:
/// an ideal gas has p(V) ∝ V^(N_f/3) exp(−P₀ V/k_B T). β and τ enter as the ratio β/τ alone and set
/// how fast the cell answers, not what is sampled; with the material's own β it is τ.
///
/// Conserved is H + P₀ V + w, where w gathers minus the work of the bath. A step from z to z' with the
/// probability p(z → z'), and back with p(z' → z), adds
///
///     Δw = k_B T ln [p(z → z') V / (p(z' → z) V')] − V̄ (σ₀ + P₀ 1) : δ
///
/// so that exp(−Δ(H + P₀ V + w)/k_B T) is what a Metropolis test of the step would accept with. The
/// last term is the work of a target that is not a pressure, P₀ = −tr σ₀/3.
///
/// | symbol | name | unit |
/// |---|---|---|
/// | σ₀ | `target`, positive when stretched | eV/Å³ |
/// | τ | `timeConstant` | fs |
/// | β | `compressibility` | Å³/eV |
/// | 𝒫 | `mode` | - |
/// | P | the internal pressure tensor | eV/Å³ |
/// | R | nine normal numbers | - |
/// | w | `variables` | eV |
///
/// Sources: Bernetti and Bussi, J. Chem. Phys. 153, 114107 (2020), doi 10.1063/5.0020514; Del Tatto,
/// Raiteri, Bernetti and Bussi, Appl. Sci. 12, 1139 (2022), doi 10.3390/app12031139; the measure of a
/// flexible cell: Martyna, Tobias and Klein, J. Chem. Phys. 101, 4177 (1994), doi 10.1063/1.467468.
public struct StochasticCellRescaling: Barostat {
  /// Which strains the cell is free to take.
  public enum Mode: String, Sendable, Codable, CaseIterable {
    /// The volume, at constant shape.
    case isotropic
    /// All lengths and angles.
    case flexible
    /// a, b and their angle; what c reaches along the normal of their plane stays.
    case inPlane = "in-plane"
    /// What c reaches along the normal of a and b, and nothing else.
    case normal
  }

  /// 0.03 per GPa, the inverse of a bulk modulus of 33 GPa, as Li6PS5Cl, Li2S and LiCl have it within
  /// a third.
  public static let defaultCompressibility = 0.03 * Units.gigapascal

  public let mode: Mode
  public let target: Matrix3
  public let timeConstant: Double
  public let compressibility: Double

  /// Holds a pressure (eV/Å³).
  public init(
    _ mode: Mode, pressure: Double = 0, timeConstant: Double = 1000,
    compressibility: Double = Self.defaultCompressibility
  ) {
    self.init(
      mode, stress: -pressure * Matrix3.identity, timeConstant: timeConstant,
      compressibility: compressibility)
  }

  /// Holds a stress (eV/Å³, symmetric, positive when stretched); only components that `mode` lets
  /// strain act.
  public init(
    _ mode: Mode, stress: Matrix3, timeConstant: Double = 1000,
    compressibility: Double = Self.defaultCompressibility
  ) {
    precondition(timeConstant > 0 && compressibility > 0, "τ and β above zero")
    self.mode = mode
    target = stress
    self.timeConstant = timeConstant
    self.compressibility = compressibility
  }

  public var name: String {
    let gigapascal = Units.gigapascal * target
    let voigt = [
      gigapascal[0].x, gigapascal[1].y, gigapascal[2].z, gigapascal[1].z, gigapascal[0].z,
      gigapascal[0].y,
    ]
    let aim =
      isPressure
      ? "\(pressure * Units.gigapascal) GPa"
      : "stress " + voigt.map { "\($0)" }.joined(separator: " ") + " GPa"
    return "stochastic cell rescaling (\(mode.rawValue), \(aim), \(timeConstant) fs, "
      + "\(compressibility / Units.gigapascal) 1/GPa)"
  }

  /// P₀ = −tr σ₀/3.
  public var pressure: Double { -target.trace / 3 }

  private var isPressure: Bool { target == -pressure * Matrix3.identity }

  public func validate(_ structure: Structure) throws {
    let needed: [Int] =
      switch mode {
      case .isotropic, .flexible: [0, 1, 2]
      case .inPlane: [0, 1]
      case .normal: [2]
      }
    let open = needed.filter { !structure.periodic[$0] }.map { ["a", "b", "c"][$0] }
    guard open.isEmpty else {
      throw DynamicsError.badStart(
        "the cell cannot be held at a pressure along \(open.joined(separator: " and ")), where it "
          + "does not repeat; choose a barostat that leaves that direction alone (in-plane for a "
          + "slab open along c), or none")
    }
  }

  public func initialVariables() -> [Double] { [0] }

  public func energy(_ variables: [Double], volume: Double) -> Double {
    pressure * volume + variables[0]
  }

  public func strain(
    of cell: StressedCell, for duration: Double, random: inout RandomGenerator
  ) -> Matrix3 {
    var noise = Matrix3.zero
    for row in 0..<3 {
      for column in 0..<3 { noise[row, column] = random.gaussian() }
    }
    let width = variance(cell, duration).squareRoot()
    return pull(cell, duration) + width * projected(noise, in: cell.lattice)
  }

  public func account(for step: CellStep, _ variables: inout [Double]) {
    let (before, after) = (step.before, step.after)
    // The way back, in the frame after the step.
    let back = -1.0 * (step.rotation.transpose * step.strain * step.rotation)
    let forth = step.strain - pull(before, step.duration)
    let backward = back - pull(after, step.duration)
    let (s, r) = (variance(before, step.duration), variance(after, step.duration))
    let logarithm =
      backward.dot(backward) / (2 * r) - forth.dot(forth) / (2 * s)
      + 0.5 * Double(dimension) * naturalLogarithm(r / s)
    let growth = naturalLogarithm(after.lattice.volume / before.lattice.volume)
    variables[0] += before.thermalEnergy * (logarithm - growth)
    if !isPressure {
      let volume = 0.5 * (before.lattice.volume + after.lattice.volume)
      let shear = target + pressure * Matrix3.identity
      variables[0] -= volume * shear.dot(step.strain)
    }
  }

  /// The strain without noise.
  private func pull(_ cell: StressedCell, _ duration: Double) -> Matrix3 {
    (compressibility * duration / (3 * timeConstant))
      * projected(cell.pressure + target, in: cell.lattice)
  }

  /// Of each of the strain's independent directions.
  private func variance(_ cell: StressedCell, _ duration: Double) -> Double {
    2 * cell.thermalEnergy * compressibility * duration / (3 * cell.lattice.volume * timeConstant)
  }

  private var dimension: Int {
    switch mode {
    case .isotropic, .normal: 1
    case .flexible: 6
    case .inPlane: 3
    }
  }

  /// 𝒫: orthogonal with respect to A : B.
  private func projected(_ matrix: Matrix3, in lattice: Lattice) -> Matrix3 {
    let symmetric = 0.5 * (matrix + matrix.transpose)
    switch mode {
    case .isotropic: return (symmetric.trace / 3) * Matrix3.identity
    case .flexible: return symmetric
    case .inPlane:
      let normal = lattice.matrix.orientation[2]
      let plane = Matrix3.identity - Matrix3.outer(normal, normal)
      return plane * symmetric * plane
    case .normal:
      let normal = lattice.matrix.orientation[2]
      return (normal * symmetric).dot(normal) * Matrix3.outer(normal, normal)
    }
  }
}
