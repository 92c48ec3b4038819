import Atomistics

/// Beyond what a run is taken to have blown up.
///
/// | name | unit |
/// |---|---|
/// | `longestMove`, of one atom in one step | Å |
/// | `largestForce`, on one atom | eV/Å |
/// | `hottest`, whatever the target | K |
/// | `overTarget`, times the thermostat's temperature (but at least 5,000 K) | - |
/// | `loneliest`: an atom further than this, and than the potential sees, from all others is lost; nil does not look | Å |
/// | `largestStrain` of the cell in one step | - |
/// | `volumeChange`: the cell's volume over the start's, or the inverse | - |
public struct BlowUpLimits: Sendable {
  public var longestMove = 0.5
  public var largestForce = 250.0
  public var hottest = 1e5
  public var overTarget = 20.0
  public var loneliest: Double? = 6
  public var largestStrain = 0.05
  public var volumeChange = 4.0

  public init() {}

  private static let advice =
    "likely reasons: a start far from a minimum (relax it first), a time step too long (try half; "
    + "0.5 fs with hydrogen), or atoms outside what the potential was made for"
  private static let cellAdvice =
    "likely reasons: a start far from the target pressure (relax the cell first), a barostat too "
    + "fast (a longer time constant or a smaller compressibility), or a phase that the potential "
    + "does not hold together"

  /// Before the drift: nothing moves too far, or nowhere.
  func checkMoves(_ run: MolecularDynamics) throws {
    let limit = longestMove / run.timestep
    for (atom, velocity) in run.motion.velocities.enumerated()
    where !(velocity.lengthSquared <= limit * limit) {
      let what =
        velocity.isFinite
        ? "would move \(velocity.length * run.timestep) Å at once, more than \(longestMove) Å"
        : "has a velocity that is not a finite number"
      throw failure(run, "\(name(atom, run)) \(what); \(Self.advice)")
    }
  }

  /// After new forces: all are numbers and none is that of two atoms in one place.
  func checkForces(_ run: MolecularDynamics) throws {
    let limit = largestForce * largestForce
    for (atom, force) in run.evaluation.forces.enumerated()
    where !(force.lengthSquared <= limit) && !run.isFrozen[atom] {
      let what =
        force.isFinite
        ? "feels a force of \(force.length) eV/Å, more than \(largestForce) eV/Å"
        : "feels a force that is not a finite number"
      throw failure(run, "\(name(atom, run)) \(what)\(nearest(to: atom, run)); \(Self.advice)")
    }
  }

  /// After the step: energy is a number and temperature below the limit.
  func checkEnergies(_ run: MolecularDynamics) throws {
    guard run.evaluation.energy.isFinite else {
      throw failure(run, "the potential energy is not a finite number; \(Self.advice)")
    }
    let targets = run.groups.compactMap { $0.thermostat(at: run.targetTime).temperature }
    let limit = min(hottest, targets.max().map { max(overTarget * $0, 5000) } ?? hottest)
    let temperature = run.motion.temperature
    guard temperature <= limit else {
      throw failure(
        run, "the temperature reached \(temperature) K, above \(limit) K; \(Self.advice)")
    }
  }

  /// After the step: every atom has company. Only an atom that feels no force at all can be lost.
  func checkLostAtoms(_ run: MolecularDynamics) throws {
    guard let loneliest else { return }
    let reach = max(loneliest, run.calculator.range ?? 0)
    for (atom, force) in run.evaluation.forces.enumerated()
    where force == .zero && !run.isFrozen[atom] && run.frame.count > 1 {
      guard run.frame.isAlone(atom, within: reach) else { continue }
      throw failure(
        run,
        "\(name(atom, run)) is lost: no other atom is within \(reach) Å of it; likely reasons: "
          + "it evaporated into a vacuum (a surface too hot, or a bond that the potential does not "
          + "hold), or the start has an atom apart from the rest")
    }
  }

  /// Before the cell moves: not by much at once.
  func checkStrain(_ strain: Matrix3, _ run: MolecularDynamics) throws {
    guard strain.frobeniusNorm <= largestStrain else {
      throw failure(
        run,
        "the cell would be strained by \(strain.frobeniusNorm) at once, more than "
          + "\(largestStrain); \(Self.cellAdvice)")
    }
  }

  /// After the cell moved: it is still the cell that was started with.
  func checkVolume(_ run: MolecularDynamics) throws {
    let ratio = run.frame.volume / run.startVolume
    guard ratio <= volumeChange, ratio * volumeChange >= 1 else {
      throw failure(
        run, "the cell's volume became \(ratio) times what it was; \(Self.cellAdvice)")
    }
  }

  private func failure(_ run: MolecularDynamics, _ reason: String) -> DynamicsError {
    .blewUp(step: run.stepCount, reason: reason)
  }

  private func name(_ atom: Int, _ run: MolecularDynamics) -> String {
    "atom \(atom + 1) (\(run.frame.species[atom]))"
  }

  /// ", 0.61 Å from atom 12 (S)", if there is one near.
  private func nearest(to atom: Int, _ run: MolecularDynamics) -> String {
    guard let near = run.frame.nearest(to: atom), near.distance < 6 else { return "" }
    return ", \((near.distance * 1000).rounded() / 1000) Å from \(name(near.atom, run))"
  }
}

extension Structure {
  /// The nearest other atom or image within the images around the home cell, by brute force.
  fileprivate func nearest(to atom: Int) -> (atom: Int, distance: Double)? {
    guard positions.allSatisfy(\.isFinite) else { return nil }
    var best: (atom: Int, distance: Double)?
    for other in 0..<count where other != atom {
      let distance = distance(from: atom, to: other)
      if distance < best?.distance ?? .infinity { best = (other, distance) }
    }
    return best
  }

  /// Whether no other atom is so near; looks at the neighbours in the list of atoms first, which in
  /// most structures are neighbours in space.
  fileprivate func isAlone(_ atom: Int, within reach: Double) -> Bool {
    for offset in 1...max(1, count) {
      for other in [atom - offset, atom + offset] where other >= 0 && other < count {
        if distance(from: atom, to: other) <= reach { return false }
      }
    }
    return true
  }

  /// The shortest of the distances to the 27 images around the reduced one.
  private func distance(from atom: Int, to other: Int) -> Double {
    var s = lattice.fractional(positions[other] - positions[atom])
    for k in 0..<3 where periodic[k] { s[k] -= s[k].rounded() }
    var best = Double.infinity
    for i in periodic[0] ? [-1.0, 0, 1] : [0] {
      for j in periodic[1] ? [-1.0, 0, 1] : [0] {
        for k in periodic[2] ? [-1.0, 0, 1] : [0] {
          best = min(best, lattice.cartesian(s + Vector3(i, j, k)).lengthSquared)
        }
      }
    }
    return best.squareRoot()
  }
}
