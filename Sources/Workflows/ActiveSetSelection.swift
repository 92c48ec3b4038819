import Atomistics
import FileFormats
import Potentials

/// Makes the active set of a potential from the frames of a file, pass by pass.
public struct ActiveSetSelection {
  public let set: ActiveSet
  public let frames: Int
  public let passes: Int
  /// The largest grade in the last pass, which exchanged nothing: at most 1 + ε.
  public let largestGrade: Double

  /// - Parameters:
  ///   - say: is told the outcome of each pass.
  ///   - willGrade: is called before each frame with the pass, from 1, and the frame, from 0; what
  ///     it throws ends the selection.
  /// - Throws: `FileFormatsError` for the file; `PotentialsError.unsupportedElement`;
  ///   `AtomisticsError.badStructure`.
  public init(
    file: String, potential: NEPPotential, say: (String) -> Void = { _ in },
    willGrade: (_ pass: Int, _ frame: Int) throws -> Void = { _, _ in }
  ) throws {
    var builder = ActiveSetBuilder(neurons: potential.header.neurons)
    var passes = 0
    while true {
      passes += 1
      // The frames of a training set hold different atoms, unlike those of a trajectory.
      let lines = try LineReader(path: file)
      var source = ExtendedXYZ().frames(of: lines)
      var (frame, exchanges, largest) = (0, 0, 0.0)
      while let next = try source.next() {
        try willGrade(passes, frame)
        let structure = next.structure
        let found = builder.offer(
          try potential.activations(of: structure), species: structure.species, frame: frame,
          counting: passes == 1)
        exchanges += found.exchanges
        largest = max(largest, found.largestGrade)
        frame += 1
      }
      guard frame > 0 else {
        throw FileFormatsError.badFile(
          path: file, line: nil, reason: "there are no frames; expected extended XYZ")
      }
      say("pass \(passes): \(frame) frames, \(exchanges) exchanges")
      guard exchanges > 0 else {
        (set, frames, self.passes, largestGrade) = (builder.activeSet(), frame, passes, largest)
        return
      }
    }
  }
}
