import Atomistics

/// What to tell where no superlattices match: the nearest that do not, and which limit would let
/// them in.
struct NearMisses {
  private let limits: MatchLimits
  private let nearest: [Miss]

  private struct Miss {
    let faces: String
    let match: LatticeMatch
    /// The largest of area, length and angle in units of their limits.
    let excess: Double
  }

  /// The limits are widened threefold, again and again, until something fits.
  init(_ films: [OrientedCell], _ metals: [OrientedCell], limits: MatchLimits) {
    self.limits = limits
    var misses: [Miss] = []
    var wide = limits
    for _ in 0..<12 where misses.isEmpty {
      wide.length = min(3 * wide.length, limits.kind == .relative ? 0.3 : 5)
      wide.angle = min(3 * wide.angle, limits.kind == .relative ? 0.3 : 15)
      wide.area = min(2 * wide.area, max(limits.area, 1000))
      for film in films {
        for metal in metals {
          for match in LatticeMatch.all(
            electrolyte: film.surface, metal: metal.surface, limits: wide,
            electrolyteSymmetries: film.surface.symmetries(),
            metalSymmetries: metal.surface.symmetries())
          {
            // The film is turned: its face towards the metal is the opposite one.
            misses.append(
              Miss(
                faces: "\(film.miller.opposite) on \(metal.miller)", match: match,
                excess: max(match.area / limits.area, limits.excess(match))))
          }
        }
      }
    }
    nearest = Self.distinct(misses.sorted { $0.excess < $1.excess })
  }

  /// Three that differ in what is told of them.
  private static func distinct(_ misses: [Miss]) -> [Miss] {
    var seen: Set<[Int]> = []
    var kept: [Miss] = []
    for miss in misses {
      let numbers = [miss.match.area / 100, miss.match.lengthMismatch, miss.match.angleMismatch]
      if seen.insert(numbers.map { Int(($0 * 1e4).rounded()) }).inserted { kept.append(miss) }
      if kept.count == 3 { break }
    }
    return kept
  }

  var error: InterfacesError {
    let length = limits.kind == .relative ? percent(limits.length) : "\(limits.length) Å"
    let angle = limits.kind == .relative ? percent(limits.angle) : "\(limits.angle) degrees"
    let none =
      "no match of the lattices up to \(limits.area) Å², \(length) in length and \(angle) in angle"
    guard let first = nearest.first else {
      return .nothingWithinLimits(
        none
          + "; no pair of superlattices comes near; allow a larger area, or larger Miller indices")
    }
    let list = nearest.map(told).joined(separator: "; ")
    return .nothingWithinLimits(
      none + "; the nearest differs by " + list + "; to let the first in: "
        + advice(first).joined(separator: " ") + "; a larger area or larger Miller indices may "
        + "offer more")
  }

  private func told(_ miss: Miss) -> String {
    let (length, angle) = limits.differences(miss.match)
    let differences =
      limits.kind == .relative
      ? "\(percent(length)) in length and \(percent(angle)) in angle"
      : "\(rounded(length, 3)) Å in length and \(rounded(angle, 3)) degrees in angle"
    return differences + " at \(rounded(miss.match.area, 1)) Å² (\(miss.faces))"
  }

  /// The options that admit a miss, rounded up.
  private func advice(_ miss: Miss) -> [String] {
    let (length, angle) = limits.differences(miss.match)
    var options: [String] = []
    let isRelative = limits.kind == .relative
    if miss.match.area > limits.area {
      options.append("--max-area \"\(up(miss.match.area, 0.1)) Å^2\"")
    }
    if length > limits.length {
      options.append(
        isRelative
          ? "--length-mismatch \(up(length, 1e-4))"
          : "--absolute-length \"\(up(length, 1e-3)) Å\"")
    }
    if angle > limits.angle {
      options.append(
        isRelative
          ? "--angle-mismatch \(up(angle, 1e-4))"
          : "--absolute-angle \"\(up(angle, 1e-3)) degrees\"")
    }
    return options
  }

  private func percent(_ x: Double) -> String { "\(rounded(x * 100, 2)) %" }

  private func rounded(_ x: Double, _ digits: Int) -> Double {
    let factor = (0..<digits).reduce(1.0) { result, _ in result * 10 }
    return (x * factor).rounded() / factor
  }

  /// The next multiple of a step.
  private func up(_ x: Double, _ step: Double) -> Double {
    let factor = (1 / step).rounded()
    return (x * factor + 1e-9).rounded(.up) / factor
  }
}
