import Atomistics

extension BondIntegrity {
  /// The series that follow from the dated events.
  ///
  /// - Throws: `AnalysisError.noFrames`.
  public func result() throws -> BondSurvival {
    guard frames.count > 0 else { throw AnalysisError.noFrames }
    let reference = bonds.filter(\.isReference)
    let dated = events.sorted {
      ($0.frame, $0.center, $0.ligand) < ($1.frame, $1.center, $1.ligand)
    }
    var replay = SurvivalReplay(reference, layers: layers)
    var next = 0
    for frame in 0..<frames.count {
      while next < dated.count, dated[next].frame == frame {
        replay.apply(dated[next])
        next += 1
      }
      replay.takeDown()
    }
    let byLayer = replay.layerSeries
    return BondSurvival(
      pair: [center.symbol, ligand.symbol], innerCutoff_A: innerCutoff,
      outerCutoff_A: outerCutoff, minimumLifetime_ps: minimumLifetime / 1000,
      times_ps: frames.times_ps, referenceBonds: reference.count,
      referenceClusters: replay.clusterCount,
      intactFraction: replay.broken.map { 1 - Double($0) / Double(reference.count) },
      brokenBonds: replay.broken, exchangedBonds: replay.exchanged, clustersWhole: replay.whole,
      clustersLostOne: replay.lostOne, clustersLostMore: replay.lostMore, layers: byLayer,
      reactedLayers: byLayer.map { Self.reactedDepth($0, frames: frames.count) },
      brokenBonds_per_nm2: contact.map { area in
        replay.broken.map { Double($0) / area.total_nm2 }
      },
      clusters: clusters(reference, dated), pairCutoff_A: pairCutoff, pairsWithinCutoff: pairCounts,
      undecidedAtEnd: reference.filter { $0.beyondSince != nil }.count, events: dated,
      warnings: warnings(reference))
  }

  private func clusters(
    _ reference: [FollowedBond], _ events: [BondEvent]
  ) -> [ClusterSurvival] {
    var standing: [Int: StandingLosses] = [:]
    for event in events { standing[event.center, default: StandingLosses()].apply(event) }
    return Dictionary(grouping: reference, by: \.center).sorted { $0.key < $1.key }.map {
      ClusterSurvival(
        center: $0, layer: layers?[$0], bonds: $1.count, losses: standing[$0]?.frames ?? [])
    }
  }

  private static func reactedDepth(_ layers: [LayerSurvival], frames: Int) -> [Double] {
    (0..<frames).map { frame in
      layers.filter { $0.layer >= 0 }.reduce(0) { $0 + 1 - $1.wholeFraction[frame] }
    }
  }

  private func warnings(_ reference: [FollowedBond]) -> [String] {
    guard let ligandCount else { return [] }
    let counts = Dictionary(grouping: reference, by: \.center).mapValues(\.count)
    let odd = counts.values.filter { $0 != ligandCount }.count
    guard odd > 0 else { return [] }
    return [
      "\(odd) of \(counts.count) \(center) atoms do not have \(ligandCount) \(ligand) within "
        + "\(innerCutoff) Å in the first frame; they are followed with the bonds they have"
    ]
  }
}

/// Counts that change with each event, written down once a frame.
private struct SurvivalReplay {
  private struct Counts {
    var reference = 0
    var clusters = 0
    var broken = 0
    var damaged = 0
    var intactFraction: [Double] = []
    var wholeFraction: [Double] = []

    mutating func writeFractions() {
      intactFraction.append(1 - Double(broken) / Double(reference))
      wholeFraction.append(1 - Double(damaged) / Double(clusters))
    }
  }

  private(set) var broken: [Int] = []
  private(set) var exchanged: [Int] = []
  private(set) var whole: [Int] = []
  private(set) var lostOne: [Int] = []
  private(set) var lostMore: [Int] = []
  private var missing: [Int: Int] = [:]
  private var gained: [Int: Int] = [:]
  private var layers: [Int]?
  private var perLayer: [Int: Counts] = [:]
  private var brokenNow = 0
  private var exchangedNow = 0
  private var damagedNow = 0
  private var lostOneNow = 0

  init(_ reference: [FollowedBond], layers: [Int]?) {
    self.layers = layers
    for bond in reference {
      if missing.updateValue(0, forKey: bond.center) == nil {
        perLayer[layer(bond.center), default: Counts()].clusters += 1
      }
      perLayer[layer(bond.center), default: Counts()].reference += 1
    }
  }

  var clusterCount: Int { missing.count }

  var layerSeries: [LayerSurvival]? {
    guard layers != nil else { return nil }
    return perLayer.sorted { $0.key < $1.key }.map { layer, counts in
      LayerSurvival(
        layer: layer, referenceBonds: counts.reference, referenceClusters: counts.clusters,
        intactFraction: counts.intactFraction, wholeFraction: counts.wholeFraction)
    }
  }

  mutating func apply(_ event: BondEvent) {
    let center = event.center
    exchangedNow -= exchanges(of: center)
    switch event.kind {
    case .broken: changeMissing(of: center, by: 1)
    case .reformed: changeMissing(of: center, by: -1)
    case .gained: gained[center, default: 0] += 1
    case .lost: gained[center, default: 0] -= 1
    }
    exchangedNow += exchanges(of: center)
  }

  mutating func takeDown() {
    broken.append(brokenNow)
    exchanged.append(exchangedNow)
    whole.append(clusterCount - damagedNow)
    lostOne.append(lostOneNow)
    lostMore.append(damagedNow - lostOneNow)
    for key in perLayer.keys {
      perLayer[key]?.writeFractions()
    }
  }

  private func layer(_ center: Int) -> Int { layers?[center] ?? -1 }

  private func exchanges(of center: Int) -> Int {
    min(missing[center] ?? 0, gained[center] ?? 0)
  }

  private mutating func changeMissing(of center: Int, by step: Int) {
    let before = missing[center, default: 0]
    let after = before + step
    missing[center] = after
    brokenNow += step
    lostOneNow += (after == 1 ? 1 : 0) - (before == 1 ? 1 : 0)
    let damage = (after > 0 ? 1 : 0) - (before > 0 ? 1 : 0)
    damagedNow += damage
    perLayer[layer(center)]?.broken += step
    perLayer[layer(center)]?.damaged += damage
  }
}
