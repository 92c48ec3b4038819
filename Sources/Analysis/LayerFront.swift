import Atomistics

/// Whether a plateau may be nothing but a layer that ran out.
///
/// A thin slab that loses exactly its first layer seems to stop at 1 − 1/layers. Suppose that in each
/// run the next layer, laid bare when the last one was spent, reacts as that one did: the spent layers
/// lost n clusters in an exposure E (summed over their clusters, from when they were laid bare to when
/// each was lost), the next ones are exposed for X. Their losses K then follow, with the rate Gamma(n,
/// E), the negative binomial law
///
///     P(K = k) = Γ(n + k) / (Γ(n) k!) (E / (E + X))^n (X / (E + X))^k
///
/// and a plateau is more than a spent layer if P(K ≤ losses seen) is small.
public struct LayerFront: Sendable, Codable, Hashable {
  /// By seed, how many layers from the contact on are spent: lost 80 % of their clusters.
  public let spentLayers: [Int]
  /// When the last of them was, in the median of the seeds that have one, in ps.
  public let spentAt_ps: Double?
  /// P(K ≤ losses seen); nil where no layer is spent, 1 where no other is left.
  public let chanceThatNextReactsAlike: Double?
  /// Share lost of each layer, from the contact on, all seeds together.
  public let lostByLayer: [Double]

  public static let spentShare = 0.8

  /// nil where the layers are not known.
  public init?(_ losses: ObservedLosses) {
    let known = losses.units.filter { ($0.layer ?? -1) >= 0 }
    guard !known.isEmpty, known.count == losses.units.count else { return nil }
    let order = Set(known.compactMap(\.layer)).sorted()
    lostByLayer = order.map { layer in Self.share(known.filter { $0.layer == layer }) }
    var (own, next) = (Exposure(), Exposure())
    var (spent, ends): ([Int], [Double]) = ([], [])
    for (_, units) in Dictionary(grouping: known, by: \.seed).sorted(by: { $0.key < $1.key }) {
      let layers = order.map { layer in units.filter { $0.layer == layer } }
      let depth = layers.prefix { Self.share($0) >= Self.spentShare }.count
      spent.append(depth)
      guard depth > 0 else { continue }
      let end = Self.spentTime(layers[depth - 1])
      ends.append(end)
      own.add(layers[depth - 1], from: depth > 1 ? Self.spentTime(layers[depth - 2]) : 0)
      if depth < layers.count { next.add(layers[depth], from: end) }
    }
    spentLayers = spent
    ends.sort()
    spentAt_ps = ends.isEmpty ? nil : ends[ends.count / 2] * losses.duration_ps
    chanceThatNextReactsAlike = ends.isEmpty ? nil : next.chance(given: own)
  }

  private static func share(_ units: [ObservedLosses.Unit]) -> Double {
    units.reduce(0) { $0 + $1.lost } / Double(max(1, units.count))
  }

  /// When 80 % of a layer's clusters were lost; the end where they were not.
  private static func spentTime(_ units: [ObservedLosses.Unit]) -> Double {
    units.time(losing: spentShare) ?? 1
  }

  /// Clusters lost, and the time that clusters were laid bare before they were.
  private struct Exposure {
    private var lost = 0.0
    private var time = 0.0

    mutating func add(_ units: [ObservedLosses.Unit], from start: Double) {
      for unit in units {
        lost += unit.lost
        let gone = unit.losses.reduce(0) { $0 + max(0, ($1.x + $1.y) / 2 - start) }
        let kept = Double(unit.bonds - unit.losses.count) * max(0, 1 - start)
        time += (gone + kept) / Double(unit.bonds)
      }
    }

    /// P(K ≤ lost) at the rate of `other`.
    func chance(given other: Exposure) -> Double {
      guard other.lost > 0, other.time + time > 0 else { return 1 }
      let (stay, go) = (other.time / (other.time + time), time / (other.time + time))
      var (term, sum) = (power(stay, other.lost), 0.0)
      for k in 0...Int(lost.rounded(.down)) {
        sum += term
        term *= (other.lost + Double(k)) / Double(k + 1) * go
      }
      return min(1, sum)
    }
  }
}
