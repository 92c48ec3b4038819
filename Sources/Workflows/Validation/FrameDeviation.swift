import Atomistics
import Potentials

/// What a potential, or other labels, make of one labelled frame.
struct FrameDeviation: Sendable {
  let group: String
  let trajectory: String
  let atoms: Int
  let composition: Composition
  let species: [Element]
  /// eV/atom.
  let label: Double
  let found: Double
  let labelForces: [Vector3]
  let foundForces: [Vector3]
  /// Components of F − F_label in eV/Å and of (W − W_label)/N in eV/atom, none without a label.
  let force: ErrorSum
  let virial: ErrorSum

  init(_ frame: TrainingFrame, _ potential: NEPPotential) throws {
    let evaluation = try potential.evaluate(frame.structure)
    self.init(
      frame, energy: evaluation.energy, forces: evaluation.forces,
      virial: (-frame.structure.volume) * evaluation.stress)
  }

  /// - Parameters:
  ///   - energy: found, eV.
  ///   - forces: found, eV/Å.
  ///   - virial: found, −V σ in eV; nil if it was not.
  init(_ frame: TrainingFrame, energy: Double, forces: [Vector3], virial: Matrix3?) {
    let n = Double(frame.structure.count)
    group = frame.group
    trajectory = frame.trajectory
    atoms = frame.structure.count
    composition = frame.structure.composition
    species = frame.structure.species
    label = frame.energy / n
    found = energy / n
    labelForces = frame.forces
    foundForces = forces
    var (forceSum, virialSum) = (ErrorSum(), ErrorSum())
    for (a, b) in zip(forces, frame.forces) {
      for k in 0..<3 { forceSum.add(a[k] - b[k]) }
    }
    if let wanted = frame.virial, let virial {
      let off = (1 / n) * (virial - wanted)
      for i in 0..<3 { for j in 0..<3 { virialSum.add(off[i, j]) } }
    }
    (force, self.virial) = (forceSum, virialSum)
  }
}
