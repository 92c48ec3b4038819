import Atomistics

/// Langevin dynamics: friction and random kicks, in the splitting BAOAB (NVT).
///
///     v ← c v + √(1 − c²) √(k_B T/m) R,   c = exp(−Δt/τ)
///
/// R is normal. Every atom is kicked on its own, so that total momentum fluctuates and all 3N
/// degrees of freedom are thermal.
///
/// | symbol | name | unit |
/// |---|---|---|
/// | T | `target` | K |
/// | τ | `timeConstant`, the inverse friction | fs |
/// | - | `variables`: the heat given to the bath so far | eV |
///
/// Source: Leimkuhler and Matthews, J. Chem. Phys. 138, 174102 (2013), doi 10.1063/1.4802990.
public struct LangevinThermostat: Thermostat {
  public let target: Double
  public let timeConstant: Double

  public init(temperature: Double, timeConstant: Double = 100) {
    precondition(temperature > 0 && timeConstant > 0, "T and τ above zero")
    target = temperature
    self.timeConstant = timeConstant
  }

  public var name: String { "Langevin (\(target) K, \(timeConstant) fs)" }
  public var temperature: Double? { target }
  public var placement: ThermostatPlacement { .middle }
  public var conservesMomentum: Bool { false }
  public func holding(_ temperature: Double) -> LangevinThermostat {
    LangevinThermostat(temperature: temperature, timeConstant: timeConstant)
  }
  public func initialVariables() -> [Double] { [0] }
  public func energy(_ variables: [Double], degreesOfFreedom: Int) -> Double { variables[0] }

  public func act(on atoms: inout ThermalMotion, for duration: Double) {
    let before = atoms.kineticEnergy
    let kept = exponential(-duration / timeConstant)
    let renewed = (1 - kept * kept).squareRoot()
    for k in atoms.velocities.indices {
      let width = renewed * MaxwellBoltzmann.width(mass: atoms.masses[k], temperature: target)
      atoms.velocities[k] *= kept
      atoms.velocities[k] += width * atoms.random.gaussianVector()
    }
    atoms.variables[0] += before - atoms.kineticEnergy
  }
}
