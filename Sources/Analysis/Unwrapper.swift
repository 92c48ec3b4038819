import Atomistics

/// Undoes the wrapping of atoms into the cell, from one frame to the next.
///
/// Each atom takes the image that is nearest to where it was before: with s the fractional
/// coordinates, s(t) ← s(t) − round(s(t) − s(t − Δt)) along the periodic directions. The first
/// frame stays as it is, and frames that are not wrapped come back unchanged.
///
/// This is right as long as no atom moves by half a cell between two frames. No step can look
/// longer than that, so steps beyond 0.4 of a cell are counted as ambiguous: any of them may have
/// been unwrapped to the wrong side.
public struct Unwrapper: Sendable {
  /// The share of a cell beyond which a step may have gone the other way round.
  public static let ambiguousStep = 0.4

  private var previous: [Vector3]?
  private var frames = 0
  /// The longest step of an atom between two frames along a lattice vector, in cells.
  public private(set) var longestStep = 0.0
  /// How many atoms took a step beyond `ambiguousStep`, summed over frames.
  public private(set) var ambiguousSteps = 0

  public init() {}

  /// The frame with every atom near where it was; frames come in order.
  ///
  /// - Throws: `AnalysisError.changedAtoms`.
  public mutating func unwrap(_ frame: Frame) throws -> Frame {
    frames += 1
    var structure = frame.structure
    let now = structure.fractionalPositions
    guard let before = previous else {
      previous = now
      return frame
    }
    guard before.count == now.count else {
      throw AnalysisError.changedAtoms(
        frame: frames, expected: before.count, found: now.count)
    }
    var followed: [Vector3] = []
    followed.reserveCapacity(now.count)
    for (atom, s) in now.enumerated() {
      var whole = Vector3.zero
      var longest = 0.0
      for k in 0..<3 where structure.periodic[k] {
        let step = s[k] - before[atom][k]
        whole[k] = step.rounded()
        longest = max(longest, abs(step - whole[k]))
      }
      longestStep = max(longestStep, longest)
      if longest > Self.ambiguousStep { ambiguousSteps += 1 }
      followed.append(s - whole)
      if whole != .zero { structure.positions[atom] -= structure.lattice.cartesian(whole) }
    }
    previous = followed
    var unwrapped = frame
    unwrapped.structure = structure
    return unwrapped
  }

  /// What a reader has to know of the steps, or nothing.
  public var warning: String? {
    guard ambiguousSteps > 0 else { return nil }
    let percent = (longestStep * 1000).rounded() / 10
    return "\(ambiguousSteps) steps between frames are longer than 40 % of the cell (the longest "
      + "\(percent) %): unwrapping may be wrong there; use frames that are closer in time"
  }
}
