import Atomistics
import Dynamics
import Interfaces
import Potentials

/// The stress that a contact's strain puts on either side, from the elastic constants of the
/// calculator that will run the dynamics.
///
///     σ = K e,   K = C_pp − C_po C_oo⁻¹ C_op
///
/// | symbol | name | unit |
/// |---|---|---|
/// | C | elastic constants of the relaxed crystal, atoms relaxed, turned into the slab's frame | eV/Å³ |
/// | p, o | in the plane (xx, yy, xy); out of it (zz, yz, xz) | |
/// | e | Green-Lagrange strain of the side, xx, yy, 2 xy | - |
/// | σ | stress in the plane, its normal free: σ_zz = σ_yz = σ_xz = 0 | eV/Å³ |
///
/// The normal is free because a slab in a contact is: nothing holds its thickness. Linear in the
/// strain; `Documentation/Decisions/0011-strain-and-stress.md` says how far that carries.
public struct ContactStress: Sendable {
  /// The paper's limit, eV/Å³.
  public static let paperLimit = 0.1 / Units.gigapascal

  public let metal: ElasticStiffness
  /// nil where it was not asked for: a side that bears no strain needs none.
  public let electrolyte: ElasticStiffness?

  public init(metal: ElasticStiffness, electrolyte: ElasticStiffness? = nil) {
    self.metal = metal
    self.electrolyte = electrolyte
  }

  /// Finds the constants of both crystals.
  ///
  /// - Parameter electrolyte: nil where it bears no strain.
  /// - Throws: what `FiniteStrain`, `Relaxation` and the calculator throw.
  public init(
    metal: Structure, electrolyte: Structure? = nil, calculator: any Calculator
  ) throws {
    self.metal = try Self.stiffness(of: metal, calculator)
    self.electrolyte = try electrolyte.map { try Self.stiffness(of: $0, calculator) }
  }

  /// The largest component of a crystal's own stress, eV/Å³: more than a little, and the slab starts
  /// under it.
  public static func residue(of crystal: Structure, calculator: any Calculator) throws -> Double {
    let stress = try calculator.evaluate(crystal).voigtStress
    return stress.map { abs($0) }.max() ?? 0
  }

  /// The constants in the axes of the crystal; one that is not at rest is relaxed for it, which keeps
  /// its axes.
  public static func stiffness(
    of crystal: Structure, _ calculator: any Calculator
  ) throws -> ElasticStiffness {
    var relaxation = Relaxation(cell: .flexible)
    relaxation.minimizer = LBFGS()
    relaxation.largestForce = 1e-4
    relaxation.largestStress = 1e-3 / Units.gigapascal
    let relaxed = try relaxation.relax(crystal, with: calculator).structure
    return ElasticStiffness(try FiniteStrain().constants(of: relaxed, with: calculator).stiffness)
  }

  /// Whether the constants are those of stable crystals; others give no stress.
  public var isStable: Bool { metal.isStable && electrolyte?.isStable ?? true }

  /// The larger principal stress in the metal's plane, eV/Å³.
  public func metal(_ candidate: ContactCandidate) -> Double {
    Self.largest(candidate.shared.metal, metal, candidate.metal)
  }

  /// The same in the electrolyte; nil where its constants are not known and it is strained.
  public func electrolyte(_ candidate: ContactCandidate) -> Double? {
    let strain = candidate.shared.electrolyte
    // Rounding of the lattice is no strain.
    guard strain.vonMises > 1e-12 else { return 0 }
    return electrolyte.map { Self.largest(strain, $0, candidate.electrolyte) }
  }

  /// The larger of both sides.
  public func largest(_ candidate: ContactCandidate) -> Double {
    max(metal(candidate), electrolyte(candidate) ?? 0)
  }

  /// The candidate under the least stress; crystals are anisotropic, so that it is not always the one
  /// of least strain. Of equal ones the first.
  func least(_ candidates: [ContactCandidate]) -> ContactCandidate {
    let stresses = candidates.map(largest)
    // Stresses that differ by less than 20 Pa, the rounding of a sum, are equal.
    let least = (stresses.filter(\.isFinite).min() ?? 0) + 1e-10
    return zip(candidates, stresses).first { $0.1 <= least * (1 + 1e-6) }?.0 ?? candidates[0]
  }

  /// The same among the contacts of one kind of termination (by the electrolyte's outermost group).
  /// Kinds follow each other by the stress of their best contact; the first is that of `least`.
  ///
  /// - Parameter number: of the kind, from 1.
  /// - Throws: `WorkflowsError.badContact` where there are fewer kinds.
  func least(_ candidates: [ContactCandidate], ofKind number: Int) throws -> ContactCandidate {
    var (left, kinds) = (candidates, [String]())
    while true {
      let best = least(left)
      kinds.append(best.termination.kind.groups[0])
      if kinds.count == number { return best }
      left.removeAll { $0.termination.kind.groups[0] == kinds.last }
      guard !left.isEmpty else {
        throw WorkflowsError.badContact(
          "'termination' asks for kind \(number), but the contacts within the limits have "
            + "\(kinds.count): \(kinds.joined(separator: "; "))")
      }
    }
  }

  private static func largest(
    _ strain: SurfaceStrain, _ stiffness: ElasticStiffness, _ cell: OrientedCell
  ) -> Double {
    stiffness.rotated(by: cell.rotation).stress(strain).largest
  }
}
