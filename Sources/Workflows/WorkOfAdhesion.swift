import Atomistics
import Dynamics
import Potentials

/// The work of adhesion of a contact: what it costs per area to take its sides apart.
///
///     W = (E_m + E_e − E_c) / (n A)
///
/// | symbol | name | unit |
/// |---|---|---|
/// | E_c | energy of the contact | eV |
/// | E_m, E_e | energies of metal and electrolyte alone, under the same strain in the plane | eV |
/// | A | area of the contact's cell | Å² |
/// | n | 1 with a vacuum, 2 in a periodic double contact | - |
/// | W | `rigid`, atoms as built; `relaxed`, each of the three relaxed by itself | eV/Å² |
///
/// W > 0 where the sides hold together. Both slabs of a double contact stand alone in a vacuum, so
/// that its W is the mean of its two contacts. The strain of the metal is in E_m as it is in E_c and
/// cancels. Relaxed, W counts what the free surfaces gain by relaxing; where the contact reacts, its
/// energy falls without end and W is that of the state that the relaxation reached.
///
/// Source: Finnis, J. Phys.: Condens. Matter 8, 5811 (1996), doi 10.1088/0953-8984/8/32/003.
public struct WorkOfAdhesion: Sendable {
  public let rigid: Double
  /// nil where it was not asked for.
  public let relaxed: Double?
  /// Whether all three relaxations converged; true where none was asked for.
  public let converged: Bool
  /// The contact after relaxation.
  public let relaxedContact: Structure?
  public let contacts: Int
  public let area: Double

  /// 1 eV/Å² in J/m².
  public static let joulesPerSquareMetre = 16.02176634

  /// - Parameters:
  ///   - contact: with `regions`, a and b in the plane, c along its normal.
  ///   - contacts: 1 with a vacuum, 2 without.
  ///   - relaxation: how to relax, the cell fixed; nil: rigid only.
  ///   - shouldStop: asked between the evaluations.
  /// - Throws: `WorkflowsError.badContact` where a slab is missing, the vacuum is shorter than the
  ///   range of the potential or c is oblique; `.interrupted`; what the calculator and `Relaxation`
  ///   throw.
  public init(
    of contact: Structure, contacts: Int, calculator: any Calculator,
    relaxation: Relaxation? = nil, progress: (RelaxationProgress) throws -> Void = { _ in },
    shouldStop: () -> Bool = { false }
  ) throws {
    precondition(contacts == 1 || contacts == 2, "one contact or two")
    let slabs = try Region.allCases.map {
      try Self.slab($0, of: contact, contacts: contacts, range: calculator.range ?? 0)
    }
    let area = contact.lattice.a.cross(contact.lattice.b).length
    self.contacts = contacts
    self.area = area
    func work(_ energies: [Double]) -> Double {
      (energies[1] + energies[2] - energies[0]) / (Double(contacts) * area)
    }
    let all = [contact] + slabs
    rigid = work(
      try all.map {
        if shouldStop() { throw WorkflowsError.interrupted("the work of adhesion") }
        return try calculator.evaluate($0).energy
      })
    guard let relaxation else {
      (relaxed, converged, relaxedContact) = (nil, true, nil)
      return
    }
    let results = try all.map { structure in
      let result = try relaxation.relax(
        structure, with: calculator, progress: progress, shouldStop: shouldStop)
      guard !result.stopped else { throw WorkflowsError.interrupted("the work of adhesion") }
      return result
    }
    relaxed = work(results.map(\.energy))
    converged = results.allSatisfy(\.converged)
    relaxedContact = results[0].structure
  }

  /// One side alone, under the contact's strain, with a vacuum that the potential does not reach
  /// across.
  private static func slab(
    _ region: Region, of contact: Structure, contacts: Int, range: Double
  ) throws -> Structure {
    let lattice = contact.lattice
    let normal = lattice.a.cross(lattice.b).normalized
    guard (lattice.c - lattice.c.dot(normal) * normal).length < 1e-6 * lattice.c.length else {
      throw WorkflowsError.badContact(
        "c is not along the normal of a and b, as it is in a contact of `interphase interface`")
    }
    let members = (contact.regions ?? []).indices.filter { contact.regions?[$0] == region }
    guard !members.isEmpty else {
      throw WorkflowsError.badContact(
        "no atom is of the \(region.rawValue); a contact's atoms have regions, as `interphase "
          + "interface` writes them")
    }
    func extent(_ structure: Structure) -> ClosedRange<Double> {
      let heights = structure.positions.map { $0.dot(normal) }
      return (heights.min() ?? 0)...(heights.max() ?? 0)
    }
    let height = abs(lattice.c.dot(normal))
    if contacts == 1 {
      let all = extent(contact)
      let vacuum = height - (all.upperBound - all.lowerBound)
      guard vacuum >= range else {
        throw WorkflowsError.badContact(
          "the vacuum of \(rounded(vacuum, 2)) Å is shorter than the range of the potential, "
            + "\(rounded(range, 2)) Å, so that both slabs touch across it; give a larger --vacuum")
      }
    }
    var slab = contact.selecting(members)
    slab.velocities = nil
    let own = extent(slab)
    // In a double contact the other side's place is the vacuum; where that is narrow, more.
    let needed = own.upperBound - own.lowerBound + max(range + 1, 13)
    if needed > height { slab.lattice = Lattice(lattice.a, lattice.b, needed * normal) }
    return slab
  }
}
