import Atomistics

/// The outermost groups of a termination and how they face what lies opposite.
///
/// Heights are along the outward normal, from the outermost atom down. The rules:
///
/// - A cluster counts if its outermost atom lies within 1.0 Å of the outermost atom of all, a single
///   atom if it also lies within 0.6 Å of the outermost single atom.
/// - A cluster of a centre and n ligands shows the k ligands that lie within 0.6 bond lengths of its
///   outermost ligand: a tetrahedron shows one by a corner, two by an edge, three by a face. If the
///   centre lies more than 0.25 bond lengths further out than every ligand, it faces by its centre;
///   if all ligands are shown and the centre lies among them, it is flat.
/// - A dumbbell (CN) is flat within 30° of the plane, else it faces by the atom that lies further out.
/// - A cluster that the cut goes through is named by what is left of it.
/// - Single atoms together are a plane of their elements, the most electropositive first.
public struct TerminationKind: Sendable, Hashable {
  /// "BH4 with two H", "CN by N", "Li-S plane": the outermost first, each once.
  public let groups: [String]
  /// The composition of the outermost plane of atoms (heights linked by steps of at most 0.25 Å), as
  /// pymatgen labels a termination: its formula reduced, hydrogen alone as H2.
  public let planeLabel: String
  /// Which of the paper's labels this termination answers to, if any; see `paperLabel(of:in:)`.
  public let paperLabel: String?

  /// "B" for a whole BH4 that turns a face of three H outwards: of all poses of a whole BH4 the one
  /// that brings boron nearest to the other side, and so the counterpart of the paper's B.
  public var paperCounterpart: String? {
    paperLabel != "B" && groups.first == "BH4 with three H" ? "B" : nil
  }

  /// "BH4 with two H + Li-S plane": for tables, and to tell kinds apart.
  public var name: String { groups.joined(separator: " + ") }

  /// One sentence for reports.
  public var sentence: String {
    let rest = groups.dropFirst()
    let then = rest.isEmpty ? "" : ", and within 1.0 Å of it " + rest.joined(separator: " and ")
    var paper = paperLabel.map { " It answers to the paper's label \($0)." } ?? ""
    if let counterpart = paperCounterpart {
      paper += " Of whole BH4 none brings boron nearer, as the paper's \(counterpart) does."
    }
    return "The outermost group is \(groups[0])\(then); the outermost plane of atoms is "
      + "\(planeLabel).\(paper)"
  }

  /// How far below the outermost atom (Å) a group still counts.
  public static let reach = 1.0
  /// How far below the outermost single atom (Å) another belongs to its plane.
  public static let planeReach = 0.6

  init(_ termination: Termination) {
    let groups = SurfaceGroup.all(of: termination)
    let top = groups.flatMap(\.heights).max() ?? 0
    let near = groups.filter { top - $0.top <= Self.reach }
    var entries = near.filter { !$0.isSingle }.map { (depth: top - $0.top, name: $0.name) }
    let singles = near.filter(\.isSingle)
    if let highest = singles.map(\.top).max() {
      let elements = Set(
        singles.filter { highest - $0.top <= Self.planeReach }.flatMap(\.elements))
      let names = elements.sorted(by: Self.isMorePositive).map(\.symbol)
      entries.append((top - highest, names.joined(separator: "-") + " plane"))
    }
    self.groups = Self.inOrder(entries)
    let plane = SurfaceGroup.outermostPlane(of: termination)
    planeLabel = Self.label(plane)
    paperLabel = Self.paperLabel(
      of: Set(plane.keys), in: Set(termination.cell.crystal.primitive.species))
  }

  /// The paper's Fig. 2(a) labels its contacts of Li6PS5(BH4) H2, B and LiS. These are pymatgen's
  /// labels: the formula of the outermost plane of atoms, hydrogen alone written H2 however many H
  /// show. So H2 is any plane of H only; LiS a plane of Li and S only; B a plane of B only, which a
  /// whole BH4 never shows: its hydrogen lies further out, and the B plane is that of cut clusters.
  private static func paperLabel(of plane: Set<Element>, in crystal: Set<Element>) -> String? {
    let (elements, all) = (Set(plane.map(\.symbol)), Set(crystal.map(\.symbol)))
    if elements == ["Li", "S"] { return "LiS" }
    guard all.isSuperset(of: ["B", "H"]) else { return nil }
    if elements == ["H"] { return "H2" }
    return elements == ["B"] ? "B" : nil
  }

  /// The outermost first; of those at one height (within 0.05 Å) in alphabetical order; each once.
  private static func inOrder(_ entries: [(depth: Double, name: String)]) -> [String] {
    var runs: [[(depth: Double, name: String)]] = []
    for entry in entries.sorted(by: { ($0.depth, $0.name) < ($1.depth, $1.name) }) {
      if let last = runs.last?.last, entry.depth - last.depth < 0.05 {
        runs[runs.count - 1].append(entry)
      } else {
        runs.append([entry])
      }
    }
    var names: [String] = []
    for name in runs.flatMap({ $0.map(\.name).sorted() }) where !names.contains(name) {
      names.append(name)
    }
    return names
  }

  /// As pymatgen writes a formula: by electronegativity, amounts divided by their common divisor,
  /// gases of two atoms with their 2.
  private static func label(_ plane: [Element: Int]) -> String {
    let divisor = plane.values.reduce(0, greatestCommonDivisor)
    let elements = plane.keys.sorted(by: isMorePositive)
    if elements.count == 1, ["H", "N", "O", "F", "Cl"].contains(elements[0].symbol) {
      return elements[0].symbol + "2"
    }
    return elements.map { element in
      let amount = plane[element, default: 0] / max(1, divisor)
      return element.symbol + (amount == 1 ? "" : "\(amount)")
    }.joined()
  }

  private static func isMorePositive(_ a: Element, _ b: Element) -> Bool {
    (a.electronegativity ?? 9, a) < (b.electronegativity ?? 9, b)
  }
}

extension Termination {
  /// What ends the surface; worked out when asked for.
  public var kind: TerminationKind { TerminationKind(self) }

  /// Dipole, excess charge and broken bonds; worked out when asked for.
  public var character: SurfaceCharacter { SurfaceCharacter(self) }
}
