import Atomistics
import Potentials

/// One bond of a cluster longer or shorter, everything else where it was: what breaking a bond costs.
///
/// Of each kind of cluster in the crystal one is drawn, and of it one ligand, which moves along the bond
/// by each of `stretches`. Notes: `bond`, `stretch` (Å).
struct StretchedClusters: SampleRecipe {
  /// Å.
  var stretches: [Double]
  var clusters: [Cluster]
  var cell: SampleCell
  var closest: Double

  var kind: SampleKind { .stretched }
  var variant: String { "" }
  var usesCalculator: Bool { false }

  func frames(
    of source: SampleSource, random: inout RandomGenerator, calculator: (any Calculator)?
  ) -> SampledFrames {
    let start = source.isCrystal ? cell.supercell(of: source.structure) : source.structure
    var result = SampledFrames()
    for cluster in clusters {
      let bodies = RigidCluster.all(in: start, of: [cluster])
      guard !bodies.isEmpty else { continue }
      let body = bodies[Int.random(in: bodies.indices, using: &random)]
      let ligand = Int.random(in: body.arms.indices, using: &random)
      for stretch in stretches {
        var structure = start
        structure.positions[body.ligands[ligand].ligand] += stretch * body.arms[ligand].normalized
        result.take(
          SampledFrame(
            structure: structure, group: "stretched", trajectory: "\(source.name)/stretched",
            notes: [("bond", "\(cluster.center)-\(cluster.ligand)"), ("stretch", "\(stretch)")]),
          unlessNearerThan: closest)
      }
    }
    return result
  }
}
