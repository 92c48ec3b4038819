import Atomistics

/// The paper's plain test: partners of a centre within a window of radii, in a contact and in
/// reference phases.
///
/// | name | meaning |
/// |---|---|
/// | `partners` | partners of a centre in the window, corrected for what of its surroundings lies outside the slab |
/// | `error` | standard error of that, from centre to centre |
/// | `excess` | the contact's less those of the unreacted electrolyte, and its error |
/// | `isSeen` | the excess is more than 1.96 of its error above 0 |
///
/// A signal that the unreacted electrolyte has as well shows nothing; a signal beyond it may be of
/// any phase with atoms at that distance. `PhaseMixture` holds whole curves against phases.
public struct PeakWindowSignal: Sendable, Codable {
  public struct Count: Sendable, Codable {
    public let name: String
    public let partners: Double
    /// Nil of a single centre.
    public let error: Double?
  }

  public let pair: [String]
  public let window_A: [Double]
  public let contact: Count
  public let references: [Count]
  public let excess: Count?
  public let isSeen: Bool?

  /// - Parameters:
  ///   - runs: one a seed, all of one pair.
  ///   - electrolyte: the name of the reference that has not reacted.
  public init(
    _ window: ClosedRange<Double>, runs: [RadialEnvironment],
    references: [(name: String, environment: RadialEnvironment)], electrolyte: String?
  ) {
    precondition(!runs.isEmpty, "a signal has a run")
    pair = runs[0].pair
    window_A = [window.lowerBound, window.upperBound]
    contact = Self.count("contact", runs, window)
    self.references = references.map { Self.count($0.name, [$0.environment], window) }
    let own = self.references.first { $0.name == electrolyte }
    let found = contact
    excess = own.map {
      Count(
        name: "beyond \($0.name)", partners: found.partners - $0.partners,
        error: Self.both(found.error, $0.error))
    }
    isSeen = excess.flatMap { excess in excess.error.map { excess.partners > 1.96 * $0 } }
  }

  private static func both(_ a: Double?, _ b: Double?) -> Double? {
    guard let a, let b else { return nil }
    return (a * a + b * b).squareRoot()
  }

  private static func count(
    _ name: String, _ runs: [RadialEnvironment], _ window: ClosedRange<Double>
  ) -> Count {
    let found = WeightedMean(
      runs.flatMap { $0.partners(in: window) },
      weights: runs.flatMap { $0.sizes.map(Double.init) })
    return Count(
      name: name, partners: found.mean, error: found.squaredError?.squareRoot())
  }
}
