import Atomistics

/// Differences of several frames from their labels, summed up.
struct DeviationSums: Sendable {
  /// (E − E_label)/N of each frame, eV/atom.
  private(set) var energy = ErrorSum()
  /// Components of F − F_label, eV/Å.
  private(set) var force = ErrorSum()
  /// Components of (W − W_label)/N, eV/atom; none without labels of it.
  private(set) var virial = ErrorSum()
  /// Components of F_label, eV/Å: what the differences are of.
  private(set) var labelForce = ErrorSum()

  init(_ frames: [FrameDeviation]) {
    for frame in frames {
      energy.add(frame.found - frame.label)
      force.add(frame.force)
      virial.add(frame.virial)
      for vector in frame.labelForces { for k in 0..<3 { labelForce.add(vector[k]) } }
    }
  }
}
