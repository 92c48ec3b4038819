import Atomistics
import Dynamics
import Potentials

/// One bond of one kind of cluster in a crystal, stretched with everything else where it was, by two
/// calculators on the same structures.
///
/// The first ligand of the first whole cluster moves, with its images in every cell.
struct BondComparison: Sendable {
  let crystal: String
  let cluster: Cluster
  /// Å.
  let length: Double
  let potential: BondCurve
  let reference: BondCurve

  /// - Parameter structure: at rest by the reference.
  static func all(
    in structure: Structure, of crystal: String, potential: any Calculator,
    reference: any Calculator, progress: (String) throws -> Void
  ) throws -> [BondComparison] {
    try Cluster.known.compactMap { cluster in
      guard let body = RigidCluster.all(in: structure, of: [cluster]).first else { return nil }
      func curve(_ calculator: any Calculator) throws -> BondCurve {
        let stretches = BondCurve.usualStretches
        let energies = try stretches.map { stretch in
          try progress("\(cluster.name) stretched by \(stretch) Å")
          var moved = structure
          moved.positions[body.ligands[0].ligand] += stretch * body.arms[0].normalized
          return try calculator.evaluate(moved).energy
        }
        return BondCurve(stretches: stretches, energies: energies)
      }
      return BondComparison(
        crystal: crystal, cluster: cluster, length: body.arms[0].length,
        potential: try curve(potential), reference: try curve(reference))
    }
  }

  /// Root mean square of the difference of the curves over −0.2 to +1.2 Å, eV.
  var difference: Double {
    let squares = zip(potential.energies, reference.energies).map { ($0 - $1) * ($0 - $1) }
    return (squares.reduce(0, +) / Double(squares.count)).squareRoot()
  }
}
