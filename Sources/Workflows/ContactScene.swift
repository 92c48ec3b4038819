import Atomistics
import Report

extension Scene {
  /// The side view of a contact, its normal to the right: clusters whole, as polyhedra where they
  /// have four ligands or more and as sticks where fewer, the contact planes marked.
  ///
  /// Atoms are drawn inside the cell along a and b, ligands beside their centre, across the edge of
  /// the cell if need be. The longer side of the plane runs upwards: the eye looks along the shorter
  /// one, so that less hides behind what is in front.
  ///
  /// - Parameter planes: heights of the contact planes, Å.
  public init(contact: Structure, planes: [Double], clusters: [Cluster] = Cluster.known) {
    var wrapped = contact
    // Heights stay: an atom at z = 0 must not be drawn at the far end. Those on an edge of the cell
    // by all but rounding are drawn on the same one.
    wrapped.positions = contact.positions.map { position in
      var s = contact.lattice.fractional(position)
      for k in 0..<2 where contact.periodic[k] { s[k] -= (s[k] + 1e-6).rounded(.down) }
      return contact.lattice.cartesian(s)
    }
    var positions = wrapped.positions
    var bonds: [SceneBond] = []
    var polyhedra: [ScenePolyhedron] = []
    for cluster in clusters {
      let found = Dictionary(grouping: cluster.bonds(in: wrapped), by: \.center)
      for (center, ligands) in found.sorted(by: { $0.key < $1.key }) {
        for bond in ligands {
          let image = Vector3(
            Double(bond.image.x), Double(bond.image.y), Double(bond.image.z))
          positions[bond.ligand] =
            wrapped.positions[bond.ligand] + contact.lattice.cartesian(image)
          bonds.append(SceneBond(center, bond.ligand))
        }
        if ligands.count >= 4 {
          polyhedra.append(
            ScenePolyhedron(
              corners: ligands.map { positions[$0.ligand] }, color: Palette.cluster(cluster.name),
              label: ChemicalText.unicode(cluster.name)))
        }
      }
    }
    let m = contact.lattice.matrix
    self.init(
      atoms: zip(contact.species, positions).map { SceneAtom(element: $0.symbol, position: $1) },
      bonds: bonds, polyhedra: polyhedra, cell: [m[0], m[1], m[2]],
      planes: planes.map { ScenePlane(at: $0, label: "contact") },
      up: m[1].y > 1.2 * m[0].x ? .y : .x)
  }
}
