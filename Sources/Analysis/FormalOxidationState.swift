import Atomistics

/// The formal oxidation state of a main-group centre, counted from its bonds by the octet rule:
///
///     state = z − (8 − 2 n_X − n_A) = z − 8 + 2 n_X + n_A ,   at most z
///
/// | symbol | what | unit |
/// |---|---|---|
/// | z | valence electrons of the neutral centre, its group's number | |
/// | n_X | bonds to more electronegative ligands, which take both electrons of the bond | |
/// | n_A | bonds to the centre's own kind, which share them | |
///
/// A centre with an octet owns eight electrons, less the two of each bond to a ligand and one of each
/// bond to its own kind; bonds to anything less electronegative, such as lithium, leave it both. For P
/// that is 2 n_S + n_P − 3: PS4 +5, P2S7 +5, P2S6 +4, PS3 +3, Li3P −3. More bonds than an octet has
/// room for give z, as in PF6 (+5).
///
/// It holds for boron and the groups 14 to 17 where they obey the octet rule and the bonds to ligands
/// are single or dative (P–S, P–O, B–H, B–F, Si–O). It does not hold for multiple bonds that stay
/// multiple on both sides (C≡N, CO2), for BF3, and for metals. A centre without bonds counts as the
/// anion, z − 8 (phosphide, −3): that there is anything to take the electrons from, the bonds do not
/// say.
///
/// This is a count of bonds at one instant, no charge: it moves in whole steps, and says nothing of
/// where electrons are.
///
/// Sources: Pauling's electronegativities as in `Element.electronegativity`; the rule is that of IUPAC's
/// recommendations, Karen, McArdle and Takats, Pure Appl. Chem. 88, 831 (2016),
/// doi 10.1515/pac-2015-1204.
public struct FormalOxidationState: Sendable, Hashable {
  /// Electronegativities nearer to one another do not say who takes the electrons (P 2.19, H 2.20).
  static let leastDifference = 0.1
  /// Where no cluster has a cut-off, a bond reaches this many sums of covalent radii.
  static let reach = 1.3

  public let center: Element
  /// More electronegative, by atomic number.
  public let ligands: [Element]
  /// Within which distance an atom of the element is bonded to the centre, in Å; the centre's own too.
  public let cutoffs: [Element: Double]
  private let valenceElectrons: Int

  /// The count for a centre in a structure.
  ///
  /// - Parameters:
  ///   - ligands: the elements that take the electrons; nil for all nonmetals of the structure whose
  ///     electronegativity is above the centre's by 0.1 or more.
  ///   - cutoffs: bond lengths in Å by ligand or own kind; for the others the outer cut-off of a known
  ///     cluster (P–S 2.9 Å), or 1.3 times the sum of the covalent radii (P–P 2.78 Å).
  /// - Throws: `AnalysisError.badParameter`.
  public init(
    of center: Element, in structure: Structure, ligands: [Element]? = nil,
    cutoffs: [Element: Double] = [:]
  ) throws {
    guard let valence = Self.valenceElectrons[center.symbol] else {
      throw AnalysisError.badParameter(
        name: "the centre", value: center.symbol,
        expected:
          "boron or a nonmetal or metalloid of the groups 14 to 17, for which the octet rule "
          + "counts oxidation states")
    }
    let present = Set(structure.species)
    if let ligands, ligands.contains(center) {
      throw AnalysisError.badParameter(
        name: "the ligands", value: ligands.map(\.symbol).joined(separator: ","),
        expected: "other elements than \(center); bonds to its own kind are counted anyhow")
    }
    let chosen = (ligands.map(Set.init) ?? Set(present.filter { Self.takes($0, from: center) }))
      .intersection(present).sorted()
    var reaches: [Element: Double] = [:]
    for element in chosen + [center] {
      reaches[element] = cutoffs[element] ?? Self.usualCutoff(center, element)
    }
    for (element, cutoff) in cutoffs.sorted(by: { $0.key < $1.key }) {
      guard reaches[element] != nil else {
        throw AnalysisError.badParameter(
          name: "the bond", value: "\(center)-\(element)",
          expected:
            "one of \((chosen + [center]).map { "\(center)-\($0)" }.joined(separator: ", "))")
      }
      guard cutoff > 0, cutoff <= 20 else {
        throw AnalysisError.badParameter(
          name: "the cut-off of \(center)-\(element)", value: "\(cutoff) Å",
          expected: "a length above 0 and up to 20 Å")
      }
    }
    self.center = center
    self.ligands = chosen
    self.cutoffs = reaches
    valenceElectrons = valence
  }

  public var kind: ChargeKind {
    .counted(bonds: (ligands + [center]).map { "\(center)-\($0)" })
  }

  /// The state that so many bonds give.
  public func state(ligandBonds: Int, ownBonds: Int) -> Int {
    min(valenceElectrons, valenceElectrons - 8 + 2 * ligandBonds + ownBonds)
  }

  /// The state of each atom of a structure; not a number for other elements than the centre.
  public func states(in structure: Structure) -> [Double] {
    let atoms = (0..<structure.count).filter { cutoffs[structure.species[$0]] != nil }
    let chosen = structure.selecting(atoms)
    var states = [Double](repeating: .nan, count: structure.count)
    guard let longest = cutoffs.values.max(), !atoms.isEmpty else { return states }
    let list = NeighborList(chosen, cutoff: longest)
    for i in atoms.indices where chosen.species[i] == center {
      var (toLigands, toOwn) = (0, 0)
      for pair in list.pairs(of: i) {
        let partner = chosen.species[Int(list.neighbors[pair])]
        guard let cutoff = cutoffs[partner], list.vector(pair, from: i, in: chosen).length < cutoff
        else { continue }
        if partner == center { toOwn += 1 } else { toLigands += 1 }
      }
      states[atoms[i]] = Double(state(ligandBonds: toLigands, ownBonds: toOwn))
    }
    return states
  }

  private static func takes(_ ligand: Element, from center: Element) -> Bool {
    guard !ligand.isMetal, let own = center.electronegativity,
      let other = ligand.electronegativity
    else { return false }
    // The least decimals of the table are hundredths.
    return other - own > leastDifference - 1e-6
  }

  private static func usualCutoff(_ center: Element, _ partner: Element) -> Double {
    let cluster = Cluster.known.first { $0.center == center && $0.ligand == partner }
    let radii = (center.covalentRadius ?? 1.5) + (partner.covalentRadius ?? 1.5)
    return cluster?.outerCutoff ?? (1000 * reach * radii).rounded() / 1000
  }

  private static let valenceElectrons: [String: Int] = [
    "B": 3, "C": 4, "Si": 4, "Ge": 4, "N": 5, "P": 5, "As": 5, "Sb": 5,
    "O": 6, "S": 6, "Se": 6, "Te": 6, "F": 7, "Cl": 7, "Br": 7, "I": 7,
  ]
}
