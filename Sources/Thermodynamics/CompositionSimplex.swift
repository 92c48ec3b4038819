import Atomistics

/// Where compositions stand between chosen ones: the corners of a triangle or of a tetrahedron.
///
/// A composition c = Σ_k x_k v_k has the mole fractions
///
///     w_k = x_k / Σ_l x_l
///
/// counted in formula units of the corners as they are typed: Li3PS4 = ½ (3 Li2S + P2S5) stands at
/// 0.75 Li2S + 0.25 P2S5, as on the axis of any pseudo-binary diagram of it. Atomic fractions would
/// draw a corner of many atoms large and crowd all else away from it. With elements as corners the
/// two are the same. In a diagram that is open to a species, that species is no corner and counts
/// for nothing: P and Li3P stand at one place.
///
/// | symbol | name | unit |
/// |---|---|---|
/// | v_k | `vertices` | atoms per formula unit |
/// | w_k | `fractions(of:)` | mole fraction, formula units |
public struct CompositionSimplex: Sendable {
  public let vertices: [ComponentBasis.Component]
  private let diagram: PhaseDiagram
  private let corners: Combination

  /// - Parameter vertices: the corners; where none are given, the diagram's components that are not
  ///   open, which makes it the whole diagram.
  /// - Throws: `ThermodynamicsError.badBasis` for corners outside the diagram, or that depend on one
  ///   another.
  public init(
    of diagram: PhaseDiagram, vertices: [ComponentBasis.Component]? = nil
  ) throws {
    let vertices = vertices ?? diagram.closedComponents
    let columns = try vertices.map { vertex in
      guard let amounts = diagram.closedAmounts(of: vertex.composition),
        amounts.contains(where: { $0 > 0 })
      else {
        throw ThermodynamicsError.badBasis(
          "\(vertex.formula) has no place in the diagram of "
            + "\(diagram.closedComponents.map(\.formula).joined(separator: ", ")); name corners that "
            + "these make up")
      }
      return amounts
    }
    guard let corners = Combination(columns) else {
      throw ThermodynamicsError.badBasis(
        "the corners \(vertices.map(\.formula).joined(separator: ", ")) are linearly dependent: one "
          + "can be made of the others; take another one")
    }
    self.vertices = vertices
    self.diagram = diagram
    self.corners = corners
  }

  /// The mole fractions of the corners; nil for a composition that does not lie between them.
  public func fractions(of composition: Composition) -> [Double]? {
    guard let amounts = diagram.closedAmounts(of: composition),
      amounts.contains(where: { $0 > 0 }), var x = corners.amounts(of: amounts)
    else { return nil }
    let total = x.reduce(0, +)
    guard x.allSatisfy({ $0 >= -1e-9 * total }) else { return nil }
    for k in x.indices where x[k] < 1e-9 * total { x[k] = 0 }
    let sum = x.reduce(0, +)
    return x.map { $0 / sum }
  }

  /// The composition that stands at these mole fractions.
  public func composition(at fractions: [Double]) -> Composition {
    precondition(fractions.count == vertices.count, "one fraction for each corner")
    return zip(vertices, fractions).reduce(Composition([])) {
      $0 + $1.0.composition.scaled(by: $1.1)
    }
  }
}

extension PhaseDiagram {
  /// The components whose amounts are given: all but the open one.
  public var closedComponents: [ComponentBasis.Component] {
    basis.components.indices.filter { $0 != openIndex }.map { basis.components[$0] }
  }

  /// Formula units of the components that are not open; nil for what the basis excludes.
  func closedAmounts(of composition: Composition) -> [Double]? {
    guard case .amounts(let all) = basis.amounts(of: composition) else { return nil }
    return all.indices.filter { $0 != openIndex }.map { all[$0] }
  }
}
