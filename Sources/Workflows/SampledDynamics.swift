import Atomistics
import Dynamics
import Potentials

/// Motion at given temperatures of which frames are kept at intervals, up to where it explodes.
///
/// | name | unit |
/// |---|---|
/// | `timestep`, `interval` from frame to frame | fs |
/// | `largestForce`: what goes beyond it has exploded | eV/Å |
/// | `closest`: what has a pair nearer than this times its covalent radii has exploded | - |
///
/// The thermostat is Bussi's, with 100 fs; velocities are drawn.
struct SampledDynamics: Codable, Sendable, Hashable {
  var timestep = 1.0
  var interval: Double
  var largestForce: Double
  var closest: Double

  /// One kept instant.
  struct Instant {
    let structure: Structure
    /// Since the start, fs.
    let time: Double
    /// What the thermostat held then, K.
    let target: Double
  }

  struct Run {
    var instants: [Instant] = []
    /// Why it ended before its time; nil if it did not.
    var end: String?
  }

  /// Runs through the points (fs, K), straight in between, and keeps instants after `start` (fs).
  ///
  /// - Throws: `SamplingStopped`; `DynamicsError.badStart`; what an external calculator throws.
  func run(
    _ structure: Structure, through points: [TemperatureProgram.Point], keepingAfter start: Double,
    with calculator: any Calculator, random: RandomGenerator
  ) throws -> Run {
    let program = try TemperatureProgram(points)
    var ensemble = Ensemble(
      BussiThermostat(temperature: points[0].temperature, timeConstant: 100))
    if points.count > 1 { ensemble.program = program }
    var run = Run()
    do {
      var dynamics = try MolecularDynamics(
        structure, calculator: calculator, ensemble: ensemble, timestep: timestep, random: random)
      let (first, every) = (steps(start), max(1, steps(interval)))
      for step in 1...max(1, steps(points[points.count - 1].time)) {
        guard !Interruption.isRequested else { throw SamplingStopped() }
        try dynamics.step()
        let kept = step > first && (step - first).isMultiple(of: every)
        if let end = explosion(dynamics, looksAtPairs: kept) {
          run.end = end + at(step)
          return run
        }
        guard kept else { continue }
        let time = Double(step) * timestep
        run.instants.append(
          Instant(
            structure: dynamics.structure, time: time, target: program.temperature(at: time)))
      }
    } catch DynamicsError.blewUp(let step, let reason) {
      run.end = "\(reason.prefix { $0 != ";" })" + at(step)
    }
    return run
  }

  private func steps(_ time: Double) -> Int { Int((time / timestep).rounded()) }

  private func at(_ step: Int) -> String {
    " after \(rounded(Double(step) * timestep / 1000, 3)) ps"
  }

  private func explosion(_ dynamics: MolecularDynamics, looksAtPairs: Bool) -> String? {
    let force = dynamics.evaluation.forces.reduce(0) { max($0, $1.lengthSquared) }.squareRoot()
    // Not less or equal is true for NaN as well.
    guard force <= largestForce else {
      return "a force of \(rounded(force, 1)) eV/Å, above \(largestForce) eV/Å,"
    }
    guard looksAtPairs, let pair = ClosePair(in: dynamics.structure, under: closest) else {
      return nil
    }
    return pair.text
  }
}

/// Relaxation of the atoms, for samples: rough and short.
struct SampledRelaxation: Codable, Sendable, Hashable {
  /// eV/Å.
  var largestForce = 0.05
  var mostSteps = 200

  /// - Returns: nil where what comes out is no structure any more.
  func relax(
    _ structure: Structure, cell: CellFreedom = .fixed, with calculator: any Calculator
  ) throws -> Structure? {
    var relaxation = Relaxation(cell: cell)
    (relaxation.largestForce, relaxation.mostSteps) = (largestForce, mostSteps)
    do {
      let result = try relaxation.relax(
        structure, with: calculator, shouldStop: { Interruption.isRequested })
      guard !result.stopped else { throw SamplingStopped() }
      return result.structure
    } catch DynamicsError.relaxationFailed {
      return nil
    }
  }
}
