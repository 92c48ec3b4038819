import Atomistics

/// Stochastic velocity rescaling: all velocities are multiplied by one random number, drawn so that
/// the kinetic energy takes a step of its own canonical diffusion (NVT).
///
///     dK = (K̄ − K) dt/τ + 2 √(K K̄/(N_f τ)) dW,   K̄ = N_f k_B T/2
///     K' = c K + (1 − c)(K̄/N_f)(R₁² + S) + 2 R₁ √(c (1 − c) K K̄/N_f),   c = exp(−Δt/τ)
///     v ← α v,   |α| = √(K'/K),   sign α = sign(R₁ + √(c N_f K/((1 − c) K̄)))
///     conserved: H − Σ (K' − K)
///
/// K' is the exact solution over Δt, so that any Δt samples the canonical distribution of K. R₁ is
/// normal and S, the sum of the squares of N_f − 1 other normal numbers, is χ² distributed and drawn
/// as one gamma number. Velocities that are all zero stay zero.
///
/// It disturbs the motion least: the direction of every velocity stays (α is negative only where N_f
/// is small and Δt not small against τ), and total momentum stays zero.
///
/// | symbol | name | unit |
/// |---|---|---|
/// | T | `target` | K |
/// | τ | `timeConstant`, in which K forgets | fs |
/// | N_f | degrees of freedom | - |
/// | - | `variables`: the heat given to the bath so far | eV |
///
/// Sources: Bussi, Donadio and Parrinello, J. Chem. Phys. 126, 014101 (2007), doi
/// 10.1063/1.2408420; the sign of α: Bussi and Parrinello, Comput. Phys. Commun. 179, 26 (2008), doi
/// 10.1016/j.cpc.2008.01.006.
public struct BussiThermostat: Thermostat {
  public let target: Double
  public let timeConstant: Double

  public init(temperature: Double, timeConstant: Double = 100) {
    precondition(temperature > 0 && timeConstant > 0, "T and τ above zero")
    target = temperature
    self.timeConstant = timeConstant
  }

  public var name: String { "Bussi (\(target) K, \(timeConstant) fs)" }
  public var temperature: Double? { target }
  public var placement: ThermostatPlacement { .outside }
  public var conservesMomentum: Bool { true }
  public func holding(_ temperature: Double) -> BussiThermostat {
    BussiThermostat(temperature: temperature, timeConstant: timeConstant)
  }
  public func initialVariables() -> [Double] { [0] }
  public func energy(_ variables: [Double], degreesOfFreedom: Int) -> Double { variables[0] }

  public func act(on atoms: inout ThermalMotion, for duration: Double) {
    let kinetic = atoms.kineticEnergy
    guard kinetic > 0 else { return }
    let kept = exponential(-duration / timeConstant)
    let first = atoms.random.gaussian()
    let others = atoms.random.chiSquared(degrees: atoms.degreesOfFreedom - 1)
    // K̄/N_f is half of k_B T whatever N_f.
    let share = (1 - kept) * 0.5 * Units.boltzmann * target
    let root = (kept * kinetic).squareRoot() + first * share.squareRoot()
    // c K + 2 R₁ √(c K share) + R₁² share is the square of `root`, and cannot fall below zero.
    let renewed = root * root + share * others
    let scale = (renewed / kinetic).squareRoot() * (root < 0 ? -1 : 1)
    for k in atoms.velocities.indices { atoms.velocities[k] *= scale }
    atoms.variables[0] += kinetic - renewed
  }
}
