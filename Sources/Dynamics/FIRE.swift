import Atomistics

/// The fast inertial relaxation engine: a walker of unit mass slides downhill, is steered towards
/// the force while it gains, and stops dead when it would climb.
///
///     P = F · v
///     P > 0:  v ← (1 − α) v + α |v| F/|F|;   after `delay` such steps Δt ← min(1.1 Δt, Δt_max), α ← 0.99 α
///     P ≤ 0:  x ← x − v Δt/2;  v ← 0;  Δt ← max(Δt/2, Δt_min);  α ← α_start
///     v ← v + F Δt  (before the mixing);   x ← x + v Δt
///
/// | symbol | name | unit |
/// |---|---|---|
/// | Δt | `timestep` at the start | Å eV^(-1/2) (the mass is one) |
/// | Δt_max, Δt_min | `longestTimestep`, `shortestTimestep` | as Δt |
/// | α_start | `mixing` | - |
/// | - | `longestMove`, of one atom in one step | Å |
///
/// Sources: Bitzek et al., Phys. Rev. Lett. 97, 170201 (2006), doi 10.1103/PhysRevLett.97.170201;
/// half a step back and the delayed first reset from Guénolé et al., Comput. Mater. Sci. 175,
/// 109584 (2020), doi 10.1016/j.commatsci.2020.109584.
public struct FIRE: Minimizer, Hashable, Codable {
  public var timestep = 0.05
  public var longestTimestep = 0.3
  public var shortestTimestep = 0.002
  public var mixing = 0.25
  public var mixingDecay = 0.99
  public var growth = 1.1
  public var shrinkage = 0.5
  public var delay = 10
  public var longestMove = 0.1

  public init() {}

  /// Where a walker is in its descent.
  public struct Walker: Sendable {
    public internal(set) var velocities: [Vector3]
    var timestep: Double
    var mixing: Double
    var downhill = 0
    var steps = 0
  }

  /// A walker at rest, with so many coordinates.
  public func walker(coordinates count: Int) -> Walker {
    Walker(
      velocities: Array(repeating: .zero, count: count), timestep: timestep, mixing: mixing)
  }

  /// Moves the coordinates one step along the forces; the energy plays no part.
  public func step(
    _ coordinates: inout [Vector3], energy: Double, forces: [Vector3], walker: inout Walker
  ) {
    precondition(
      coordinates.count == forces.count && forces.count == walker.velocities.count,
      "one force and one velocity per coordinate")
    walker.steps += 1
    var power = 0.0
    for (force, velocity) in zip(forces, walker.velocities) { power += force.dot(velocity) }
    if power > 0 {
      walker.downhill += 1
      if walker.downhill > delay {
        walker.timestep = min(walker.timestep * growth, longestTimestep)
        walker.mixing *= mixingDecay
      }
    } else if walker.steps > 1 {
      stop(&coordinates, &walker)
    }
    steer(&walker, forces)
    move(&coordinates, walker)
  }

  private func stop(_ coordinates: inout [Vector3], _ walker: inout Walker) {
    let back = -0.5 * scale(walker)
    for k in coordinates.indices {
      coordinates[k] += back * walker.velocities[k]
      walker.velocities[k] = .zero
    }
    walker.downhill = 0
    walker.mixing = mixing
    // The first steps of a bad start climb by chance: give them time before going slower.
    if walker.steps > delay {
      walker.timestep = max(walker.timestep * shrinkage, shortestTimestep)
    }
  }

  /// v ← v + F Δt, then the mixing.
  private func steer(_ walker: inout Walker, _ forces: [Vector3]) {
    var forceSquared = 0.0
    var speedSquared = 0.0
    for k in forces.indices {
      walker.velocities[k] += walker.timestep * forces[k]
      forceSquared += forces[k].lengthSquared
      speedSquared += walker.velocities[k].lengthSquared
    }
    guard forceSquared > 0 else { return }
    let pull = walker.mixing * (speedSquared / forceSquared).squareRoot()
    for k in forces.indices {
      walker.velocities[k] = (1 - walker.mixing) * walker.velocities[k] + pull * forces[k]
    }
  }

  private func move(_ coordinates: inout [Vector3], _ walker: Walker) {
    let duration = scale(walker)
    for k in coordinates.indices { coordinates[k] += duration * walker.velocities[k] }
  }

  /// The time step, or less where the fastest coordinate would move too far.
  private func scale(_ walker: Walker) -> Double {
    let fastest = walker.velocities.reduce(0) { max($0, $1.length) }
    guard fastest * walker.timestep > longestMove else { return walker.timestep }
    return longestMove / fastest
  }
}
