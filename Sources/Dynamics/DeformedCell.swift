import Atomistics
import Potentials

/// A structure seen as coordinates to minimise over: atoms in the frame of the reference cell, and
/// the strains that its freedom leaves.
///
///     M = M₀ D,   r = x D,   D = 1 + Σ_k q_k E_k
///     H = E(r, M) + p V − V₀ s:(D Dᵀ − 1)/2
///     −∂H/∂x_i = f_i Dᵀ
///     −∂H/∂q_k = −V D⁻ᵀ (σ + p 1 − (V₀/V) Dᵀ s D) : E_k
///
/// | symbol | name | unit |
/// |---|---|---|
/// | M₀, V₀ | cell and volume of the reference, with which the structure came | Å, Å³ |
/// | D | `deformation` | - |
/// | E_k | strains that may relax, orthonormal | - |
/// | p, s | pressure and deviator of the target stress | eV/Å³ |
/// | H | enthalpy | eV |
///
/// The pressure does its work on the true volume. The work of the deviator is referred to the
/// reference cell (s is a second Piola-Kirchhoff stress there, conjugate to Green and Lagrange's
/// strain), since a constant Cauchy stress that is not a pressure has no potential. At the minimum
/// σ = −p 1 + (V₀/V) Dᵀ s D, which is the target where D = 1: `Relaxation` starts again from what it
/// reached until Cauchy's stress itself equals the target.
///
/// The coordinate of a strain is √N (V₀/N)^(1/3) q_k: with this scale a strain is about as stiff as
/// a bond, in a cell of one atom and in one of thousands.
public struct DeformedCell: Sendable {
  /// x of every atom, then the scaled strains, three to a vector.
  public var coordinates: [Vector3]
  private let reference: Structure
  private let modes: [CellMode]
  /// The modes, or all that could be where the cell is fixed: its stress is told, too.
  private let reported: [CellMode]
  private let target: StressTarget
  private let frozen: [Bool]
  private let scale: Double

  public init(
    _ structure: Structure, freedom: CellFreedom, target: StressTarget = .init(pressure: 0),
    frozen regions: Set<Region> = []
  ) {
    reference = structure
    modes = freedom.modes(of: structure)
    reported = freedom == .fixed ? CellFreedom.flexible.modes(of: structure) : modes
    self.target = target
    frozen = structure.membership(in: regions)
    let n = Double(structure.count)
    scale = n.squareRoot() * cubeRoot(structure.volume / n)
    coordinates =
      structure.positions + Array(repeating: .zero, count: (modes.count + 2) / 3)
  }

  public var deformation: Matrix3 {
    var deformation = Matrix3.identity
    for (k, mode) in modes.enumerated() {
      let q = coordinates[reference.count + k / 3][k % 3] / scale
      deformation = deformation + q * mode.pattern
    }
    return deformation
  }

  public var volumeRatio: Double { deformation.determinant }

  /// The structure at these coordinates.
  public var structure: Structure {
    var result = reference
    result.velocities = nil
    guard !modes.isEmpty else {
      result.positions = coordinates
      return result
    }
    let deformation = deformation
    result.lattice = Lattice(reference.lattice.matrix * deformation)
    result.positions = coordinates.prefix(reference.count).map { $0 * deformation }
    return result
  }

  /// H in eV.
  public func enthalpy(_ evaluation: Evaluation) -> Double {
    let deformation = deformation
    let strain = 0.5 * (deformation * deformation.transpose - .identity)
    let volume = reference.volume * deformation.determinant
    return evaluation.energy + target.pressure * volume
      - reference.volume * target.deviator.dot(strain)
  }

  /// Minus the gradient of the enthalpy along the coordinates.
  public func forces(_ evaluation: Evaluation) -> [Vector3] {
    var forces = free(evaluation.forces)
    guard !modes.isEmpty else { return forces }
    let deformation = deformation
    let transpose = deformation.transpose
    for k in forces.indices { forces[k] = forces[k] * transpose }
    let volume = reference.volume * deformation.determinant
    let pull = (-volume / scale) * (transpose.inverse * drivingStress(evaluation))
    forces += Array(repeating: .zero, count: (modes.count + 2) / 3)
    for (k, mode) in modes.enumerated() {
      forces[reference.count + k / 3][k % 3] = pull.dot(mode.pattern)
    }
    return forces
  }

  /// The largest force in eV/Å on an atom that may move.
  func largestForce(_ evaluation: Evaluation) -> Double {
    // NaN must not hide behind max.
    free(evaluation.forces).reduce(0) { $1.isFinite ? max($0, $1.length) : .nan }
  }

  /// The largest component in eV/Å³ of σ − σ* that may relax, or with a fixed cell of all.
  func largestStress(_ evaluation: Evaluation) -> Double {
    largest(evaluation.stress - target.tensor, of: reported)
  }

  /// The largest component in eV/Å³ that drives a strain: zero at the minimum of H.
  func largestDrivingStress(_ evaluation: Evaluation) -> Double {
    largest(drivingStress(evaluation), of: modes)
  }

  /// σ + p 1 − (V₀/V) Dᵀ s D.
  private func drivingStress(_ evaluation: Evaluation) -> Matrix3 {
    let pressed = evaluation.stress + target.pressure * Matrix3.identity
    guard !target.isHydrostatic else { return pressed }
    let deformation = deformation
    return pressed - (1 / deformation.determinant)
      * (deformation.transpose * target.deviator * deformation)
  }

  private func largest(_ stress: Matrix3, of modes: [CellMode]) -> Double {
    modes.reduce(0) {
      let component = $1.component(of: stress)
      return component.isFinite ? max($0, abs(component)) : .nan
    }
  }

  private func free(_ forces: [Vector3]) -> [Vector3] {
    zip(forces, frozen).map { $1 ? .zero : $0 }
  }
}

private func cubeRoot(_ x: Double) -> Double { exponential(naturalLogarithm(x) / 3) }

extension Structure {
  /// Whether each atom is in one of the regions; none is where atoms have no region.
  func membership(in regions: Set<Region>) -> [Bool] {
    self.regions.map { $0.map(regions.contains) } ?? Array(repeating: false, count: count)
  }
}
