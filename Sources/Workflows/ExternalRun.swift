import Atomistics

/// The run that an exported input asks another program for: equilibration, then production.
///
/// | name | unit |
/// |---|---|
/// | `temperature` | K |
/// | `equilibration`, `production`: how long | fs |
/// | `timestep` | fs |
/// | `timeConstant` of the thermostat | fs |
/// | `sampleInterval`: from one frame to the next | fs |
///
/// The defaults are the paper's: 20 ps to equilibrate and 200 ps at 300 K.
public struct ExternalRun: Sendable, Hashable {
  /// How the temperature is held.
  public enum Ensemble: String, Sendable, CaseIterable {
    case noseHoover = "nose-hoover"
    case langevin
    case bussi
    case nve
  }

  public var ensemble = Ensemble.noseHoover
  public var temperature = 300.0
  public var equilibration = 20_000.0
  public var production = 200_000.0
  public var timestep = 1.0
  public var timeConstant = 100.0
  public var sampleInterval = 100.0
  public var seed = 1

  public init() {}

  /// The times in steps.
  struct Steps {
    let equilibration: Int
    let production: Int
    let sample: Int
  }

  /// Checks the values and counts the steps.
  ///
  /// - Throws: `AtomisticsError.badQuantity`.
  func steps() throws -> Steps {
    let above: [(Double, String)] = [
      (temperature, "a temperature above 0 K"), (timestep, "a time step above 0 fs"),
      (production, "a time of production above 0 ps"),
    ]
    for (value, expected) in above where !(value > 0 && value.isFinite) {
      throw AtomisticsError.badQuantity("\(value)", expected: expected)
    }
    guard equilibration >= 0, equilibration.isFinite else {
      throw AtomisticsError.badQuantity(
        "\(equilibration) fs", expected: "a time of equilibration that is not negative")
    }
    guard timeConstant >= timestep, timeConstant.isFinite else {
      throw AtomisticsError.badQuantity(
        "\(timeConstant) fs",
        expected: "a time constant of at least one time step (\(timestep) fs)")
    }
    // What both programs take: LAMMPS up to 900 million.
    guard (1...900_000_000).contains(seed) else {
      throw AtomisticsError.badQuantity("\(seed)", expected: "a seed from 1 to 900000000")
    }
    let steps = Steps(
      equilibration: try count(equilibration), production: try count(production),
      sample: try count(sampleInterval))
    guard steps.sample >= 1, steps.sample <= steps.production else {
      throw AtomisticsError.badQuantity(
        "\(sampleInterval) fs",
        expected: "a time between frames of at least one time step (\(timestep) fs) and at most "
          + "the production (\(production) fs)")
    }
    return steps
  }

  private func count(_ time: Double) throws -> Int {
    let count = (time / timestep).rounded()
    // Both programs count steps in 32 bits.
    guard count < 2e9, abs(count * timestep - time) < 1e-6 * max(timestep, 1) else {
      throw AtomisticsError.badQuantity(
        "\(time) fs",
        expected: "a whole number of time steps of \(timestep) fs, at most 2 billion")
    }
    return Int(count)
  }

  /// A number without a point where it needs none.
  static func text(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 1e15 ? "\(Int(value))" : "\(value)"
  }
}
