import Atomistics
import Foundation
import Potentials

/// All that a run needs to go on as if it had never stopped.
///
/// | name | unit | shape |
/// |---|---|---|
/// | `structure`: lattice, species, unwrapped positions, velocities, regions, layers | Å, Å/fs | |
/// | `masses`, repartitioned or not | u | per atom |
/// | `step`, done since the start | - | |
/// | `timestep` | fs | |
/// | `degreesOfFreedom` | - | |
/// | `potential`, `ensemble`: their names, which must be the same to go on | - | |
/// | `thermostatVariables`, of one thermostat after the other | theirs | any |
/// | `barostatVariables` | the barostat's | any |
/// | `programWork`, the energy that changing targets took from the baths | eV | |
/// | `startVolume` of the cell | Å³ | |
/// | `random`, the generator's state | - | |
/// | `listOrigin`, lattice and positions for which the neighbour list was built | Å | |
/// | `skin` of that list | Å | |
///
/// The lattice of `structure` is the present one; nothing else is needed of a cell that moves.
public struct DynamicsState: Sendable, Hashable, Codable {
  public let structure: Structure
  public let masses: [Double]
  public let step: Int
  public let timestep: Double
  public let degreesOfFreedom: Int
  public let potential: String
  public let ensemble: String
  public let thermostatVariables: [Double]
  public let barostatVariables: [Double]
  public let programWork: Double
  public let startVolume: Double
  public let random: RandomGenerator
  public let listOrigin: ListOrigin
  public let skin: Double

  /// Whether the start took total momentum off.
  var momentumIsZero: Bool { degreesOfFreedom == 3 * structure.count - 3 }

  /// Throws `DynamicsError.badState` unless the run was made with the same potential and ensemble.
  func check(calculator: any Calculator, ensemble other: Ensemble) throws {
    guard calculator.name == potential else {
      throw DynamicsError.badState(
        "it was made with the potential \(potential), not with \(calculator.name)")
    }
    guard other.name == ensemble else {
      throw DynamicsError.badState("it was made under \(ensemble), not under \(other.name)")
    }
  }

  /// Throws `DynamicsError.badState` if the settings give other counts than the state has.
  func check(degreesOfFreedom: Int, groups: [ThermalGroup], _ other: Ensemble) throws {
    guard degreesOfFreedom == self.degreesOfFreedom,
      other.initialVariables(groups).count == thermostatVariables.count,
      (other.barostat?.initialVariables().count ?? 0) == barostatVariables.count
    else {
      throw DynamicsError.badState("its values do not fit \(ensemble)")
    }
  }
}
