import Atomistics

/// Masses in which hydrogen is heavier and the atom that it is bonded to lighter by as much.
///
///     m_H → m_H',   m_X → m_X − n (m_H' − m_H)   for X with n hydrogen atoms
///
/// The total mass and every equilibrium average of positions stay as they are; vibrations and
/// diffusion do not, which is why it is off unless asked for. A longer time step becomes possible
/// because the B-H stretch slows down.
///
/// Each hydrogen belongs to its nearest other atom, within 1.3 times the sum of the covalent radii.
///
/// Source: Feenstra, Hess and Berendsen, J. Comput. Chem. 20, 786 (1999), doi
/// 10.1002/(SICI)1096-987X(199906)20:8<786::AID-JCC5>3.0.CO;2-B.
public enum MassRepartition {
  /// The masses in u of all atoms, with hydrogen at `hydrogenMass` (u); those of the elements if
  /// there is no hydrogen.
  ///
  /// - Throws: `DynamicsError.badStart` if a hydrogen is bonded to nothing, or a heavy atom would
  ///   become lighter than its hydrogens.
  public static func masses(of structure: Structure, hydrogenMass: Double) throws -> [Double] {
    let hydrogen = Element("H")!
    guard hydrogenMass >= hydrogen.mass, hydrogenMass < 100 else {
      throw DynamicsError.badStart(
        "hydrogen cannot be given \(hydrogenMass) u; give at least its own \(hydrogen.mass) u, "
          + "such as 2 or 3 u")
    }
    var masses = structure.masses
    let list = NeighborList(structure, cutoff: 3)
    for atom in 0..<structure.count where structure.species[atom] == hydrogen {
      guard let heavy = partner(of: atom, structure, list) else {
        throw DynamicsError.badStart(
          "hydrogen atom \(atom + 1) is bonded to no other element from which it could take mass; "
            + "leave the masses as they are, or relax the structure first")
      }
      masses[atom] = hydrogenMass
      masses[heavy] -= hydrogenMass - hydrogen.mass
    }
    for atom in 0..<structure.count where masses[atom] < structure.species[atom].mass {
      guard masses[atom] >= hydrogenMass else {
        throw DynamicsError.badStart(
          "atom \(atom + 1) (\(structure.species[atom])) would be left with \(masses[atom]) u, "
            + "less than its hydrogen atoms' \(hydrogenMass) u; give a smaller hydrogen mass")
      }
    }
    return masses
  }

  private static func partner(
    of atom: Int, _ structure: Structure, _ list: NeighborList
  ) -> Int? {
    var nearest: (atom: Int, distance: Double)?
    for pair in list.pairs(of: atom) {
      let other = Int(list.neighbors[pair])
      let element = structure.species[other]
      guard element != structure.species[atom] else { continue }
      let reach =
        1.3 * ((element.covalentRadius ?? 1) + (structure.species[atom].covalentRadius ?? 0))
      let distance = list.vector(pair, from: atom, in: structure).length
      if distance <= reach, distance < nearest?.distance ?? .infinity {
        nearest = (other, distance)
      }
    }
    return nearest?.atom
  }
}
