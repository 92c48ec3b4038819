import Atomistics

/// Nose and Hoover's thermostat with a chain of thermostats on it (NVT).
///
///     Q₁ = N_f k_B T τ²,  Q_k = k_B T τ²
///     G₁ = (2K − N_f k_B T)/Q₁,  G_k = (Q_{k−1} u_{k−1}² − k_B T)/Q_k
///     conserved: H + Σ_k Q_k u_k²/2 + N_f k_B T ξ₁ + k_B T Σ_{k>1} ξ_k
///
/// The propagator is Trotter's factorisation from the far end of the chain to the atoms and back,
/// in three parts with the weights of Suzuki and Yoshida, 1/(2 − 2^⅓) outside and what is left
/// inside.
///
/// | symbol | name | unit | shape |
/// |---|---|---|---|
/// | T | `target` | K | - |
/// | τ | `timeConstant` | fs | - |
/// | ξ, u | `variables`: ξ of every link, then u | -, 1/fs | 2 × `links` |
///
/// Sources: Martyna, Klein and Tuckerman, J. Chem. Phys. 97, 2635 (1992), doi 10.1063/1.463940;
/// Martyna, Tuckerman, Tobias and Klein, Mol. Phys. 87, 1117 (1996), doi
/// 10.1080/00268979600100761.
public struct NoseHooverChain: Thermostat {
  public let target: Double
  public let timeConstant: Double
  public let links: Int

  public init(temperature: Double, timeConstant: Double = 100, links: Int = 3) {
    precondition(temperature > 0 && timeConstant > 0 && links > 0, "T, τ and links above zero")
    target = temperature
    self.timeConstant = timeConstant
    self.links = links
  }

  public var name: String { "Nose-Hoover chain (\(target) K, \(timeConstant) fs, \(links) links)" }
  public var temperature: Double? { target }
  public var placement: ThermostatPlacement { .outside }
  public var conservesMomentum: Bool { true }
  public func holding(_ temperature: Double) -> NoseHooverChain {
    NoseHooverChain(temperature: temperature, timeConstant: timeConstant, links: links)
  }
  public func initialVariables() -> [Double] { Array(repeating: 0, count: 2 * links) }

  public func energy(_ variables: [Double], degreesOfFreedom: Int) -> Double {
    let thermal = Units.boltzmann * target
    var sum = 0.0
    for k in 0..<links {
      let u = variables[links + k]
      let share = k == 0 ? Double(degreesOfFreedom) : 1
      sum += share * thermal * (variables[k] + timeConstant * timeConstant * u * u / 2)
    }
    return sum
  }

  public func act(on atoms: inout ThermalMotion, for duration: Double) {
    precondition(atoms.variables.count == 2 * links, "the chain's own variables")
    var chain = Chain(self, atoms)
    var scale = 1.0
    for weight in Self.weights { scale *= chain.advance(by: weight * duration) }
    for k in atoms.velocities.indices { atoms.velocities[k] *= scale }
    atoms.variables = chain.positions + chain.velocities
  }

  /// Suzuki and Yoshida's weights of a fourth-order scheme; they sum to one.
  private static let weights: [Double] = {
    let outer = 1 / (2 - exponential(naturalLogarithm(2) / 3))
    return [outer, 1 - 2 * outer, outer]
  }()
}

/// The chain while it acts.
private struct Chain {
  var positions: [Double]
  var velocities: [Double]
  private var twiceKinetic: Double
  private let thermal: Double
  private let freedom: Double
  private let timeSquared: Double

  init(_ thermostat: NoseHooverChain, _ atoms: ThermalMotion) {
    positions = Array(atoms.variables.prefix(thermostat.links))
    velocities = Array(atoms.variables.suffix(thermostat.links))
    twiceKinetic = 2 * atoms.kineticEnergy
    thermal = Units.boltzmann * thermostat.target
    freedom = Double(atoms.degreesOfFreedom)
    timeSquared = thermostat.timeConstant * thermostat.timeConstant
  }

  /// Advances the chain and returns the factor by which it scales the atoms' velocities.
  mutating func advance(by duration: Double) -> Double {
    let last = velocities.count - 1
    for k in stride(from: last, through: 0, by: -1) { push(k, duration) }
    let scale = exponential(-velocities[0] * duration)
    twiceKinetic *= scale * scale
    for k in 0...last { positions[k] += velocities[k] * duration }
    for k in 0...last { push(k, duration) }
    return scale
  }

  /// Half a step of one link's velocity under its force, dragged by the next link.
  private mutating func push(_ k: Int, _ duration: Double) {
    let drag =
      k + 1 < velocities.count ? exponential(-velocities[k + 1] * duration / 4) : 1
    velocities[k] = (velocities[k] * drag + force(on: k) * duration / 2) * drag
  }

  private func force(on k: Int) -> Double {
    guard k > 0 else { return (twiceKinetic / (freedom * thermal) - 1) / timeSquared }
    let share = k == 1 ? freedom : 1
    return share * velocities[k - 1] * velocities[k - 1] - 1 / timeSquared
  }
}
