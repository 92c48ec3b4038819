import Analysis
import Atomistics
import Potentials

/// Radial distributions of a crystal in motion, by two calculators from one start: the crystal at rest by
/// the reference, in its cell, with the same velocities.
///
///     overlap = 1 − Σ_r |n(r) − n′(r)| / Σ_r (n(r) + n′(r))
///
/// | symbol | what | unit |
/// |---|---|---|
/// | n | partners of a centre per Å of radius | Å⁻¹ |
/// | overlap | 1 of equal distributions, 0 of those that share nothing | - |
///
/// r goes to 6 Å, and stays below the shortest vector of the lattice: a supercell shows more.
///
/// Two short runs of one calculator are not equal either: `noise` is the overlap of both halves of the
/// reference's own run.
struct MotionComparison: Sendable {
  struct Pair: Sendable {
    let center: Element
    let partner: Element
    let r: [Double]
    let potential: [Double]
    let reference: [Double]
    let overlap: Double
    let noise: Double
    /// Largest abs(g − g′).
    let largest: Double
  }

  let pairs: [Pair]

  static let radius = 6.0
  static let binWidth = 0.1
  /// From frame to frame, fs.
  static let interval = 10.0

  /// - Throws: `MotionEnded` where a run explodes; what the calculators throw.
  init(
    _ structure: Structure, potential: any Calculator, reference: any Calculator,
    settings: MotionSettings, progress: (String) throws -> Void
  ) throws {
    try progress("motion by the potential")
    let found = try Self.frames(structure, potential, settings, "potential")
    try progress("motion by the reference")
    let wanted = try Self.frames(structure, reference, settings, "reference")
    let halves = (
      Array(wanted.prefix(wanted.count / 2)), Array(wanted.suffix(wanted.count / 2))
    )
    // The cell is one and the same: an atom's own images would be a peak without an error.
    let reach = min(Self.radius, structure.lattice.reduced.a.length - Self.binWidth)
    let elements = Set(structure.species).sorted()
    pairs = try elements.enumerated().flatMap { k, center in
      try elements[k...].compactMap { partner -> Pair? in
        func distribution(_ frames: [Structure]) throws -> RadialDistribution {
          var function = try RadialDistributionFunction(
            center, partner, maximumRadius: reach, binWidth: Self.binWidth)
          for (k, frame) in frames.enumerated() {
            try function.consume(Frame(structure: frame, time: Self.interval * Double(k)))
          }
          return try function.result()
        }
        let (x, y) = (try distribution(found), try distribution(wanted))
        // None is near enough to any.
        guard (x.coordination + y.coordination).contains(where: { $0 > 0 }) else { return nil }
        return Pair(
          center: center, partner: partner, r: y.r_A, potential: x.g, reference: y.g,
          overlap: Self.overlap(x, y),
          noise: Self.overlap(try distribution(halves.0), try distribution(halves.1)),
          largest: zip(x.g, y.g).reduce(0) { max($0, abs($1.0 - $1.1)) })
      }
    }
  }

  private static func overlap(_ a: RadialDistribution, _ b: RadialDistribution) -> Double {
    let pairs = zip(a.radialDensity_per_A, b.radialDensity_per_A)
    let sum = pairs.reduce(0) { $0 + $1.0 + $1.1 }
    return sum > 0 ? 1 - pairs.reduce(0) { $0 + abs($1.0 - $1.1) } / sum : 1
  }

  private static func frames(
    _ structure: Structure, _ calculator: any Calculator, _ settings: MotionSettings, _ who: String
  ) throws -> [Structure] {
    // B-H stretches have a period of 14.5 fs.
    let hasHydrogen = structure.species.contains(Element("H")!)
    let dynamics = SampledDynamics(
      timestep: hasHydrogen ? 0.5 : 1, interval: interval, largestForce: 50,
      closest: ClosePair.usualLimit)
    let run = try dynamics.run(
      structure,
      through: [.init(time: settings.duration, temperature: settings.temperature)],
      keepingAfter: settings.duration / 5, with: calculator,
      random: RandomGenerator(seed: settings.seed, stage: "radial distributions"))
    if let end = run.end { throw MotionEnded(reason: "\(who): \(end)") }
    return run.instants.map(\.structure)
  }
}

/// What crystals in motion are run for.
///
/// | name | unit |
/// |---|---|
/// | `duration` at constant volume, the first fifth for equilibration | fs |
/// | `temperature` | K |
/// | `seed` of velocities and thermostat | |
public struct MotionSettings: Sendable {
  public var duration: Double
  public var temperature: Double
  public var seed: UInt64

  /// - Throws: `AtomisticsError.badQuantity` for what cannot be meant.
  public init(duration: Double, temperature: Double, seed: UInt64 = 1) throws {
    guard duration >= 100 else {
      throw AtomisticsError.badQuantity(
        "\(rounded(duration, 1)) fs", expected: "a time of at least 0.1 ps")
    }
    guard temperature > 0 else {
      throw AtomisticsError.badQuantity(
        "\(temperature) K", expected: "a temperature above 0 K")
    }
    (self.duration, self.temperature, self.seed) = (duration, temperature, seed)
  }
}

/// Why a run was not one of a crystal.
struct MotionEnded: Error {
  let reason: String
}
