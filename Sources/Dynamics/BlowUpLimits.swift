import Atomistics

/// Beyond what a run is taken to have blown up.
///
/// | name | unit |
/// |---|---|
/// | `longestMove`, of one atom in one step | Å |
/// | `hottest`, whatever the target | K |
/// | `overTarget`, times the thermostat's temperature (but at least 5,000 K) | - |
public struct BlowUpLimits: Sendable {
  public var longestMove = 0.5
  public var hottest = 1e5
  public var overTarget = 20.0

  public init() {}

  private static let advice =
    "likely reasons: a start far from a minimum (relax it first), a time step too long (try half; "
    + "0.5 fs with hydrogen), or atoms outside what the potential was made for"

  /// Before the drift: nothing moves too far, or nowhere.
  func checkMoves(_ run: MolecularDynamics) throws {
    let limit = longestMove / run.timestep
    for (atom, velocity) in run.motion.velocities.enumerated()
    where !(velocity.lengthSquared <= limit * limit) {
      let element = run.structure.species[atom]
      let what =
        velocity.isFinite
        ? "would move \(velocity.length * run.timestep) Å at once, more than \(longestMove) Å"
        : "has a velocity that is not a finite number"
      throw DynamicsError.blewUp(
        step: run.stepCount, reason: "atom \(atom + 1) (\(element)) \(what); \(Self.advice)")
    }
  }

  /// After the step: energy is a number and temperature below the limit.
  func checkEnergies(_ run: MolecularDynamics) throws {
    guard run.evaluation.energy.isFinite else {
      throw DynamicsError.blewUp(
        step: run.stepCount, reason: "the potential energy is not a finite number; \(Self.advice)")
    }
    let target = run.thermostat.temperature.map { max(overTarget * $0, 5000) } ?? hottest
    let limit = min(hottest, target)
    let temperature = run.motion.temperature
    guard temperature <= limit else {
      throw DynamicsError.blewUp(
        step: run.stepCount,
        reason: "the temperature reached \(temperature) K, above \(limit) K; \(Self.advice)")
    }
  }
}
