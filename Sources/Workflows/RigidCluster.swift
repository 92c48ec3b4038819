import Atomistics

/// A whole cluster of a structure (PS4, BH4, BF4, CN) as a body that turns and shifts.
struct RigidCluster: Sendable {
  let cluster: Cluster
  let center: Int
  let ligands: [ClusterBond]
  /// From the centre to each ligand, Å.
  let arms: [Vector3]

  /// The whole clusters of these kinds, by their centres; a fragment is none.
  static func all(in structure: Structure, of clusters: [Cluster]) -> [RigidCluster] {
    clusters.flatMap { cluster in
      Dictionary(grouping: cluster.bonds(in: structure), by: \.center)
        .filter { $0.value.count == cluster.ligandCount }.sorted { $0.key < $1.key }
        .map { center, bonds in
          RigidCluster(
            cluster: cluster, center: center, ligands: bonds,
            arms: bonds.map { structure.vector(along: $0) })
        }
    }
  }

  /// Puts the ligands where the arms, turned by a rotation, reach from the centre.
  func place(in structure: inout Structure, turnedBy rotation: Matrix3 = .identity) {
    for (bond, arm) in zip(ligands, arms) {
      structure.positions[bond.ligand] =
        structure.positions[center] + arm * rotation - structure.shift(of: bond)
    }
  }
}

extension Structure {
  fileprivate func shift(of bond: ClusterBond) -> Vector3 {
    lattice.cartesian(
      Vector3(Double(bond.image.x), Double(bond.image.y), Double(bond.image.z)))
  }

  /// From the centre of a bond to its ligand, Å.
  func vector(along bond: ClusterBond) -> Vector3 {
    positions[bond.ligand] - positions[bond.center] + shift(of: bond)
  }

  /// Under a strain ε as `strained(by:)`, but clusters keep their shape and follow with their centres.
  func strained(by strain: Matrix3, keeping clusters: [RigidCluster]) -> Structure {
    var result = strained(by: strain)
    for cluster in clusters { cluster.place(in: &result) }
    return result
  }
}

extension Matrix3 {
  /// The rotation of row vectors about a unit vector **n** by an angle (Rodrigues):
  /// **r** R = **r** cos φ + (**n** × **r**) sin φ + **n** (**n**·**r**)(1 − cos φ).
  static func rotation(about n: Vector3, by angle: Double) -> Matrix3 {
    let (c, s) = (cosine(angle), sine(angle))
    func image(_ r: Vector3) -> Vector3 { c * r + s * n.cross(r) + (1 - c) * n.dot(r) * n }
    return Matrix3(
      image(Vector3(1, 0, 0)), image(Vector3(0, 1, 0)), image(Vector3(0, 0, 1)))
  }
}

extension RandomGenerator {
  /// A rotation about a random axis by an angle up to `most` either way.
  mutating func rotation(upTo most: Double) -> Matrix3 {
    let axis = gaussianVector().normalized
    return .rotation(about: axis, by: (2 * uniform() - 1) * most)
  }
}
