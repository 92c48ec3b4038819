import Atomistics

/// A crystal prepared for cleavage: what all its planes have in common, worked out once.
public final class CleavableCrystal: Sendable {
  /// The crystal as given; Miller indices refer to its cell.
  public let given: Structure
  /// The same crystal by its smallest cell.
  public let primitive: Structure
  public let clusters: [Cluster]
  /// Whether a plane may pass between a cluster's atoms.
  public let cutsClusters: Bool
  /// The atoms in groups that are never cut: clusters whole, other atoms alone.
  package let units: [AtomGroup]
  /// The same with all clusters whole, cut or not.
  let wholeGroups: [AtomGroup]
  /// The bonds of clusters, each once.
  let clusterBonds: [CrystalBond]

  private let lazySymmetry: Lazily<Result<CrystalSymmetry, AtomisticsError>>
  private let lazyCharges: Lazily<Result<FormalCharges, AtomisticsError>>
  private let lazyShell: Lazily<[CrystalBond]>

  /// - Parameters:
  ///   - clusters: the clusters to look for and to keep whole.
  ///   - cutsClusters: they may be cut all the same.
  ///   - charges: formal charges by element that overrule the rules of `FormalCharges`.
  public init(
    _ given: Structure, clusters: [Cluster] = Cluster.known, cutsClusters: Bool = false,
    charges: [Element: Double] = [:]
  ) {
    let primitive = given.primitive
    self.given = given
    self.primitive = primitive
    self.clusters = clusters
    self.cutsClusters = cutsClusters
    let bonds = CrystalBond.ofClusters(clusters, in: primitive)
    clusterBonds = bonds
    wholeGroups = AtomGroup.all(in: primitive, bonds: bonds, cutsBonds: false)
    units =
      cutsClusters ? AtomGroup.all(in: primitive, bonds: bonds, cutsBonds: true) : wholeGroups
    lazySymmetry = Lazily {
      Result { () throws(AtomisticsError) in try CrystalSymmetry(primitive) }
    }
    let lazyCharges = Lazily {
      Result { () throws(AtomisticsError) in
        try FormalCharges(of: primitive, clusters: clusters, given: charges)
      }
    }
    self.lazyCharges = lazyCharges
    lazyShell = Lazily {
      guard case .success(let charges) = lazyCharges.value else { return [] }
      return CrystalBond.firstShell(of: primitive, charges: charges, except: bonds)
    }
  }

  /// The symmetry of the smallest cell; a failure tells why there is none.
  public var symmetry: Result<CrystalSymmetry, AtomisticsError> { lazySymmetry.value }

  /// The charges of the smallest cell's atoms; a failure tells why there are none.
  public var charges: Result<FormalCharges, AtomisticsError> { lazyCharges.value }

  /// The bonds of each cation to its nearest anions, of each atom of an element to its nearest like;
  /// see `CrystalBond.firstShell`. Empty without charges.
  var shellBonds: [CrystalBond] { lazyShell.value }

  /// Whether the operations found for this crystal hold for the other's cell too.
  func hasCell(of other: CleavableCrystal) -> Bool {
    self === other || primitive == other.primitive
  }
}

/// Atoms of a crystal that stay together.
package struct AtomGroup: Sendable {
  /// The members, the centre first, each with the lattice vector (Å) that brings it beside that.
  package let members: [(atom: Int, shift: Vector3)]
  /// The mean of the centres of its clusters, or its only atom: where the group is.
  package let anchor: Vector3

  /// Clusters found by their bonds, ligands beside their centres across the cell's edges.
  static func all(in crystal: Structure, bonds: [CrystalBond], cutsBonds: Bool) -> [AtomGroup] {
    var neighbors: [Int: [(Int, Vector3)]] = [:]
    var centers: Set<Int> = []
    for bond in cutsBonds ? [] : bonds {
      neighbors[bond.first, default: []].append((bond.second, bond.shift))
      neighbors[bond.second, default: []].append((bond.first, -bond.shift))
      centers.insert(bond.first)
    }
    var taken = Array(repeating: false, count: crystal.count)
    var groups: [AtomGroup] = []
    for start in (0..<crystal.count).sorted(by: { a, b in
      (centers.contains(a) ? 0 : 1, a) < (centers.contains(b) ? 0 : 1, b)
    }) where !taken[start] {
      taken[start] = true
      var members = [(atom: start, shift: Vector3.zero)]
      var next = 0
      while next < members.count {
        let (atom, shift) = members[next]
        for (other, image) in neighbors[atom] ?? [] where !taken[other] {
          taken[other] = true
          members.append((other, shift + image))
        }
        next += 1
      }
      // Of joined clusters none is first: their centres count alike, so that symmetry holds.
      let middles = members.count == 1 ? members : members.filter { centers.contains($0.atom) }
      let sum = middles.reduce(Vector3.zero) { $0 + crystal.positions[$1.atom] + $1.shift }
      groups.append(AtomGroup(members: members, anchor: sum / Double(middles.count)))
    }
    return groups
  }
}

extension CleavableCrystal {
  /// Checks that slabs can be made: a crystal in three dimensions whose clusters end.
  ///
  /// - Throws: `InterfacesError.badCrystal`, or what `Structure.validate` throws.
  public func validate() throws {
    try given.validate()
    guard given.periodic == [true, true, true] else {
      throw InterfacesError.badCrystal(
        "the structure does not repeat in all three directions; give the crystal, not a slab")
    }
    guard !cutsClusters else { return }
    if let name = OrientedCell.endlessCluster(in: primitive, clusters: clusters) {
      throw InterfacesError.badCrystal(
        "the \(name) units of \(primitive.composition.reduced.formula) join into chains, sheets or "
          + "nets without end, so that every slab would cut some; expected separate clusters such "
          + "as PS4 or BH4; check the positions, or allow the cut with --cut-clusters")
    }
  }
}
