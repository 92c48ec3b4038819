import Atomistics

/// Why an entry has no place in a basis.
public enum Exclusion: Hashable, Sendable, CustomStringConvertible {
  /// It holds elements that the system does not have.
  case otherElements([Element])
  /// No combination of the components has its composition.
  case outsideSpan
  /// Its composition needs less than nothing of some components.
  case negativeAmount([String])
  /// It is the open species itself: the reservoir.
  case reservoir

  public var description: String {
    switch self {
    case .otherElements(let elements):
      "has elements outside the system: \(elements.map(\.symbol).joined(separator: ", "))"
    case .outsideSpan: "outside the span of the components"
    case .negativeAmount(let names):
      "needs a negative amount of \(names.joined(separator: ", "))"
    case .reservoir: "is the open species itself"
    }
  }
}

/// The components that compositions are measured in: elements, and compounds kept whole.
///
/// A composition c (atoms of each element) has the amounts x with c = Σ x_k v_k, where v_k are the
/// vertices. A compound as a vertex is the paper's pseudo-phase diagram: what would break it up
/// lies outside the span or needs a negative amount, and is excluded with that reason.
///
/// | symbol | name | unit |
/// |---|---|---|
/// | v_k | `components` | atoms per formula unit |
/// | x_k | `amounts(of:)` | formula units of the component |
///
/// Source: Fang & Jena, PRX Energy 2, 043013 (2023), doi 10.1103/PRXEnergy.2.043013, Fig. 1.
public struct ComponentBasis: Sendable {
  /// A vertex: its formula as typed and its composition.
  public struct Component: Hashable, Sendable {
    public let formula: String
    public let composition: Composition

    public init(formula: String, composition: Composition) {
      self.formula = formula
      self.composition = composition
    }

    public init(_ element: Element) {
      self.init(formula: element.symbol, composition: Composition([(element, 1)]))
    }
  }

  public let components: [Component]
  /// The elements of the system, in the order that the components name them.
  public let elements: [Element]
  /// The vertices as vectors over `elements`.
  private let vertices: Combination

  /// A basis of any vertices.
  ///
  /// - Throws: `ThermodynamicsError.badBasis` if they depend linearly on one another.
  public init(components: [Component]) throws {
    guard !components.isEmpty else {
      throw ThermodynamicsError.badBasis("a basis needs at least one component")
    }
    self.components = components
    var elements: [Element] = []
    for component in components {
      for element in component.composition.elements where !elements.contains(element) {
        elements.append(element)
      }
    }
    self.elements = elements
    guard
      let vertices = Combination(
        components.map { v in elements.map { v.composition[$0] } }, least: 1e-6)
    else {
      throw ThermodynamicsError.badBasis(
        "the components \(components.map(\.formula).joined(separator: ", ")) are linearly "
          + "dependent: one can be made of the others; leave one out")
    }
    self.vertices = vertices
  }

  /// Elements as vertices.
  public init(elements: [Element]) throws {
    try self.init(components: elements.map(Component.init))
  }

  /// The basis of an electrolyte: the working ion, the intact compounds, and those elements that
  /// these do not use up.
  ///
  /// As much of each intact compound as fits is taken out of the target, in the order given. An
  /// element of which nothing is left over is supplied by the compounds alone and is no vertex.
  ///
  /// - Throws: `ThermodynamicsError.badBasis` for a compound that does not fit.
  public init(target: Composition, workingIon: Element, intact: [String] = []) throws {
    var left: [Element: Double] = [:]
    for element in target.elements { left[element] = target[element] }
    var compounds: [Component] = []
    for formula in intact {
      let compound = try Composition(checking: formula)
      let amount = compound.elements.map { (left[$0] ?? 0) / compound[$0] }.min() ?? 0
      guard amount > 1e-9 else {
        throw ThermodynamicsError.badBasis(
          "\(formula) cannot be kept intact in \(target.formula): what is left for it has not all "
            + "of its elements (\(compound.elements.map(\.symbol).joined(separator: ", ")))")
      }
      for element in compound.elements { left[element]! -= amount * compound[element] }
      compounds.append(Component(formula: formula, composition: compound))
    }
    let single = [workingIon] + target.elements.filter { $0 != workingIon && left[$0]! > 1e-9 }
    try self.init(components: single.map(Component.init) + compounds)
  }

  /// The basis of a system of elements: an intact compound takes the place of all its elements but
  /// the working ion.
  ///
  /// - Throws: `ThermodynamicsError.badBasis` for a compound outside the system.
  public init(system: [Element], workingIon: Element, intact: [String]) throws {
    var supplied: Set<Element> = []
    let compounds = try intact.map { formula in
      let compound = try Composition(checking: formula)
      if let other = compound.elements.first(where: { !system.contains($0) }) {
        throw ThermodynamicsError.badBasis(
          "\(formula) cannot be a vertex: \(other) is not in the system "
            + system.map(\.symbol).joined(separator: "-"))
      }
      supplied.formUnion(compound.elements.filter { $0 != workingIon })
      return Component(formula: formula, composition: compound)
    }
    try self.init(
      components: system.filter { !supplied.contains($0) }.map(Component.init) + compounds)
  }

  /// The names of the vertices.
  public var names: [String] { components.map(\.formula) }

  /// Which component is this element, if it is a vertex.
  public func index(of element: Element) -> Int? {
    components.firstIndex { $0.composition.onlyElement == element }
  }

  /// What a composition is in this basis.
  public enum Projection: Sendable {
    /// Formula units of each component, none negative.
    case amounts([Double])
    case excluded(Exclusion)
  }

  /// The amounts of the components in a composition, or why there are none.
  public func amounts(of composition: Composition) -> Projection {
    let others = composition.elements.filter { !elements.contains($0) }
    guard others.isEmpty else { return .excluded(.otherElements(others)) }
    let total = composition.atomCount
    let target = elements.map { composition[$0] }
    guard var x = vertices.amounts(of: target, tolerance: 1e-9 * total) else {
      return .excluded(.outsideSpan)
    }
    let negative = x.indices.filter { x[$0] < -1e-9 * total }
    guard negative.isEmpty else {
      return .excluded(.negativeAmount(negative.map { components[$0].formula }))
    }
    for k in x.indices where x[k] < 1e-9 * total { x[k] = 0 }
    return .amounts(x)
  }
}
