/// The energy of decomposing against voltage, where its slope changes.
///
///     D(V) = Φ(V) - (E - μ(V) n₀)
///
/// is concave and made of straight pieces; the slope of a piece is the uptake there. Its highest
/// value is minus the distance to the closed hull.
///
/// | symbol | name | unit |
/// |---|---|---|
/// | V | `Point.voltage` | V against the pure working ion |
/// | D | `Point.perFormula`, `Point.perAtom` | eV per formula unit, eV per atom of the solid |
/// | dD/dV | `finalUptake`, beyond the last point | ions per formula unit |
public struct DecompositionCurve: Hashable, Sendable {
  public struct Point: Hashable, Sendable {
    public let voltage: Double
    public let perFormula: Double
    public let perAtom: Double
  }

  /// Where D(V) is highest.
  public struct Peak: Hashable, Sendable {
    public let from: Double
    /// nil: no upper end.
    public let to: Double?
    public let perFormula: Double
    public let perAtom: Double
  }

  /// At 0 V and at each break point of the profile, voltages ascending.
  public let points: [Point]
  public let finalUptake: Double

  /// - Parameter energyPerAtom: of the solid, on the scale of the profile's phases.
  public init(_ profile: UptakeProfile, energyPerAtom: Double) {
    let atoms = profile.composition.atomCount
    points = profile.steps.map { step in
      let value = profile.decompositionEnergy(at: step.from, energy: energyPerAtom * atoms)
      return Point(voltage: step.from, perFormula: value, perAtom: value / atoms)
    }
    finalUptake = profile.steps.last?.uptake ?? 0
  }

  /// The solid's least instability: the voltages at which it lies lowest above the open hull.
  public var peak: Peak {
    let top = points.map(\.perAtom).max() ?? 0
    let best = points.indices.filter { points[$0].perAtom > top - 1e-10 }
    let (first, last) = (points[best[0]], points[best[best.count - 1]])
    let isLast = best[best.count - 1] == points.count - 1
    return Peak(
      from: first.voltage, to: isLast && finalUptake >= 0 ? nil : last.voltage,
      perFormula: points.map(\.perFormula).max() ?? 0, perAtom: top)
  }
}

/// The voltages at which a solid itself is on the hull of the system open to the working ion.
///
/// Not the plateau of zero uptake (`ElectrochemicalStabilityWindow`): a solid above the hull has
/// such a plateau but is stable at no voltage. The range is where D(V) of `DecompositionCurve` is
/// not below 0; a solid that is at most 1e-6 eV/atom above the hull counts as on it.
///
/// | name | unit |
/// |---|---|
/// | `lower` | V; 0 if it is stable against the metal |
/// | `upper` | V; nil if it has no end |
public struct StabilityRange: Hashable, Sendable {
  /// How far above the hull still counts as on it, eV per atom.
  public static let tolerance = 1e-6

  public let lower: Double
  public let upper: Double?

  public init(lower: Double, upper: Double?) {
    self.lower = lower
    self.upper = upper
  }

  /// The range of a curve; nil if the solid is stable at no voltage.
  public init?(_ curve: DecompositionCurve) {
    let peak = curve.peak
    guard peak.perAtom >= -Self.tolerance else { return nil }
    guard peak.perAtom > 1e-9 else {
      self.init(lower: peak.from, upper: peak.to)
      return
    }
    // An energy below the hull of all others: the range ends where the curve crosses zero.
    let points = curve.points
    let first = points.firstIndex { $0.perFormula >= 0 } ?? 0
    let last = points.lastIndex { $0.perFormula >= 0 } ?? first
    let lower =
      first == 0 ? points[0].voltage : Self.crossing(points[first - 1], points[first])
    if last + 1 < points.count {
      self.init(lower: lower, upper: Self.crossing(points[last], points[last + 1]))
    } else {
      let end = points[last]
      self.init(
        lower: lower,
        upper: curve.finalUptake < 0 ? end.voltage - end.perFormula / curve.finalUptake : nil)
    }
  }

  private static func crossing(
    _ a: DecompositionCurve.Point, _ b: DecompositionCurve.Point
  ) -> Double {
    a.voltage + (b.voltage - a.voltage) * a.perFormula / (a.perFormula - b.perFormula)
  }
}
