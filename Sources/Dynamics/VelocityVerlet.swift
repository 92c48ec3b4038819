import Atomistics

/// The velocity Verlet integrator, as its two moves.
///
///     kick:   v ← v + F δt/m
///     drift:  r ← r + v δt
///
/// A step of constant energy is half a kick, a drift, the forces, and half a kick; it is
/// time-reversible and symplectic, and its energy fluctuates as Δt². Forces in eV/Å turn into
/// Å/fs² by 1 u Å²/fs² = `Units.massVelocitySquared` eV.
///
/// Source: Swope et al., J. Chem. Phys. 76, 637 (1982), doi 10.1063/1.442716.
public enum VelocityVerlet {
  /// Forces (eV/Å) change velocities (Å/fs) for a duration (fs); an atom of infinite mass keeps its
  /// velocity.
  public static func kick(
    _ velocities: inout [Vector3], forces: [Vector3], masses: [Double], for duration: Double
  ) {
    for k in velocities.indices {
      velocities[k] += (duration / (masses[k] * Units.massVelocitySquared)) * forces[k]
    }
  }

  /// Velocities (Å/fs) carry positions (Å) for a duration (fs).
  public static func drift(
    _ positions: inout [Vector3], velocities: [Vector3], for duration: Double
  ) {
    for k in positions.indices { positions[k] += duration * velocities[k] }
  }
}
