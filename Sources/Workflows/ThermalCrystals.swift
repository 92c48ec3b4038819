import Atomistics
import Dynamics
import Potentials

/// A supercell of a crystal in motion at one temperature and constant volume, frames at intervals
/// after an equilibration.
///
/// | name | unit |
/// |---|---|
/// | `temperature` | K |
/// | `equilibration`, `duration` after it | fs |
/// | `number` of the repetition, from 1: other velocities | - |
struct ThermalCrystals: SampleRecipe {
  var temperature: Double
  var number: Int
  var equilibration: Double
  var duration: Double
  var dynamics: SampledDynamics
  var cell: SampleCell

  var kind: SampleKind { .dynamics }
  var variant: String { "\(plain(temperature))K/seed\(number)" }
  var usesCalculator: Bool { true }

  func frames(
    of source: SampleSource, random: inout RandomGenerator, calculator: (any Calculator)?
  ) throws -> SampledFrames {
    guard let calculator else { return SampledFrames() }
    let end = equilibration + duration
    let run = try dynamics.run(
      cell.supercell(of: source.structure),
      through: [.init(time: end, temperature: temperature)], keepingAfter: equilibration,
      with: calculator, random: random)
    return SampledFrames(
      frames: run.instants.map {
        $0.frame("dynamics", "\(source.name)/\(variant)", after: equilibration)
      }, remark: run.end)
  }
}

extension SampledDynamics.Instant {
  /// With the notes `temperature_K` and `after_fs`.
  func frame(_ group: String, _ trajectory: String, after start: Double = 0) -> SampledFrame {
    SampledFrame(
      structure: structure.wrapped(), group: group, trajectory: trajectory,
      notes: [("temperature_K", plain(target)), ("after_fs", plain(time - start))])
  }
}

/// A number for people and names: 600, not 600.0; at most three decimals.
func plain(_ value: Double) -> String {
  let rounded = (value * 1000).rounded() / 1000
  return rounded == rounded.rounded() && abs(rounded) < 1e15 ? "\(Int(rounded))" : "\(rounded)"
}
