import Atomistics

/// What can be wrong with a table of entries, a basis or a reaction as given.
public enum ThermodynamicsError: ReportableError {
  /// A table that cannot be read; `line` counts from 1.
  case badTable(name: String, line: Int?, reason: String)
  /// Energies that may not be compared; `groups` tells what was found, how often and where.
  case mixture(name: String, of: String, groups: [String], advice: String)
  /// A basis that is linearly dependent or does not fit the system.
  case badBasis(String)
  /// No energy of a formula is known.
  case noEnergy(formula: String, table: String)
  /// A component has no entry of its own; `entry` holds it, `line` is where that stands.
  case noReference(component: String, entry: String?, line: Int?)
  /// An energy or an amount that no phase has.
  case outOfScale(String)
  /// A reaction that cannot be read.
  case badReaction(String, reason: String)
  /// A reaction whose sides differ in an element.
  case unbalanced(reaction: String, element: Element, left: Double, right: Double)
  /// No combination of the entries makes up a composition.
  case notSpanned(formula: String, components: [String])
  /// A phase that cannot be mixed with the other.
  case badReactant(formula: String, reason: String)
  /// A list of phases that gives no reaction, or more than one.
  case notBalanced(phases: String, reason: String)
  /// No entry has the composition asked for.
  case noPhase(formula: String, components: [String])
  /// A phase above the hull where a stable one is needed.
  case notStable(formula: String, hullDistance: Double)
  /// The search for the lowest energy ended without one.
  case notConverged(String)

  public var kind: FailureKind { .badData }

  public var description: String {
    switch self {
    case .badTable(let name, let line, let reason):
      "\(name)\(line.map { ", line \($0)" } ?? ""): \(reason)"
    case .mixture(let name, let what, let groups, let advice):
      "\(name): the entries mix \(what), whose energies cannot be compared: "
        + "\(groups.joined(separator: "; ")); \(advice)"
    case .badBasis(let reason): reason
    case .outOfScale(let what):
      "\(what) is out of scale; energies are finite numbers in eV per atom, formulas hold fewer "
        + "than 1e9 atoms"
    case .noEnergy(let formula, let table):
      "\(table) holds no energy of \(formula); add an entry of that composition"
    case .noReference(let component, let entry, let line):
      "no entry is pure \(component)"
        + (entry.map { name in
          ", which \(name)\(line.map { " (line or place \($0) of its file)" } ?? "") holds"
        } ?? "") + "; add one of \(component) on the same scale: its energy is the reference"
    case .badReaction(let text, let reason):
      "cannot read the reaction '\(text)': \(reason); "
        + "write it like \"Li6PS5Cl + 8 Li -> Li3P + 5 Li2S + LiCl\""
    case .unbalanced(let reaction, let element, let left, let right):
      "the reaction '\(reaction)' is not balanced: \(rounded(left)) \(element) on the left, "
        + "\(rounded(right)) \(element) on the right; change the coefficients"
    case .notSpanned(let formula, let components):
      "no combination of the entries makes up \(formula) in the components "
        + "\(components.joined(separator: ", ")); add entries, such as one for each component"
    case .badReactant(let formula, let reason): "\(formula) cannot be mixed: \(reason)"
    case .notBalanced(let phases, let reason):
      "the phases '\(phases)' give no reaction: \(reason)"
    case .noPhase(let formula, let components):
      "no entry of \(formula) stands in the diagram of \(components.joined(separator: ", ")); "
        + "add one, or choose another system"
    case .notStable(let formula, let distance):
      "\(formula) lies \(rounded(distance * 1000)) meV/atom above the hull, so it is stable at no "
        + "chemical potentials; choose a phase on the hull"
    case .notConverged(let what):
      "the lowest energy of \(what) was not found: the linear program did not end; "
        + "check the table for energies that are far out of scale"
    }
  }
}

/// The energy, if it is one that a phase can have.
func checked(energyPerAtom value: Double, of formula: String) throws -> Double {
  guard value.isFinite, abs(value) < 1e6 else {
    throw ThermodynamicsError.outOfScale("the energy \(value) of \(formula)")
  }
  return value
}

extension Composition {
  /// A composition from its formula whose amounts can be reckoned with.
  init(checking formula: String) throws {
    try self.init(formula: formula)
    guard atomCount < 1e9 else { throw ThermodynamicsError.outOfScale("the formula \(formula)") }
  }
}

/// A number for a message, without a long tail of digits.
func rounded(_ value: Double) -> String {
  let short = (value * 1e6).rounded() / 1e6
  return short == short.rounded() && abs(short) < 1e15 ? String(Int(short)) : String(short)
}
