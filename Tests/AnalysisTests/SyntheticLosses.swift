import Analysis
import Atomistics

/// Losses drawn from a known law: clusters of four bonds that break one shortly after the other, in
/// layers from the contact on.
struct SyntheticLosses {
  var law: ReactionLaw
  /// Of all clusters lost by the end.
  var share: Double
  var seeds = 3
  var layers = 4
  var perLayer = 10
  /// Mean time between a cluster's first loss and each of its others, in T.
  var spread = 0.01
  /// Of the clusters that react, those that lose one bond only.
  var partly = 0.2
  /// Between frames, in T.
  var frame = 0.0005
  var duration_ps = 200.0

  func draw(_ seed: UInt64) -> ObservedLosses {
    var random = RandomGenerator(seed: seed, stage: "synthetic losses")
    var units: [ObservedLosses.Unit] = []
    for run in 0..<seeds {
      let count = layers * perLayer
      // When clusters are lost; the earliest losses fall to the layer at the contact.
      let times = (0..<count).compactMap { _ in
        random.uniform() < share ? time(random.uniform()) : nil
      }.sorted()
      for place in 0..<count {
        var losses: [Double] = []
        if place < times.count {
          losses.append(times[place])
          if random.uniform() >= partly {
            for _ in 1..<4 {
              losses.append(times[place] - spread * naturalLogarithm(1 - random.uniform()))
            }
          }
        }
        units.append(
          ObservedLosses.Unit(
            seed: run, layer: place / perLayer, bonds: 4,
            losses: losses.filter { $0 < 1 }.sorted().map { time in
              let index = (time / frame).rounded(.down)
              return SIMD2(index * frame, (index + 1) * frame)
            }))
      }
    }
    return ObservedLosses(units: units, duration_ps: duration_ps, seeds: seeds)
  }

  /// F⁻¹ by bisection.
  private func time(_ share: Double) -> Double {
    var (low, high) = (0.0, 1.0)
    for _ in 0..<50 {
      let middle = (low + high) / 2
      if law.share(middle) < share { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }
}
