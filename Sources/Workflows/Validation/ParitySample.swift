import Atomistics

/// As many energies and forces of each group as a picture can show.
struct ParitySample: Sendable {
  struct Group: Sendable {
    let name: String
    /// Less the mean of the trajectory, eV/atom; of trajectories with two frames or more.
    let energies: [(label: Double, found: Double)]
    /// Components, eV/Å.
    let forces: [(label: Double, found: Double)]
    /// Of how many these are.
    let energyCount: Int
    let forceCount: Int
  }

  static let mostEnergies = 400
  static let mostForces = 600
  let groups: [Group]

  init(_ frames: [FrameDeviation], seed: UInt64) {
    groups = Dictionary(grouping: frames, by: \.group).sorted { $0.key < $1.key }
      .map { Self.group($0.key, $0.value, seed) }
  }

  private static func group(_ name: String, _ frames: [FrameDeviation], _ seed: UInt64) -> Group {
    var random = RandomGenerator(seed: seed, stage: "parity of \(name)")
    let trajectories = Dictionary(grouping: frames, by: \.trajectory).sorted { $0.key < $1.key }
    let energies = trajectories.flatMap { _, frames -> [(label: Double, found: Double)] in
      guard frames.count > 1 else { return [] }
      let n = Double(frames.count)
      let label = frames.reduce(0) { $0 + $1.label } / n
      let found = frames.reduce(0) { $0 + $1.found } / n
      return frames.map { (label: $0.label - label, found: $0.found - found) }
    }
    // Components of all frames, one after the other.
    let ends = frames.reduce(into: [0]) { $0.append($0.last! + 3 * $1.atoms) }
    let total = ends.last!
    let forces = drawn(mostForces, of: total, &random).map { place in
      let frame = ends.lastIndex { $0 <= place }!
      let (atom, axis) = ((place - ends[frame]) / 3, (place - ends[frame]) % 3)
      return (
        label: frames[frame].labelForces[atom][axis], found: frames[frame].foundForces[atom][axis]
      )
    }
    return Group(
      name: name, energies: drawn(mostEnergies, of: energies.count, &random).map { energies[$0] },
      forces: forces, energyCount: energies.count, forceCount: total)
  }

  /// Up to so many of the numbers 0 ..< `count`, in order.
  private static func drawn(
    _ most: Int, of count: Int, _ random: inout RandomGenerator
  ) -> [Int] {
    guard count > most else { return Array(0..<count) }
    var chosen: Set<Int> = []
    while chosen.count < most { chosen.insert(Int.random(in: 0..<count, using: &random)) }
    return chosen.sorted()
  }
}
