import Atomistics

/// A crystal's cell turned so that a lattice plane lies flat and its outward normal points along +z.
///
/// `a` and `b` span the plane (short, right-handed about +z, a along x); `c` leads to the next
/// plane. The turn is a proper rotation, so that a chiral crystal keeps its hand.
public struct OrientedCell: Sendable {
  public let miller: MillerIndex
  public let lattice: Lattice
  public let crystal: CleavableCrystal
  /// The plane in the indices of the smallest cell.
  let primitiveMiller: MillerIndex
  /// x, y and z of this cell in the frame of the crystal, by columns: a vector r goes to r Q.
  let turn: Matrix3
  /// Atoms in units that are never cut: clusters whole, other atoms alone.
  package let units: [Unit]

  /// Atoms that stay together, placed by their centre.
  package struct Unit: Sendable {
    package let species: [Element]
    /// Relative to the anchor, Å.
    let offsets: [Vector3]
    package let anchor: Vector3
    /// Which atoms of the crystal's smallest cell these are.
    let atoms: [Int]
  }

  /// The distance of the planes, Å.
  public var spacing: Double { lattice.c.z }
  public var area: Double { lattice.a.cross(lattice.b).length }
  public var atomCount: Int { crystal.primitive.count }

  /// The oriented cell of the crystal's smallest cell.
  ///
  /// - Parameters:
  ///   - up: the plane whose outward normal is to point along +z, in the indices of the cell as
  ///     given, primitive or not.
  ///   - cutsClusters: whether the clusters may be cut.
  public init(
    _ given: Structure, up miller: MillerIndex, clusters: [Cluster] = Cluster.known,
    cutsClusters: Bool = false
  ) {
    self.init(
      CleavableCrystal(given, clusters: clusters, cutsClusters: cutsClusters), up: miller)
  }

  /// - Parameter up: the plane whose outward normal is to point along +z, in the indices of the cell
  ///   as given.
  public init(_ crystal: CleavableCrystal, up miller: MillerIndex) {
    let primitive = crystal.primitive
    let m = primitive.lattice.matrix
    func vector(_ n: SIMD3<Int>) -> Vector3 {
      Vector3(Double(n.x), Double(n.y), Double(n.z)) * m
    }
    let index = miller.converted(from: crystal.given.lattice, to: primitive.lattice)
    let (t1, t2, t3) = index.basis()
    // The face normal is along t₁ × t₂ in a right-handed lattice and against it in a left-handed one.
    let (a, b) =
      m.determinant > 0
      ? PlaneLattice.reduced(vector(t1), vector(t2)) : PlaneLattice.reduced(vector(t2), vector(t1))
    let z = a.cross(b).normalized
    let x = a.normalized
    let y = z.cross(x)
    func turned(_ v: Vector3) -> Vector3 { Vector3(v.dot(x), v.dot(y), v.dot(z)) }
    self.crystal = crystal
    self.miller = miller
    primitiveMiller = index
    turn = Matrix3(x, y, z).transpose
    lattice = Lattice(
      Vector3(a.length, 0, 0), Vector3(b.dot(x), b.dot(y), 0), turned(vector(t3)))
    units = crystal.units.map { group in
      Unit(
        species: group.members.map { primitive.species[$0.atom] },
        offsets: group.members.map {
          turned(primitive.positions[$0.atom] + $0.shift - group.anchor)
        }, anchor: turned(group.anchor), atoms: group.members.map(\.atom))
    }
  }

  /// The clusters, by name, whose bonds lead from an atom to its own image (chains, sheets or nets
  /// without end, which every slab would cut); nil where all end.
  static func endlessCluster(in crystal: Structure, clusters: [Cluster]) -> String? {
    var neighbors: [Int: [(Int, Vector3)]] = [:]
    for bond in CrystalBond.ofClusters(clusters, in: crystal) {
      neighbors[bond.first, default: []].append((bond.second, bond.shift))
      neighbors[bond.second, default: []].append((bond.first, -bond.shift))
    }
    var places: [Int: Vector3] = [:]
    for start in 0..<crystal.count where places[start] == nil {
      places[start] = .zero
      var open = [start]
      while let atom = open.popLast() {
        for (other, shift) in neighbors[atom] ?? [] {
          let place = places[atom, default: .zero] + shift
          if let known = places[other] {
            if (known - place).length > 1e-3 {
              let pair = Set([crystal.species[atom], crystal.species[other]])
              return clusters.first { pair == [$0.center, $0.ligand] }?.name ?? "cluster"
            }
          } else {
            places[other] = place
            open.append(other)
          }
        }
      }
    }
    return nil
  }

  /// Heights at which the crystal may be cut without cutting a unit, one for each distinct level in
  /// one spacing: in the middle between anchors that are at least `tolerance` (Å) apart.
  public func cuts(tolerance: Double = 0.25) -> [Double] {
    let heights = units.map { unit in
      let s = unit.anchor.z / spacing
      return (s - s.rounded(.down)) * spacing
    }.sorted()
    guard let first = heights.first else { return [] }
    let gaps = Array(zip(heights, heights.dropFirst() + [first + spacing]))
    let open = gaps.filter { $0.1 - $0.0 > tolerance }
    // Where every gap is narrow the widest is taken.
    let widest = gaps.max { $0.1 - $0.0 < $1.1 - $1.0 }.map { [$0] } ?? []
    return (open.isEmpty ? widest : open).map { ($0.0 + $0.1) / 2 }
  }
}
