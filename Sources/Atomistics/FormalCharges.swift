/// Oxidation states of a crystal's atoms, in e: what a surface's dipole and excess charge are counted
/// with.
///
/// Charges that the structure itself carries (`Structure.formalCharges`) are taken if they add up to 0.
/// Else the rules, in this order:
///
/// 1. A person's own values, by element, stand wherever the element is.
/// 2. A crystal of one element, or of metals only: all 0.
/// 3. Atoms of a cluster with charge Q and n ligands: the more electronegative of centre and ligand
///    has its charge as an anion (`anionic`), the other what is left: PS4 (Q −3) is P +5, S −2; BH4 is
///    B +3, H −1; CN is C +2, N −3; NH4 (Q +1) is N −3, H +1.
/// 4. Other atoms: `cationic` for metals, `anionic` for the others; H is −1, or +1 where the crystal
///    has nothing less electronegative outside clusters.
/// 5. If the sum is not 0, the least electronegative of the elements outside clusters whose state is
///    not `fixed` (those of the alkali and alkaline earth metals, Al, Zn, halogens and O are), or the
///    one without a usual state, shares what is missing among its atoms: S in Li2S2 is −1, Si in SiC
///    +4, Fe in Fe2O3 +3, C in LiC12 −1/12.
///
/// The charges of a crystal must then add up to 0.
public struct FormalCharges: Hashable, Sendable {
  /// Of each atom, e.
  public let values: [Double]
  /// The element that rule 5 gave its charge, if any.
  public let balancedBy: Element?

  /// - Parameter given: charges by element that overrule the others.
  /// - Throws: `AtomisticsError.badCharges` where they do not add up to 0.
  public init(
    of crystal: Structure, clusters: [Cluster] = Cluster.known, given: [Element: Double] = [:]
  ) throws(AtomisticsError) {
    for element in given.keys.sorted() where !crystal.species.contains(element) {
      throw AtomisticsError.badCharges(
        "a charge of \(element) is given, but \(crystal.composition.reduced.formula) has none")
    }
    if given.isEmpty, let told = crystal.formalCharges, abs(told.reduce(0, +)) < 1e-6 {
      (values, balancedBy) = (told, nil)
      return
    }
    let assignment = ChargeAssignment(crystal, clusters: clusters, given: given)
    var charges = assignment.charges
    var balancing: Element?
    let unknown = assignment.withoutState
    guard unknown.count <= 1 else {
      throw Self.failure(
        crystal,
        "no usual oxidation state of "
          + unknown.map(\.symbol).joined(separator: " and ") + " is known")
    }
    let missing = -charges.reduce(0) { $0 + ($1 ?? 0) }
    if !unknown.isEmpty || abs(missing) > 1e-6 * Double(max(1, crystal.count)) {
      let open = unknown.isEmpty ? assignment.adjustable : unknown
      guard let element = open.first else {
        throw Self.failure(
          crystal,
          "the usual oxidation states (\(assignment.summary)) add up to "
            + "\(Self.text(-missing)) per cell")
      }
      let atoms = assignment.free.filter { crystal.species[$0] == element }
      let known = charges.enumerated().reduce(0) { sum, atom in
        atoms.contains(atom.offset) ? sum : sum + (atom.element ?? 0)
      }
      let each = -known / Double(atoms.count)
      guard abs(each) <= 8 else {
        throw Self.failure(crystal, "\(element) would have to be \(Self.text(each))")
      }
      for atom in atoms { charges[atom] = each }
      balancing = element
    }
    values = charges.map { $0 ?? 0 }
    balancedBy = balancing
  }

  /// Reads `Li=1,S=-2`.
  ///
  /// - Throws: `AtomisticsError.badCharges`.
  public static func reading(_ text: String) throws -> [Element: Double] {
    var given: [Element: Double] = [:]
    for part in text.split(separator: ",") {
      let sides = part.split(separator: "=").map { $0.filter { !$0.isWhitespace } }
      guard sides.count == 2, let element = Element(sides[0]),
        let charge = Double(sides[1]), abs(charge) <= 8
      else {
        throw AtomisticsError.badCharges(
          "cannot read the charge '\(part)'; expected elements with charges in e, such as "
            + "'Li=1,S=-2'")
      }
      guard given.updateValue(charge, forKey: element) == nil else {
        throw AtomisticsError.badCharges("\(element) has two charges in '\(text)'; give one")
      }
    }
    guard !given.isEmpty else {
      throw AtomisticsError.badCharges(
        "'\(text)' gives no charge; expected for instance 'Li=1,S=-2'")
    }
    return given
  }

  /// Of an element outside clusters, e: that of a metal's cation, of another element's anion; nil
  /// where no state is usual.
  static func usual(_ element: Element) -> Double? { ChargeAssignment.usual(element) }

  private static func failure(_ crystal: Structure, _ reason: String) -> AtomisticsError {
    .badCharges(
      "no formal charges of \(crystal.composition.reduced.formula): \(reason); give them, for "
        + "instance --charges 'Li=1,S=-2' (e, by element)")
  }

  private static func text(_ x: Double) -> String { "\((x * 1000).rounded() / 1000)" }
}

/// What the rules give before the sum is looked at.
private struct ChargeAssignment {
  private(set) var charges: [Double?]
  /// The atoms outside clusters without a given charge.
  private(set) var free: [Int] = []
  private let crystal: Structure

  init(_ crystal: Structure, clusters: [Cluster], given: [Element: Double]) {
    self.crystal = crystal
    charges = crystal.species.map { given[$0] }
    let isElement = Set(crystal.species).count == 1
    guard !isElement, !crystal.species.allSatisfy(\.isMetal) else {
      charges = charges.map { $0 ?? 0 }
      return
    }
    var bound: [Int: Double] = [:]
    for cluster in clusters {
      let (center, ligand) = Self.states(cluster)
      for bond in cluster.bonds(in: crystal) {
        bound[bond.center] = center
        bound[bond.ligand] = ligand
      }
    }
    let outside = Set((0..<crystal.count).filter { bound[$0] == nil }.map { crystal.species[$0] })
    let weakest = outside.compactMap(\.electronegativity).min() ?? 0
    for atom in 0..<crystal.count where charges[atom] == nil {
      let element = crystal.species[atom]
      if let charge = bound[atom] {
        charges[atom] = charge
      } else {
        free.append(atom)
        let isHydrideOrMore = element.symbol != "H" || weakest < 2.2
        charges[atom] = isHydrideOrMore ? Self.usual(element) : 1
      }
    }
  }

  /// Elements outside clusters that no rule knows.
  var withoutState: [Element] {
    Set(free.filter { charges[$0] == nil }.map { crystal.species[$0] }).sorted()
  }

  /// Elements outside clusters whose state may be another than usual, the least electronegative
  /// first.
  var adjustable: [Element] {
    Set(free.map { crystal.species[$0] }).filter { !Self.fixed.contains($0.symbol) }
      .sorted { ($0.electronegativity ?? 9, $0) < ($1.electronegativity ?? 9, $1) }
  }

  /// "Li +1, S -2".
  var summary: String {
    let pairs = Set(zip(crystal.species, charges).map { "\($0) \(Self.text($1))" })
    return pairs.sorted().joined(separator: ", ")
  }

  private static func text(_ charge: Double?) -> String {
    guard let charge else { return "?" }
    let whole = charge == charge.rounded() ? "\(Int(charge))" : "\(charge)"
    return charge > 0 ? "+\(whole)" : whole
  }

  /// Of a cluster's centre and of each of its ligands.
  private static func states(_ cluster: Cluster) -> (center: Double, ligand: Double) {
    let n = Double(cluster.ligandCount)
    let q = Double(cluster.charge)
    let isLigandAnion =
      (cluster.ligand.electronegativity ?? 0) >= (cluster.center.electronegativity ?? 0)
    if isLigandAnion {
      let ligand = anionic[cluster.ligand.symbol] ?? 0
      return (q - n * ligand, ligand)
    }
    let center = anionic[cluster.center.symbol] ?? 0
    return (center, (q - center) / n)
  }

  static func usual(_ element: Element) -> Double? {
    cationic[element.symbol] ?? anionic[element.symbol]
  }

  private static let anionic: [String: Double] = [
    "H": -1, "F": -1, "Cl": -1, "Br": -1, "I": -1, "O": -2, "S": -2, "Se": -2, "Te": -2,
    "N": -3, "P": -3, "As": -3, "Sb": -3, "C": -4, "Si": -4, "Ge": -4, "B": 3,
  ]

  private static let cationic: [String: Double] = [
    "Li": 1, "Na": 1, "K": 1, "Rb": 1, "Cs": 1, "Ag": 1,
    "Be": 2, "Mg": 2, "Ca": 2, "Sr": 2, "Ba": 2, "Zn": 2, "Cd": 2,
    "Al": 3, "Ga": 3, "In": 3, "Sc": 3, "Y": 3, "La": 3, "Bi": 3,
    "Ti": 4, "Zr": 4, "Hf": 4, "Sn": 4, "Nb": 5, "Ta": 5,
  ]

  private static let fixed: Set<String> = [
    "Li", "Na", "K", "Rb", "Cs", "Be", "Mg", "Ca", "Sr", "Ba", "Al", "Zn",
    "F", "Cl", "Br", "I", "O",
  ]
}

extension Element {
  /// Whether the element is a metal; Si, Ge, As, Sb, Te and B are not counted as metals.
  public var isMetal: Bool { !Self.nonmetals.contains(symbol) }

  private static let nonmetals: Set<String> = [
    "H", "He", "B", "C", "N", "O", "F", "Ne", "Si", "P", "S", "Cl", "Ar", "Ge", "As", "Se", "Br",
    "Kr", "Sb", "Te", "I", "Xe", "At", "Rn",
  ]
}
