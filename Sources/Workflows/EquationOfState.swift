import Atomistics
import Potentials

/// A crystal at volumes from 1 − `change` to 1 + `change` times its own, all atoms at their fractional
/// coordinates. The note `volume_ratio` says which.
struct EquationOfState: SampleRecipe {
  var change: Double
  /// How many volumes, its own among them if the number is odd.
  var count: Int
  var closest: Double

  var kind: SampleKind { .eos }
  var variant: String { "" }
  var usesCalculator: Bool { false }

  func frames(
    of source: SampleSource, random: inout RandomGenerator, calculator: (any Calculator)?
  ) -> SampledFrames {
    var result = SampledFrames()
    for k in 0..<count {
      let ratio = 1 + change * (count == 1 ? 0 : Double(2 * k - count + 1) / Double(count - 1))
      let stretch = exponential(naturalLogarithm(ratio) / 3) - 1
      result.take(
        SampledFrame(
          structure: source.structure.strained(by: stretch * Matrix3.identity), group: "eos",
          trajectory: "\(source.name)/eos", notes: [("volume_ratio", "\(ratio)")]),
        unlessNearerThan: closest)
    }
    return result
  }
}
