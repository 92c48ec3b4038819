/// Differences of several frames from their labels, summed up.
struct DeviationSums: Sendable {
  /// (E − E_label)/N of each frame, eV/atom.
  private(set) var energy = ErrorSum()
  /// Components of F − F_label, eV/Å.
  private(set) var force = ErrorSum()
  /// Components of (W − W_label)/N, eV/atom; none without labels of it.
  private(set) var virial = ErrorSum()

  init(_ frames: [FrameDeviation]) {
    for frame in frames {
      energy.add(frame.found - frame.label)
      force.add(frame.force)
      virial.add(frame.virial)
    }
  }
}
