import Atomistics

/// The losses of one contact's runs, ready for laws to be held against them.
///
/// The bonds of one cluster break together or not at all, as far as may be known, so that a cluster
/// is one observation, and each of its m bonds 1/m of one. The runs of all seeds are cut to the
/// shortest; the last minimum lifetime of a run shows no breaks and is cut off.
public struct ObservedLosses: Sendable {
  /// One cluster: its losses between two frames, as fractions of the observed time T.
  public struct Unit: Sendable, Hashable {
    /// Which run, from 0.
    public let seed: Int
    public let layer: Int?
    public let bonds: Int
    /// (after, by), ascending.
    public let losses: [SIMD2<Double>]

    public init(seed: Int, layer: Int?, bonds: Int, losses: [SIMD2<Double>]) {
      self.seed = seed
      self.layer = layer
      self.bonds = bonds
      self.losses = losses
    }

    /// The share of its bonds that it lost.
    public var lost: Double { Double(losses.count) / Double(bonds) }
  }

  public let units: [Unit]
  /// T in ps.
  public let duration_ps: Double
  public let seeds: Int

  public init(units: [Unit], duration_ps: Double, seeds: Int) {
    self.units = units
    self.duration_ps = duration_ps
    self.seeds = seeds
  }

  /// - Parameter runs: one a seed; the first frame is the contact as it was made.
  /// - Throws: `AnalysisError.noFrames` where a run has no two frames to compare.
  public init(_ runs: [BondSurvival]) throws {
    let ends = runs.map { run in
      (run.times_ps.last ?? 0) - (run.times_ps.first ?? 0) - run.minimumLifetime_ps
    }
    guard let duration = ends.min(), duration > 0 else { throw AnalysisError.noFrames }
    duration_ps = duration
    seeds = runs.count
    units = runs.enumerated().flatMap { seed, run in
      run.clusters.map { cluster in
        let start = run.times_ps[0]
        let losses = cluster.losses.map { frame in
          SIMD2(run.times_ps[max(0, frame - 1)] - start, run.times_ps[frame] - start) / duration
        }.filter { $0.y <= 1 + 1e-9 }
        return Unit(seed: seed, layer: cluster.layer, bonds: cluster.bonds, losses: losses)
      }
    }
  }

  /// N, clusters in all runs.
  public var count: Double { Double(units.count) }
  /// n, clusters lost: Σ lost bonds / m.
  public var lost: Double { units.reduce(0) { $0 + $1.lost } }

  /// Without one seed.
  func without(seed: Int) -> ObservedLosses {
    ObservedLosses(
      units: units.filter { $0.seed != seed }, duration_ps: duration_ps, seeds: seeds - 1)
  }
}

extension Collection<ObservedLosses.Unit> {
  /// When so large a share of these clusters was lost, as a fraction of T; nil where it was not.
  func time(losing share: Double) -> Double? {
    let losses = flatMap { unit in
      unit.losses.map { (time: $0.y, weight: 1 / Double(unit.bonds)) }
    }.sorted { $0.time < $1.time }
    var sum = 0.0
    for loss in losses {
      sum += loss.weight
      if sum >= share * Double(count) - 1e-9 { return Swift.min(1, loss.time) }
    }
    return nil
  }
}
