import Atomistics

/// A bond of a crystal: from one atom to another, and the lattice vector that the other is moved by.
struct CrystalBond: Sendable {
  let first: Int
  let second: Int
  /// A lattice vector, Å.
  let shift: Vector3

  /// Bonds from the centres of clusters to their ligands.
  static func ofClusters(_ clusters: [Cluster], in crystal: Structure) -> [CrystalBond] {
    clusters.flatMap { cluster in
      cluster.bonds(in: crystal).map { bond in
        let image = Vector3(Double(bond.image.x), Double(bond.image.y), Double(bond.image.z))
        return CrystalBond(
          first: bond.center, second: bond.ligand, shift: crystal.lattice.cartesian(image))
      }
    }
  }

  /// The bonds between nearest neighbours of opposite charge: for each pair of elements those at most
  /// 1.2 times as long as the pair's shortest, where that is a bond at all: at most 1.4 times the sum
  /// of the covalent radii. In a crystal without charges the nearest atoms, again up to 1.2 times
  /// the shortest distance. Bonds of clusters are not among them.
  static func firstShell(
    of crystal: Structure, charges: FormalCharges, except clusterBonds: [CrystalBond]
  ) -> [CrystalBond] {
    let isNeutral = charges.values.allSatisfy { $0 == 0 }
    let radii = crystal.species.compactMap(\.covalentRadius)
    let reach = 1.2 * 1.4 * 2 * (radii.max() ?? 1.5)
    let list = NeighborList(crystal, cutoff: reach)
    let inClusters = Set(
      clusterBonds.flatMap { bond in
        [[bond.first, bond.second], [bond.second, bond.first]]
      })
    func areOpposite(_ i: Int, _ j: Int) -> Bool {
      isNeutral || charges.values[i] * charges.values[j] < 0
    }
    struct Found {
      let bond: CrystalBond
      let pair: [Element]
      let length: Double
    }
    var found: [Found] = []
    var shortest: [[Element]: Double] = [:]
    for i in 0..<crystal.count {
      for pair in list.pairs(of: i) {
        let j = Int(list.neighbors[pair])
        // Each bond is listed both ways; the one that comes first in the list is kept.
        guard pair < Int(list.reverse[pair]), areOpposite(i, j) else { continue }
        let elements = [crystal.species[i], crystal.species[j]].sorted()
        let vector = list.vector(pair, from: i, in: crystal)
        if inClusters.contains([i, j]) {
          let length = vector.length
          let isClusterBond = clusterBonds.contains { bond in
            let way = crystal.positions[bond.second] + bond.shift - crystal.positions[bond.first]
            return ([bond.first, bond.second] == [i, j] && (way - vector).length < 1e-6)
              || ([bond.second, bond.first] == [i, j] && (way + vector).length < 1e-6)
          }
          if isClusterBond || length < 1e-6 { continue }
        }
        shortest[elements] = min(shortest[elements] ?? .infinity, vector.length)
        let shift = vector - (crystal.positions[j] - crystal.positions[i])
        found.append(
          Found(
            bond: CrystalBond(first: i, second: j, shift: shift), pair: elements,
            length: vector.length))
      }
    }
    return found.filter { candidate in
      let least = shortest[candidate.pair] ?? 0
      let radii = candidate.pair.compactMap(\.covalentRadius).reduce(0, +)
      return candidate.length <= 1.2 * least * (1 + 1e-9) && (isNeutral || least <= 1.4 * radii)
    }.map(\.bond)
  }
}
