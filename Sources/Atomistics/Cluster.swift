/// A covalent unit that keeps together: PS4, BH4, BF4, CN.
///
/// One description serves every stage: the cleavage does not cut its bonds, the survival count
/// counts them, the component basis takes its lithium salt as a vertex.
///
/// | symbol | name | unit |
/// |---|---|---|
/// | d | `bondLength`, the equilibrium distance centre-ligand | Å |
/// | - | `innerCutoff`, a bond is (re)formed within it | Å |
/// | - | `outerCutoff`, a bond is broken beyond it | Å |
///
/// Bond lengths: P-S 2.05 (Li6PS5Cl), B-H 1.22 (LiBH4), B-F 1.39 (LiBF4), C-N 1.17 (LiCN), as in
/// the Materials Project structures mp-985592, mp-30209, mp-12403 and mp-30057. The cut-offs lie
/// at about 1.2 and 1.4 times the bond length, in the empty gap before the next shell.
public struct Cluster: Hashable, Sendable, Codable {
  public let name: String
  public let center: Element
  public let ligand: Element
  public let ligandCount: Int
  public let charge: Int
  public let bondLength: Double
  public let innerCutoff: Double
  public let outerCutoff: Double

  public init(
    name: String, center: Element, ligand: Element, ligandCount: Int, charge: Int,
    bondLength: Double, innerCutoff: Double, outerCutoff: Double
  ) {
    precondition(bondLength < innerCutoff && innerCutoff <= outerCutoff, "cut-offs in order")
    self.name = name
    self.center = center
    self.ligand = ligand
    self.ligandCount = ligandCount
    self.charge = charge
    self.bondLength = bondLength
    self.innerCutoff = innerCutoff
    self.outerCutoff = outerCutoff
  }

  public static let PS4 = Cluster(
    name: "PS4", center: Element("P")!, ligand: Element("S")!, ligandCount: 4, charge: -3,
    bondLength: 2.05, innerCutoff: 2.5, outerCutoff: 2.9)
  public static let BH4 = Cluster(
    name: "BH4", center: Element("B")!, ligand: Element("H")!, ligandCount: 4, charge: -1,
    bondLength: 1.22, innerCutoff: 1.5, outerCutoff: 1.75)
  public static let BF4 = Cluster(
    name: "BF4", center: Element("B")!, ligand: Element("F")!, ligandCount: 4, charge: -1,
    bondLength: 1.39, innerCutoff: 1.7, outerCutoff: 2.0)
  public static let CN = Cluster(
    name: "CN", center: Element("C")!, ligand: Element("N")!, ligandCount: 1, charge: -1,
    bondLength: 1.17, innerCutoff: 1.4, outerCutoff: 1.65)

  /// The clusters of the paper.
  public static let known: [Cluster] = [.PS4, .BH4, .BF4, .CN]

  /// Every bond of this kind in a structure: centre-ligand pairs within `innerCutoff`.
  public func bonds(in structure: Structure) -> [ClusterBond] {
    let list = NeighborList(structure, cutoff: innerCutoff)
    var bonds: [ClusterBond] = []
    for i in 0..<structure.count where structure.species[i] == center {
      for pair in list.pairs(of: i) where structure.species[Int(list.neighbors[pair])] == ligand {
        bonds.append(
          ClusterBond(
            center: i, ligand: Int(list.neighbors[pair]), image: list.images[pair]))
      }
    }
    return bonds
  }

  /// Those of `clusters` that the structure holds, each with at least one bond.
  public static func present(
    in structure: Structure, of clusters: [Cluster] = known
  ) -> [Cluster] {
    clusters.filter { !$0.bonds(in: structure).isEmpty }
  }
}

/// A bond from a cluster's centre to one of its ligands, with the image that the ligand is in.
public struct ClusterBond: Hashable, Sendable, Codable {
  public let center: Int
  public let ligand: Int
  public let image: SIMD3<Int32>

  public init(center: Int, ligand: Int, image: SIMD3<Int32>) {
    self.center = center
    self.ligand = ligand
    self.image = image
  }
}
