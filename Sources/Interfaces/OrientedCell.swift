import Atomistics

/// A crystal's cell turned so that a lattice plane lies flat and its outward normal points along +z.
///
/// `a` and `b` span the plane (short, right-handed about +z, a along x); `c` leads to the next
/// plane. The turn is a proper rotation, so that a chiral crystal keeps its hand.
public struct OrientedCell: Sendable {
  public let miller: MillerIndex
  public let lattice: Lattice
  /// Atoms in units that are never cut: clusters whole, other atoms alone.
  let units: [Unit]
  /// x, y and z of this cell in the frame of the crystal, by columns: a vector r goes to r Q.
  let turn: Matrix3

  /// Atoms that stay together, placed by the first.
  struct Unit: Sendable {
    let species: [Element]
    /// Relative to the anchor, Å.
    let offsets: [Vector3]
    let anchor: Vector3
  }

  /// The distance of the planes, Å.
  public var spacing: Double { lattice.c.z }
  public var area: Double { lattice.a.cross(lattice.b).length }
  var atomCount: Int { units.reduce(0) { $0 + $1.species.count } }

  /// The oriented cell of the crystal's smallest cell.
  ///
  /// - Parameter up: the plane whose outward normal is to point along +z, in the indices of the
  ///   cell as given, primitive or not.
  public init(_ given: Structure, up miller: MillerIndex, clusters: [Cluster] = Cluster.known) {
    let crystal = given.primitive
    let m = crystal.lattice.matrix
    func vector(_ n: SIMD3<Int>) -> Vector3 {
      Vector3(Double(n.x), Double(n.y), Double(n.z)) * m
    }
    let (t1, t2, t3) = miller.converted(from: given.lattice, to: crystal.lattice).basis()
    // The face normal is along t₁ × t₂ in a right-handed lattice and against it in a left-handed one.
    let (a, b) =
      m.determinant > 0
      ? PlaneLattice.reduced(vector(t1), vector(t2)) : PlaneLattice.reduced(vector(t2), vector(t1))
    let z = a.cross(b).normalized
    let x = a.normalized
    let y = z.cross(x)
    func turned(_ v: Vector3) -> Vector3 { Vector3(v.dot(x), v.dot(y), v.dot(z)) }
    self.miller = miller
    turn = Matrix3(x, y, z).transpose
    lattice = Lattice(
      Vector3(a.length, 0, 0), Vector3(b.dot(x), b.dot(y), 0), turned(vector(t3)))
    units = Self.units(of: crystal, clusters: clusters).map {
      Unit(species: $0.species, offsets: $0.offsets.map(turned), anchor: turned($0.anchor))
    }
  }

  /// Clusters found by their bonds, ligands beside their centres across the cell's edges.
  private static func units(of crystal: Structure, clusters: [Cluster]) -> [Unit] {
    let (bonds, centers) = clusterBonds(of: crystal, clusters: clusters)
    var taken = Array(repeating: false, count: crystal.count)
    var units: [Unit] = []
    for start in (0..<crystal.count).sorted(by: { a, b in
      (centers.contains(a) ? 0 : 1, a) < (centers.contains(b) ? 0 : 1, b)
    }) where !taken[start] {
      taken[start] = true
      var members = [(start, Vector3.zero)]
      var next = 0
      while next < members.count {
        let (atom, shift) = members[next]
        for (other, image) in bonds[atom] ?? [] where !taken[other] {
          taken[other] = true
          members.append((other, shift + image))
        }
        next += 1
      }
      let anchor = crystal.positions[start]
      units.append(
        Unit(
          species: members.map { crystal.species[$0.0] },
          offsets: members.map { crystal.positions[$0.0] + $0.1 - anchor }, anchor: anchor))
    }
    return units
  }

  /// Bonds both ways, with the shift that leads to the other atom, and the centres of clusters.
  private static func clusterBonds(of crystal: Structure, clusters: [Cluster])
    -> (bonds: [Int: [(Int, Vector3)]], centers: Set<Int>)
  {
    var bonds: [Int: [(Int, Vector3)]] = [:]
    var centers: Set<Int> = []
    for cluster in clusters {
      for bond in cluster.bonds(in: crystal) {
        let image = Vector3(Double(bond.image.x), Double(bond.image.y), Double(bond.image.z))
        let shift = crystal.lattice.cartesian(image)
        bonds[bond.center, default: []].append((bond.ligand, shift))
        bonds[bond.ligand, default: []].append((bond.center, -shift))
        centers.insert(bond.center)
      }
    }
    return (bonds, centers)
  }

  /// Whether cluster bonds lead from an atom to its own image: chains, sheets or nets without end,
  /// which every slab would cut.
  static func hasEndlessCluster(
    _ crystal: Structure, clusters: [Cluster] = Cluster.known
  ) -> Bool {
    let (bonds, _) = clusterBonds(of: crystal, clusters: clusters)
    var places: [Int: Vector3] = [:]
    for start in 0..<crystal.count where places[start] == nil {
      places[start] = .zero
      var open = [start]
      while let atom = open.popLast() {
        for (other, shift) in bonds[atom] ?? [] {
          let place = places[atom, default: .zero] + shift
          if let known = places[other] {
            if (known - place).length > 1e-3 { return true }
          } else {
            places[other] = place
            open.append(other)
          }
        }
      }
    }
    return false
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
