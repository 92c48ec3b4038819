import Atomistics

/// How much of a window's edges comes from corrections.
///
/// At an edge two equilibria meet: `upper`, which holds above its voltage, and `lower`, with n ions
/// more. Their reaction upper + n ions -> lower fixes the voltage, V = -ΔE/n, of which corrections
/// that add ΔC to ΔE make up -ΔC/n.
///
/// That share is of this reaction only: on another scheme another phase may take its place, which
/// `WindowSensitivity` shows.
public struct WindowAudit: Hashable, Sendable {
  public enum Side: String, Sendable { case reduction, oxidation }

  /// One edge and its reaction.
  public struct Edge: Hashable, Sendable {
    public let side: Side
    /// V.
    public let voltage: Double
    /// Ions taken up from `upper` to `lower`, per formula unit of the electrolyte.
    public let ions: Double
    public let upper: [PhaseAmount]
    public let lower: [PhaseAmount]
    public let corrections: CorrectionAudit

    /// V that the corrections of one element make up.
    public func share(of row: CorrectionAudit.Row) -> Double { -row.net / ions }

    /// Where this reaction would stand without corrections, V; nil if some are unknown.
    public var voltageWithoutCorrections: Double? {
      corrections.net.map { voltage + $0 / ions }
    }
  }

  /// Reduction first; an edge at 0 V, or without end, is none.
  public let edges: [Edge]

  init(profile: UptakeProfile, scheme: CorrectionScheme?) {
    let steps = profile.steps
    let plateau = steps.indices.filter { abs(steps[$0].uptake) <= profile.tolerance }
    guard let first = plateau.first, let last = plateau.last else {
      edges = []
      return
    }
    func edge(_ side: Side, _ below: Int) -> Edge {
      let (lower, upper) = (steps[below], steps[below + 1])
      func solids(_ step: UptakeProfile.Step) -> [PhaseAmount] {
        step.phases.filter { $0.entry != profile.workingIonEntry }
      }
      func corrected(_ phases: [PhaseAmount]) -> [(CorrectedPhase, Double)] {
        phases.map { (CorrectedPhase($0.entry, scheme: scheme), $0.amount) }
      }
      return Edge(
        side: side, voltage: upper.from, ions: lower.uptake - upper.uptake, upper: solids(upper),
        lower: solids(lower),
        corrections: CorrectionAudit(
          left: corrected(solids(upper)), right: corrected(solids(lower))))
    }
    edges =
      (first > 0 ? [edge(.reduction, first - 1)] : [])
      + (last + 1 < steps.count ? [edge(.oxidation, last)] : [])
  }
}
