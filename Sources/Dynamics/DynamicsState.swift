import Atomistics
import Foundation
import Potentials

/// All that a run needs to go on as if it had never stopped.
///
/// | name | unit | shape |
/// |---|---|---|
/// | `structure`: lattice, species, unwrapped positions, velocities, regions, layers | Å, Å/fs | |
/// | `step`, done since the start | - | |
/// | `timestep` | fs | |
/// | `degreesOfFreedom` | - | |
/// | `potential`, `thermostat`: their names, which must be the same to go on | - | |
/// | `thermostatVariables` | the thermostat's | any |
/// | `random`, the generator's state | - | |
/// | `listOrigin`, lattice and positions for which the neighbour list was built | Å | |
/// | `skin` of that list | Å | |
public struct DynamicsState: Sendable, Hashable, Codable {
  public let structure: Structure
  public let step: Int
  public let timestep: Double
  public let degreesOfFreedom: Int
  public let potential: String
  public let thermostat: String
  public let thermostatVariables: [Double]
  public let random: RandomGenerator
  public let listOrigin: ListOrigin
  public let skin: Double

  /// Throws `DynamicsError.badState` unless the run was made with the same potential and thermostat.
  func check(calculator: any Calculator, thermostat other: any Thermostat) throws {
    guard calculator.name == potential else {
      throw DynamicsError.badState(
        "it was made with the potential \(potential), not with \(calculator.name)")
    }
    guard other.name == thermostat,
      other.initialVariables().count == thermostatVariables.count
    else {
      throw DynamicsError.badState(
        "it was made with the thermostat \(thermostat), not with \(other.name)")
    }
  }
}
