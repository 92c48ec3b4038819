import Atomistics

/// Which phases the surroundings of an element look like: the contact's radial distribution as a
/// mixture of those of reference phases.
///
///     ρ_p(r) = Σ_k w_k ρ_pk(r) + Σ_j c_pj B_j(r),    w, c ≥ 0,    Σ_k w_k ≤ 1
///
/// | symbol | name | unit |
/// |---|---|---|
/// | ρ_p(r) | density of the partners p at r from a centre, `RadialEnvironment` | Å⁻³ |
/// | ρ_pk(r) | the same in the reference k at the same temperature | Å⁻³ |
/// | w_k | `phases[k].share`, the share of centres that live in phase k | 1 |
/// | 1 − Σ w_k | `unassigned` | 1 |
/// | B_j, c_pj | cubic B-splines with knots 2 Å apart, their coefficients | 1, Å⁻³ |
///
/// Least squares of √(r²/ρ̄_p) [ρ_p − fit] over all bins and pairs, which weighs bins as counts of an
/// even density would: the r ρ(r) that is fitted in pair distribution functions (C. L. Farrow et al.,
/// J. Phys.: Condens. Matter 19, 335219 (2007), doi 10.1088/0953-8984/19/33/335219). All partners of a
/// centre have the same shares. The splines stand for centres in surroundings that no reference
/// has: they are too smooth to be a crystal's shells, so that those can only come from references. No
/// share exceeds what the contact has of the phase's neighbours within any radius (`MixtureFit.most`).
///
/// The bands hold 95 % of fits in which the centres of each run, and those of the references, are drawn
/// anew, one fewer than there are (J. N. K. Rao and C. F. J. Wu, J. Am. Stat. Assoc. 83, 231 (1988),
/// doi 10.1080/01621459.1988.10478591). By as much as single runs (seeds) differ more than that, t² times
/// the excess of their squared error of the mean is added, t that of Student. In these fits Σ w_k may
/// exceed 1, so that a band may end at 0 where nothing is unassigned. The bands do not hold that a
/// phase in a contact is strained, small and disordered, nor that shells of centres near a border reach
/// into what lies beyond: `misfit` tells of that.
public struct PhaseMixture: Sendable, Codable {
  /// A phase and what its own trajectory shows, one environment a pair.
  public struct Reference: Sendable {
    public let name: String
    public let environments: [RadialEnvironment]

    public init(name: String, environments: [RadialEnvironment]) {
      self.name = name
      self.environments = environments
    }
  }

  /// A share of the centres with its 95 % band.
  public struct Share: Sendable, Codable, Hashable {
    public let name: String
    public let share: Double
    public let low: Double
    public let high: Double
  }

  /// One pair: what was seen and what it was made up of, Å⁻³.
  public struct Curve: Sendable, Codable {
    public let pair: [String]
    public let r_A: [Double]
    public let density_per_A3: [Double]
    /// w_k ρ_k, in the order of `phases`.
    public let phases_per_A3: [[Double]]
    public let unassigned_per_A3: [Double]
  }

  public let phases: [Share]
  public let unassigned: Share
  /// Phases that these pairs do not tell apart, with what they have together: the more the one, the
  /// less the other, from fit to fit.
  public let together: [Share]
  /// √(Σ r²/ρ̄ (ρ − fit)² / Σ r²/ρ̄ (ρ − ρ̄)²): 0 for a perfect fit, 1 for one that explains nothing.
  public let misfit: Double
  public let curves: [Curve]
  /// Of all runs.
  public let centers: Int
  public let seeds: Int
  public let resamples: Int
  public let warnings: [String]

  /// - Parameters:
  ///   - runs: by seed and pair.
  ///   - ranges: the radii of each pair that are fitted, Å.
  /// - Throws: `AnalysisError.badParameter` where a range holds fewer than ten bins, or a pair has
  ///   no partner in it.
  public init(
    runs: [[RadialEnvironment]], references: [Reference], ranges: [ClosedRange<Double>],
    resamples: Int = 400, seed: UInt64 = 1
  ) throws {
    precondition(
      !runs.isEmpty && !references.isEmpty
        && runs.allSatisfy { $0.count == ranges.count }
        && references.allSatisfy { $0.environments.count == ranges.count },
      "one environment a pair of every run and reference")
    precondition(
      (runs + references.map(\.environments)).allSatisfy { Set($0.map(\.sizes)).count == 1 },
      "all pairs have the same centres")
    let fit = try MixtureFit(runs: runs, references: references, ranges: ranges)
    let (observed, columns) = (fit.observed(), fit.columns())
    let best = fit.solution(observed, columns, sharesOfOne: true)
    let count = references.count
    let shares = Array(best.prefix(count))
    var generator = RandomGenerator(seed: seed, stage: "phase mixture")
    let fits = Fits(
      drawn: (0..<resamples).map { _ in
        Array(
          fit.solution(
            fit.observed(&generator), fit.columns(&generator), sharesOfOne: false, noises: 2
          ).prefix(count))
      },
      single: runs.indices.map { run in
        Array(fit.solution(fit.observed(run: run), columns, sharesOfOne: false).prefix(count))
      })
    let names = references.map(\.name)
    phases = names.indices.map { k in fits.share(names[k], shares) { $0[k] } }
    unassigned = fits.share("unassigned", shares) { 1 - $0.reduce(0, +) }
    together = fits.alike(names, shares)
    curves = fit.curves(observed, columns, best)
    misfit = fit.misfit(curves)
    centers = runs.reduce(0) { $0 + ($1.first?.centers ?? 0) }
    seeds = runs.count
    self.resamples = resamples
    warnings = Self.warnings(fit, misfit: misfit, together: together, centers: centers)
  }

  /// The radii to fit: from where any of them has a partner up to `largest` (Å), without the bonds of a
  /// cluster that all references have, since these tell no phase from another and are there in phases
  /// without a reference, too.
  public static func ranges(
    runs: [[RadialEnvironment]], references: [Reference], clusters: [Cluster], to largest: Double
  ) -> [ClosedRange<Double>] {
    guard let pairs = runs.first?.map(\.pair) else { return [] }
    return pairs.enumerated().map { index, pair in
      let bond = clusters.first { cluster in
        let names = [cluster.center.symbol, cluster.ligand.symbol]
        return (names == pair || names.reversed() == pair)
          && references.allSatisfy { $0.environments[index].hasBonds(within: cluster.innerCutoff) }
      }
      let first = (runs + references.map(\.environments)).map { $0[index].firstPartner }.min() ?? 0
      return min(bond?.outerCutoff ?? first, largest)...largest
    }
  }

  private static func warnings(
    _ fit: MixtureFit, misfit: Double, together: [Share], centers: Int
  ) -> [String] {
    var warnings: [String] = []
    if misfit > 0.3 {
      warnings.append(
        "the fit misses \(Int((100 * misfit).rounded())) % of the structure: there are phases "
          + "without a reference, or strained and disordered ones; the bands do not hold that")
    }
    for pair in together {
      warnings.append(
        "these pairs do not tell \(pair.name) apart; only what they have together counts")
    }
    if centers < 20 {
      warnings.append(
        "\(centers) centres in all runs are few for a band; let it be a rough one")
    }
    if fit.runs.count < 3 {
      warnings.append(
        "\(fit.runs.count) run\(fit.runs.count == 1 ? "" : "s"): the bands hold how centres differ, "
          + "and little or nothing of how runs do; three seeds or more are better")
    }
    return warnings
  }
}

/// Shares of fits to what was drawn anew, and to each run alone.
private struct Fits {
  let drawn: [[Double]]
  /// By run.
  let single: [[Double]]

  /// A share, or a sum of some, with its band.
  func share(
    _ name: String, _ best: [Double], _ value: ([Double]) -> Double
  ) -> PhaseMixture.Share {
    let found = min(1, max(0, value(best)))
    let values = drawn.map(value).sorted()
    let excess = SeededEstimate.squaredExcess(
      within: Self.variance(values), runs: single.map(value))
    func bound(_ p: Double, _ sign: Double) -> Double {
      let inner = sign * ((quantile(p, of: values) ?? found) - found)
      return min(1, max(0, found + sign * (max(0, inner) * max(0, inner) + excess).squareRoot()))
    }
    return PhaseMixture.Share(
      name: name, share: found, low: bound(0.025, -1), high: bound(0.975, 1))
  }

  /// Pairs of phases whose shares go against one another with a correlation beyond −0.9.
  func alike(_ names: [String], _ best: [Double]) -> [PhaseMixture.Share] {
    names.indices.flatMap { a in
      names.indices.filter { $0 > a }.compactMap { b in
        Self.correlation(drawn.map { $0[a] }, drawn.map { $0[b] }) < -0.9
          ? share("\(names[a]) or \(names[b])", best) { $0[a] + $0[b] } : nil
      }
    }
  }

  private static func variance(_ values: [Double]) -> Double {
    let n = Double(values.count)
    let mean = values.reduce(0, +) / n
    return values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / max(1, n - 1)
  }

  private static func correlation(_ x: [Double], _ y: [Double]) -> Double {
    let both = variance(x) * variance(y)
    guard both > 0 else { return 0 }
    let sum = variance(zip(x, y).map { $0 + $1 })
    return (sum - variance(x) - variance(y)) / (2 * both.squareRoot())
  }
}
