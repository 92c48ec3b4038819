import Atomistics

/// The share of intact bonds against time over all runs of a contact, with a 95 % band from polyanions
/// as units and from seeds.
///
///     S(t) = Σ y_c / Σ m_c,   V_w = N/(N − 1) Σ (y_c − S m_c)² / (Σ m_c)²
///
/// | symbol | name | unit |
/// |---|---|---|
/// | c | a polyanion of the first frame of a run | |
/// | m_c, y_c(t) | its bonds in the first frame, and those of them intact at t | |
/// | S(t) | `intactFraction` | 1 |
/// | N | `clusters` of all runs | |
///
/// The bonds of one polyanion break together, so polyanions are what is resampled: V_w is the squared
/// error that leaving out one after the other gives (delete-one jackknife of a ratio; W. G. Cochran,
/// Sampling Techniques, Wiley 1977, chapter 6). What runs differ by beyond that is added with Student's
/// t. Near 0 and 1, where a symmetric band would leave the range, the band is Wilson's for as many
/// independent bonds as the error stands for, n = S (1 − S) / V (E. B. Wilson, J. Am. Stat. Assoc. 22, 209
/// (1927), doi 10.1080/01621459.1927.10502953; E. L. Korn and B. I. Graubard, Surv. Methodol. 24, 193
/// (1998)); with no bond lost, n is N. A decay is not stationary, so there are no blocks of time.
public struct SurvivalBand: Sendable, Codable {
  /// At most 201, evenly from the first frame to the end of the shortest run.
  public let times_ps: [Double]
  public let intactFraction: [Double]
  public let low: [Double]
  public let high: [Double]
  public let clusters: Int
  public let seeds: Int

  private static let mostTimes = 201

  /// - Parameter runs: one a seed; the first frame is the contact as it was made.
  /// - Throws: `AnalysisError.noFrames`.
  public init(_ runs: [BondSurvival]) throws {
    let series = runs.map(Self.intact)
    guard let end = runs.map({ $0.times_ps.last ?? 0 }).min(), let first = runs.first,
      !first.times_ps.isEmpty
    else { throw AnalysisError.noFrames }
    let frames = first.times_ps.indices.filter { first.times_ps[$0] <= end + 1e-9 }
    let count = min(Self.mostTimes, frames.count)
    let chosen = (0..<count).map { frames[count == 1 ? 0 : $0 * (frames.count - 1) / (count - 1)] }
    let times = chosen.map { first.times_ps[$0] }
    var (share, low, high): ([Double], [Double], [Double]) = ([], [], [])
    for time in times {
      let found = zip(runs, series).map { run, clusters in
        let frame = run.times_ps.lastIndex { $0 <= time + 1e-9 } ?? 0
        return clusters.map { (intact: Double($0.intact(at: frame)), bonds: Double($0.bonds)) }
      }
      let band = Self.band(found)
      share.append(band.share)
      low.append(band.low)
      high.append(band.high)
    }
    (times_ps, intactFraction) = (times, share)
    (self.low, self.high) = (low, high)
    clusters = series.reduce(0) { $0 + $1.count }
    seeds = runs.count
  }

  private static func band(
    _ runs: [[(intact: Double, bonds: Double)]]
  ) -> (share: Double, low: Double, high: Double) {
    let all = runs.flatMap { $0 }
    let weights = all.map(\.bonds)
    let bonds = weights.reduce(0, +)
    let pooled = WeightedMean(all.map { $0.intact / $0.bonds }, weights: weights)
    let share = pooled.mean
    let singles = runs.map { run in
      run.reduce(0) { $0 + $1.intact } / run.reduce(0) { $0 + $1.bonds }
    }
    let error = SeededEstimate(mean: share, within: pooled.squaredError ?? 0, runs: singles)
      .standardError
    let spread = share * (1 - share)
    let size = error > 0 && spread > 0 ? min(bonds, spread / (error * error)) : Double(all.count)
    let z2 = SeededEstimate.z * SeededEstimate.z
    // In an order that gives exactly 1 where nothing is lost, and 0 where nothing is left.
    let part = z2 / (2 * size)
    let root = (z2 * spread / size + part * part).squareRoot()
    let whole = 1 + 2 * part
    return (
      share, max(0, (share + (part - root)) / whole), min(1, (share + (part + root)) / whole)
    )
  }

  /// A polyanion's bonds, and the frames at which their number changed.
  private struct Cluster {
    let bonds: Int
    var changes: [(frame: Int, intact: Int)]

    func intact(at frame: Int) -> Int {
      changes.last { $0.frame <= frame }?.intact ?? bonds
    }
  }

  private static func intact(_ run: BondSurvival) -> [Cluster] {
    var clusters = Dictionary(
      uniqueKeysWithValues: run.clusters.map { ($0.center, Cluster(bonds: $0.bonds, changes: [])) })
    for event in run.events where event.kind == .broken || event.kind == .reformed {
      guard var cluster = clusters[event.center] else { continue }
      let before = cluster.changes.last?.intact ?? cluster.bonds
      cluster.changes.append((event.frame, before + (event.kind == .broken ? -1 : 1)))
      clusters[event.center] = cluster
    }
    return run.clusters.compactMap { clusters[$0.center] }
  }
}
