import Atomistics

/// Velocities of atoms in thermal equilibrium: normal, with variance k_B T/m along each axis.
///
/// Velocities are not scaled to the exact temperature: the draw, with its total momentum taken
/// off, is the canonical distribution itself, and a small system has no exact temperature.
public enum MaxwellBoltzmann {
  /// √(k_B T/m) in Å/fs for a mass in u and a temperature in K.
  public static func width(mass: Double, temperature: Double) -> Double {
    (Units.boltzmann * temperature / (mass * Units.massVelocitySquared)).squareRoot()
  }

  /// One velocity (Å/fs) per mass (u), atom by atom, x before y before z.
  public static func velocities(
    masses: [Double], temperature: Double, random: inout RandomGenerator
  ) -> [Vector3] {
    velocities(
      masses: masses, temperatures: masses.map { _ in temperature }, random: &random)
  }

  /// One velocity (Å/fs) per mass (u) at each atom's own temperature (K).
  public static func velocities(
    masses: [Double], temperatures: [Double], random: inout RandomGenerator
  ) -> [Vector3] {
    precondition(temperatures.allSatisfy { $0 >= 0 }, "no temperature is below zero")
    return zip(masses, temperatures).map { mass, temperature in
      width(mass: mass, temperature: temperature) * random.gaussianVector()
    }
  }
}
